"""Pictures of what was uploaded: small, without what was said beside the pixels, and never a way to harm us."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from shared.files import JPEG, PDF, PNG, WORD
from shared.pictures import CannotBeShown, pictures_of
from shared.print import pdf


def picture(
    size: tuple[int, int] = (900, 600), kind: str = "JPEG", mode: str = "RGB", **more: object
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "green").save(made, kind, **more)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned: the camera was held upright
    return picture(exif=exif.tobytes(), comment=b"SecretComment")


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_picture_has_a_small_and_a_large_one() -> None:
    made = pictures_of(JPEG, picture((3000, 2000)))
    assert opened(made.thumbnail).size == (320, 213)
    assert [opened(one).size for one in made.large] == [(1200, 800)]
    assert [opened(one).size for one in pictures_of(PNG, picture((90, 60), "PNG")).large] == [(90, 60)]


def test_what_was_said_beside_the_pixels_is_gone_but_it_stands_upright() -> None:
    content = with_exif()
    assert b"SecretCamera" in content
    assert b"SecretComment" in content
    made = pictures_of(JPEG, content)
    for one in (made.thumbnail, *made.large):
        assert b"Secret" not in one
        assert not opened(one).getexif()
        assert opened(one).height > opened(one).width


def test_what_is_clear_is_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(pictures_of(PNG, clear.getvalue()).thumbnail).getpixel((20, 20)) == (255, 255, 255)


def test_a_pdf_has_a_picture_of_each_of_its_first_pages(tmp_path: Path) -> None:
    template = tmp_path / "paper.typ"
    template.write_text("#for n in range(12) [Page #n #pagebreak(weak: true)]")
    made = pictures_of(PDF, pdf(template, {"title": "A paper", "reader": "Ruth", "printed": "today"}))
    assert len(made.large) == 10
    assert max(opened(made.large[0]).size) == 1200
    assert max(opened(made.thumbnail).size) == 320


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (PNG, bomb()),
        (JPEG, picture()[:400]),
        (JPEG, b"\xff\xd8\xff\xe0" + bytes(100)),
        (PNG, picture(kind="GIF", mode="P")),
        (PDF, b"%PDF-1.7\nnothing\n%%EOF"),
        (PDF, b""),
        (WORD, b"PK"),
    ],
)
def test_what_cannot_be_shown_says_so(kind: object, content: bytes) -> None:
    with pytest.raises(CannotBeShown):
        pictures_of(kind, content)  # type: ignore[arg-type]
