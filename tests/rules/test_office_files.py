"""Which Office documents are refused: those that run something, or bring what does (attachments.md, "Files")."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from shared.files.office import MACROS, PROGRAM, REMOTE, UNREADABLE, why_not

TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
RELS = '<Relationships><Relationship Type="http://x/%s" Target="%s"%s/></Relationships>'


def document(**parts: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", **parts}.items():
            archive.writestr(name, content)
    return made.getvalue()


def rels(kind: str, target: str, mode: str = "") -> bytes:
    return (RELS % (kind, target, f' TargetMode="{mode}"' if mode else "")).encode()


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"word/media/image1.png": b"\x89PNG\r\n\x1a\n"},
        {"word/_rels/document.xml.rels": rels("hyperlink", "https://www.example.invalid", "External")},
        {"word/_rels/settings.xml.rels": rels("attachedTemplate", "Normal.dotm")},
        {"word/embeddings/Sheet.xlsx": document()},
    ],
)
def test_plain_documents_are_taken(parts: dict[str, bytes]) -> None:
    assert why_not(document(**parts)) is None


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}, MACROS),
        ({"word/vbaData.xml": b"<x/>"}, MACROS),
        ({"word\\VBAPROJECT.BIN": b"x"}, MACROS),
        ({"word/activeX/activeX1.xml": b"<x/>"}, MACROS),
        (
            {"[Content_Types].xml": b'<Types><Override ContentType="x.macroEnabled.main+xml"/></Types>'},
            MACROS,
        ),
        ({"word/_rels/document.xml.rels": rels("vbaProject", "other.bin")}, MACROS),
        ({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, PROGRAM),
        ({"word/embeddings/letter.txt": b"hello"}, PROGRAM),
        ({"word/media/image1.png": b"MZ\x90\x00"}, PROGRAM),
        ({"customXml/item1.xml": b"\x7fELF\x02"}, PROGRAM),
        ({"word/embeddings/Inner.docx": document(**{"word/vbaProject.bin": b"x"})}, PROGRAM),
        (
            {"word/_rels/settings.xml.rels": rels("attachedTemplate", "http://x.invalid/a.dotm", "External")},
            REMOTE,
        ),
    ],
)
def test_what_runs_is_refused(parts: dict[str, bytes], why: str) -> None:
    assert why_not(document(**parts)) == why


def test_what_cannot_be_read_is_refused() -> None:
    whole = document()
    assert why_not(whole[: len(whole) // 2]) == UNREADABLE
    assert why_not(b"PK\x03\x04" + b"\x00" * 60) == UNREADABLE
    assert why_not(b"") == UNREADABLE
    damaged = bytearray(document(**{"word/document.xml": bytes(5000)}))
    at = damaged.find(b"word/document.xml") + len(b"word/document.xml")
    damaged[at : at + 4] = b"\xff\xff\xff\xff"
    assert why_not(bytes(damaged)) == UNREADABLE


def test_a_document_that_grows_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.files.office._MOST_BYTES", 100_000)
    assert why_not(document(**{"word/media/big.bmp": bytes(200_000)})) == UNREADABLE
