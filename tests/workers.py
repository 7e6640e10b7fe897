"""Which tests stay with one worker, and which begin first: what several of them share is made once, not by each."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

# Their files share one running suite or one world, and together they take longest: they begin first.
TOGETHER = ("tests/walk", "tests/browser/story")


class ByPlace(LoadFileScheduling):  # type: ignore[misc]  # untyped, too
    """A file is shared out whole, and so is a folder of TOGETHER.

    The groups that pytest-xdist has for this (3.8) name them in the ids of the tests, where pytest 9.2 loses them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return place_of(file) or file


def place_of(file: str) -> str | None:
    """The folder of TOGETHER that a file is in; None for others."""
    folders = {str(folder) for folder in PurePosixPath(file).parents}
    return next((place for place in TOGETHER if place in folders), None)


def rank(nodeid: str) -> int:
    """Where a test stands among all, for a stable sort."""
    place = place_of(nodeid.split("::", 1)[0])
    return TOGETHER.index(place) if place is not None else len(TOGETHER)
