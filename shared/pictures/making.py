"""Asks the maker, a program of its own, for the pictures of a file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.files import JPEG, PDF, PNG, Kind

SHOWN = frozenset({JPEG, PNG, PDF})
_MAKER = Path(__file__).with_name("maker.py")
_LONGEST = 60  # seconds


class CannotBeShown(Exception):
    """The file is damaged, locked by a password, too large to be drawn, or of a kind that is not drawn."""


@dataclass(frozen=True)
class Pictures:
    """JPEGs without anything beside their pixels: one small, and the large ones: of a PDF its first pages."""

    thumbnail: bytes
    large: Sequence[bytes]


def pictures_of(kind: Kind, content: bytes) -> Pictures:
    """Raises CannotBeShown. Takes up to a minute, so: in a job."""
    if kind not in SHOWN:
        raise CannotBeShown
    program = [sys.executable, "-I", str(_MAKER), kind.code]
    try:
        done = subprocess.run(
            program, input=content, capture_output=True, timeout=_LONGEST, check=True, env={}
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise CannotBeShown from error
    thumbnail, *large = _parts(done.stdout)
    return Pictures(thumbnail, large)


def _parts(made: bytes) -> Iterator[bytes]:
    while made:
        size = int.from_bytes(made[:4], "big")
        yield made[4 : 4 + size]
        made = made[4 + size :]
