"""A template and its data as a PDF.

Data reach the template as JSON in `data`, never as markup: whatever somebody has typed is printed as it was typed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.print.typesetter import WRONG

_TYPESETTER = Path(__file__).with_name("typesetter.py")
_LONGEST = 60  # seconds
_FRAME = Path(__file__).with_name("frame.typ")
_NEEDED = ("title", "reader", "printed")
# Each round finds what the one before hid; after the last only plain Latin is left as it is.
_ROUNDS = 3
_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}
# Control characters and halves of surrogate pairs, which no font has.
_NEVER_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_LATIN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u017f–—‘’“”…€]")


class NotMade(Exception):
    """The template is wrong, as the compiler says in its message."""


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """A tagged PDF (PDF/UA-1), the marking and the reader's name on each page.

    `data` is what JSON can hold; of it `title`, `reader` (who asks for it, by name) and `printed` (when, in words) are
    the frame's, the rest is the template's. A character that no font here knows is printed as its number, as in
    [U+4E2D], rather than left out. Raises KeyError where one of the frame's words is missing, NotMade where the
    template is wrong.
    """
    if missing := [key for key in _NEEDED if not data.get(key)]:
        raise KeyError(*missing)
    source = f"{_FRAME.read_text('utf-8')}\n{template.read_text('utf-8')}"
    shown = _by_number(_NEVER_SHOWN, data)
    for _ in range(_ROUNDS):
        try:
            return _compiled(source, shown)
        except NotMade as error:
            unknown = _without_glyph(str(error))
            if not unknown:
                raise
            shown = _by_number(re.compile("|".join(map(re.escape, unknown))), shown)
    return _compiled(source, _by_number(_NOT_LATIN, shown))


def _compiled(source: str, data: Any) -> bytes:
    given = {"source": source, "data": json.dumps(data, ensure_ascii=False)}
    program = [sys.executable, "-I", str(_TYPESETTER)]
    done = subprocess.run(
        program, input=json.dumps(given).encode(), capture_output=True, timeout=_LONGEST, check=False
    )
    if done.returncode == WRONG:
        raise NotMade(done.stderr.decode())
    done.check_returncode()
    return done.stdout


def _without_glyph(diagnostic: str) -> list[str]:
    """What the compiler could show with no font, longest first, since one may begin with another."""
    found = {_ESCAPE.sub(_unescaped, text) for text in _NO_GLYPH.findall(diagnostic)}
    return sorted(found, key=len, reverse=True)


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _NAMED.get(escape[2], escape[2])


def _by_number(characters: re.Pattern[str], value: Any) -> Any:
    """The same with those characters in every text, however deep, as their numbers."""
    if isinstance(value, str):
        return characters.sub(lambda found: "".join(f"[U+{ord(one):04X}]" for one in found[0]), value)
    if isinstance(value, Mapping):
        return {key: _by_number(characters, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_by_number(characters, each) for each in value]
    return value
