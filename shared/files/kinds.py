"""What a file is, told by its content: the name and the type that came with it are only somebody's word."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import PurePath

import filetype

HEAD, TAIL = 8 * 1024, 1024


@dataclass(frozen=True)
class Kind:
    """One kind that may be taken; the first of `extensions` is the one a file gets whose own is another."""

    code: str
    label: str
    mime: str
    extensions: tuple[str, ...]

    def named(self, name: str) -> str:
        """The file's name with an extension that is true."""
        path = PurePath(re.sub(r"[^\w .()-]", "_", PurePath(name.replace("\\", "/")).name)[-120:] or "file")
        if path.suffix.lower().removeprefix(".") in self.extensions:
            return str(path)
        return f"{path.stem}.{self.extensions[0]}"


PDF = Kind("pdf", "PDF", "application/pdf", ("pdf",))
PNG = Kind("png", "PNG", "image/png", ("png",))
JPEG = Kind("jpeg", "JPEG", "image/jpeg", ("jpg", "jpeg"))
_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = Kind("docx", "Word document", f"{_OFFICE}.wordprocessingml.document", ("docx",))
SPREADSHEET = Kind("xlsx", "Excel spreadsheet", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
TEXT = Kind("text", "plain text", "text/plain; charset=utf-8", ("txt", "csv"))
# Only made here, never taken in: as an upload it would be text.
JSON = Kind("json", "JSON", "application/json", ("json",))
KINDS = {kind.code: kind for kind in (PDF, PNG, JPEG, WORD, SPREADSHEET, TEXT, JSON)}
OFFICE = frozenset({WORD, SPREADSHEET})

_BY_MIME = {kind.mime: kind for kind in (PNG, JPEG, WORD, SPREADSHEET)}
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe]")
# What a browser might take for a page or a picture with a programme in it.
_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|meta|\?xml|img)", re.IGNORECASE
)


@dataclass
class Look:
    """Looks at a file while it comes: its beginning, its end, and whether all of it is text without markup."""

    head: bytes = b""
    tail: bytes = b""
    _text: bool = True
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def see(self, data: bytes) -> None:
        if self._text:
            self._text = self._reads(data) and not _MARKUP.search(self.tail[-32:] + data)
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]
        self.tail = (self.tail + data)[-TAIL:]

    def kind(self) -> Kind | None:
        """None for whatever is not on the list: HTML, SVG and programmes among it."""
        if self.head.startswith(b"%PDF-"):
            return PDF if b"%%EOF" in self.tail else None
        guessed = filetype.guess(self.head)
        if guessed is not None:
            return _BY_MIME.get(guessed.mime)
        return TEXT if self._text and self.head and self._whole() else None

    def _reads(self, data: bytes) -> bool:
        try:
            return not _NOT_IN_TEXT.search(self._decoder.decode(data))
        except UnicodeDecodeError:
            return False

    def _whole(self) -> bool:
        """Whether the last character is complete."""
        return not self._decoder.getstate()[0]
