"""Choosing one of many by name: a list where there are few; else one types, and chooses among what was found.

Such a field posts its value under its own name, what was typed under `<name>-find`, and under `<name>-for` the text
whose matches were shown. A name or code typed in full is taken at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.web.forms.described import Choice, Described
from shared.web.schemas import storable

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

FIND = "_find"  # the button beside the field; its value is the field's name
MOST_LISTED, MOST_FOUND = 30, 15
LONGEST = 200  # characters


@dataclass(frozen=True)
class Finder:
    """`find(text, most)` gives what fits, best first, whatever is named or coded exactly so before all else.

    `listed`: with no text it gives everything, and is shown as a list where that is little. `what` is said where
    nothing was found ("No unit"), `by` beside the box. `coded`: people know its values, and read them in the list.
    """

    find: Callable[[str, int], Sequence[Choice]]
    what: str
    by: str = "Part of its name, or its code"
    listed: bool = True
    coded: bool = True

    def search(self, text: str, most: int) -> Sequence[Choice]:
        """As `find`; nothing is called what nobody could have typed."""
        return self.find(text, most) if len(text) <= LONGEST and storable(text) else []

    def few(self) -> Sequence[Choice] | None:
        """Everything there is, where a list can hold it."""
        found = self.find("", MOST_LISTED + 1) if self.listed else []
        return found if found and len(found) <= MOST_LISTED else None

    def exactly(self, text: str) -> Choice | None:
        """The one with this code, or else the only one with this name."""
        wanted = text.casefold()
        found = self.search(text, MOST_FOUND) if text else []
        coded = [one for one in found if one.value.casefold() == wanted]
        named = [one for one in found if one.text.casefold() == wanted]
        fitting = coded or named
        return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True)
class Unfound:
    """Stands where a value should: what was typed names nothing yet. No schema takes it, and its message is said."""

    typed: str
    finder: Finder

    def saying(self, noun: str) -> str:
        if self.finder.search(self.typed, 1):
            return f"Choose {noun} from what was found"
        return f"No {self.finder.what} was found for ‘{self.typed}’"


@dataclass(frozen=True)
class Shown:
    """What the page shows of the field: what was typed, what it found, and which of those is chosen."""

    typed: str
    found: Sequence[Choice]
    chosen: str
    more: bool = False


def finder_of(item: Described) -> Finder:
    finder: Finder = item.metadata["finder"]
    return finder


def names(name: str) -> tuple[str, str, str]:
    return name, f"{name}-find", f"{name}-for"


def read_found(item: Described, form: MultiDict[str, str]) -> str | Unfound:
    """The value; empty where nothing was typed or chosen."""
    value, typed, shown_for = (form.get(name, "").strip() for name in names(item.name))
    if not typed or (value and typed == shown_for):
        return value
    found = finder_of(item).exactly(typed)
    return found.value if found else Unfound(typed, finder_of(item))


def shown(item: Described, posted: MultiDict[str, str]) -> Shown:
    """A value that came without words (a record's own) is shown with what it is called."""
    finder = finder_of(item)
    value, typed, shown_for = (posted.get(name, "").strip() for name in names(item.name))
    if not typed:
        known = finder.exactly(value)
        return Shown("", [known] if known else [], value)
    found = finder.search(typed, MOST_FOUND + 1)
    if value and typed == shown_for:
        chosen = value
    else:
        sure = finder.exactly(typed) or (found[0] if len(found) == 1 else None)
        chosen = sure.value if sure else ""
    return Shown(typed, found[:MOST_FOUND], chosen, more=len(found) > MOST_FOUND)
