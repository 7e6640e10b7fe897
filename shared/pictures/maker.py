"""Run as a program of its own: a file on stdin, its pictures on stdout as JPEGs, each with its length before it.

What is looked at here came from outside and may have been made to harm. So nothing but this small program opens it,
with bounds on memory and time, and without a way to anything of ours. What a picture says beside its pixels (where it
was taken and with what, a name, how it looked before it was cut) does not survive.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG = 3
# Pixels of a picture: what a good camera makes, and 150 MB of memory.
MOST_PIXELS = 50_000_000
THUMBNAIL, LARGE = 320, 1200  # the longest side
MOST_PAGES = 10
_MEMORY = 2 * 1024**3
_SECONDS = 30


def main(kind: str) -> int:
    """The small one first, then the large ones: a picture's own, or one for each of a PDF's first pages."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    warnings.simplefilter("error")
    content = sys.stdin.buffer.read()
    try:
        for made in _pages(content) if kind == "pdf" else _picture(content):
            sys.stdout.buffer.write(len(made).to_bytes(4, "big") + made)
    except Exception as error:  # noqa: BLE001 - whatever a damaged file does to the libraries: it cannot be shown
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return WRONG
    return 0


def _picture(content: bytes) -> Iterator[bytes]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - in this program alone

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        opened.draft("RGB", (2 * LARGE, 2 * LARGE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    yield _jpeg(upright, THUMBNAIL)
    yield _jpeg(upright, LARGE)


def _pages(content: bytes) -> Iterator[bytes]:
    import pypdfium2  # noqa: PLC0415

    document = pypdfium2.PdfDocument(content)
    pages = [_rendered(document[number]) for number in range(min(len(document), MOST_PAGES))]
    if not pages:
        raise ValueError("no pages")
    yield _jpeg(pages[0], THUMBNAIL)
    for page in pages:
        yield _jpeg(page, LARGE)


def _rendered(page: Any) -> Any:
    width, height = page.get_size()
    return page.render(scale=LARGE / max(width, height, 1)).to_pil()


def _jpeg(picture: Any, longest: int) -> bytes:
    """The pixels alone, on white: a new picture, so that nothing that was said beside them comes along."""
    from PIL import Image  # noqa: PLC0415

    small = picture.copy()
    small.thumbnail((longest, longest))
    clear = small.convert("RGBA")
    plain = Image.new("RGB", clear.size, "white")
    plain.paste(clear, mask=clear.getchannel("A"))
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=85)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
