"""What of an Office document runs, or brings what does: such a document is refused, whatever its name says."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

MACROS = "contains macros"
PROGRAM = "contains an embedded file or programme"
REMOTE = "loads a template from elsewhere"
UNREADABLE = "cannot be read"

_MOST_PARTS = 5_000
# Unpacked; a document of 20 MB that grows beyond is made to harm whoever opens it.
_MOST_BYTES = 512 * 1024 * 1024
_DEEPEST = 2
_MACRO_PART = re.compile(r"(^|/)(vba\w*\.(bin|xml)|macrosheets/|activex/)", re.IGNORECASE)
_EMBEDDED = re.compile(r"(^|/)embeddings/", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(docx|xlsx|pptx)$", re.IGNORECASE)
# Windows and Unix programmes, scripts, and the old container in which Office hides packages.
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_TEMPLATE = re.compile(rb"<Relationship\b(?=[^>]*attachedTemplate)(?=[^>]*TargetMode=\"External\")[^>]*>")


def why_not(content: bytes, depth: int = 0) -> str | None:
    """Why an Office document cannot be taken, to follow "The selected file"; None where it can."""
    try:
        with ZipFile(BytesIO(content)) as document:
            return next(_problems(document, depth), None)
    except (BadZipFile, ValueError, OSError, RuntimeError, EOFError, zlib.error):
        return UNREADABLE


def _problems(document: ZipFile, depth: int) -> Iterator[str]:
    parts = document.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        yield UNREADABLE
        return
    for part in parts:
        yield from _problems_of(document, part, depth)


def _problems_of(document: ZipFile, part: ZipInfo, depth: int) -> Iterator[str]:
    name = part.filename.replace("\\", "/")
    if _MACRO_PART.search(name):
        yield MACROS
    with document.open(part) as opened:
        head = opened.read(8)
    if head.startswith(_RUNS):
        yield PROGRAM
    if name.endswith(("[Content_Types].xml", ".rels")):
        text = _whole(document, part)
        if b"macroEnabled" in text or b"vbaProject" in text:
            yield MACROS
        if _TEMPLATE.search(text):
            yield REMOTE
    if _EMBEDDED.search(name) and not name.endswith("/"):
        inner = _DOCUMENT.search(name) and depth < _DEEPEST
        if not inner or why_not(_whole(document, part), depth + 1):
            yield PROGRAM


def _whole(document: ZipFile, part: ZipInfo) -> bytes:
    """What the part says it is, and no byte more: its header may lie about its size."""
    with document.open(part) as opened:
        return opened.read(part.file_size + 1)
