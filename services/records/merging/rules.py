"""Which of two records stays, whose facts count, and how long a merge can be undone. Pure (PF-4.16m)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

Side = Literal["into", "gone"]
STATES: Final[Mapping[str, str]] = {
    "proposed": "Waiting for the other CPC",
    "merged": "Merged",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "undone": "Undone",
}
# What there is once in a record, so that one of the two counts: the form's field, what it is called, and its columns.
FACTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "name": ("Main name", ()),
    "date_of_birth": ("Date of birth", ("date_of_birth",)),
    "sex": ("Sex", ("sex",)),
    "address": ("Address", ("address",)),
    "risk": ("Risk level", ("risk_level", "risk_since")),
    "custody": ("Custody", ("custody_prison", "custody_since")),
    "offender_managers": ("HMPPS Offender Managers", ("pom_id", "com_id")),
    "general_comments": ("General comments", ("general_comments",)),
}
COLUMNS: Final = tuple(column for _, columns in FACTS.values() for column in columns)


def chosen_columns(choices: Mapping[str, str]) -> list[str]:
    """Those that the record which stays takes from the other."""
    return [column for fact, side in choices.items() if side == "gone" for column in FACTS[fact][1]]


def same_name(one: tuple[str, str], names: Iterable[tuple[str, str]]) -> bool:
    """(forenames, surname), whatever the blanks and capitals."""
    return _plain(one) in {_plain(each) for each in names}


def _plain(name: tuple[str, str]) -> str:
    return " ".join(" ".join(name).casefold().split())


def wrong_survivor(into_status: str, gone_status: str) -> bool:
    """A record that is worked with does not vanish into the archive."""
    return into_status == "archived" and gone_status == "live"


def may_be_undone(state: str, undo_until: date | None, today: date) -> bool:
    return state == "merged" and undo_until is not None and today <= undo_until
