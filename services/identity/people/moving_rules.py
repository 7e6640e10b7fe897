"""What becomes of a token when its holder moves to another unit."""

from __future__ import annotations

from typing import Literal

# Held for the unit one works in: they go along within an area, group or force. Posts of a unit do not.
_GO_ALONG = frozenset({"partner", "create", "manager", "supervisor", "read_only"})

Fate = Literal["keep", "move", "end"]


def fate(token: str, held_for: str, new_areas: tuple[str, ...], *, same_area: bool) -> Fate:
    """`new_areas` is the new unit with every unit above it; `same_area` that the same CPC answers for it.

    Another CPC authorises anew: nothing goes along to them (PF-4.16a.1).
    """
    if token == "admin" or held_for in new_areas:  # noqa: S105 - the name of an access right
        return "keep"
    return "move" if same_area and token in _GO_ALONG else "end"
