"""Which tests stay with one worker, and which begin first: what several of them share is made once, not by each."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

# Each line's files share one running suite, or copies of one world, and they take longest: they begin first.
TOGETHER = (("tests/walk", "tests/journeys"), ("tests/browser/story",))


class ByPlace(LoadFileScheduling):  # type: ignore[misc]  # untyped, too
    """A file is shared out whole, and so are the folders of a line of TOGETHER.

    The groups that pytest-xdist has for this (3.8) name them in the ids of the tests, where pytest 9.2 loses them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        together = place_of(file)
        return file if together is None else " and ".join(together)


def place_of(file: str) -> tuple[str, ...] | None:
    """The line of TOGETHER that a file is in; None for others."""
    folders = {str(folder) for folder in PurePosixPath(file).parents}
    return next((line for line in TOGETHER if not folders.isdisjoint(line)), None)


def rank(nodeid: str) -> int:
    """Where a test stands among all, for a stable sort."""
    place = place_of(nodeid.split("::", 1)[0])
    return TOGETHER.index(place) if place is not None else len(TOGETHER)
