"""What each agency's minimum dataset asks of a record on a day, and what it leaves open. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from services.records.attachments.catalogue import catalogue
from shared.reference.estate import agencies

AGENCIES = {"police": "Police", "probation": "Probation", "prison": "Prison"}
_FILE = Path(__file__).with_name("versions.toml")


@dataclass(frozen=True, slots=True)
class Want:
    """A folder that must be answered: by a current entry, by the record itself, or by saying that nothing is known.

    `categories`: only on records of these; empty for all. `if_known` in the source's words, where there may be none.
    """

    folder: str
    title: str
    categories: tuple[str, ...] = ()
    if_known: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One agency's, in the version of a day."""

    agency: str
    name: str
    source: str
    wants: tuple[Want, ...]

    def of(self, category: str) -> list[Want]:
        """What it asks of a record of this category."""
        return [one for one in self.wants if not one.categories or category in one.categories]


@dataclass(frozen=True, slots=True)
class Measured:
    """How much of one agency's dataset a record holds.

    `held`: folders with a current entry; `own`: those that the record answers by itself; `nothing_known`: folder → the
    day on which that was said.
    """

    dataset: Dataset
    wanted: tuple[Want, ...]
    held: frozenset[str]
    nothing_known: Mapping[str, date]
    own: frozenset[str] = frozenset()

    @property
    def answered(self) -> int:
        return len(self.wanted) - len(self.missing)

    @property
    def missing(self) -> list[Want]:
        found = self.held | self.own | self.nothing_known.keys()
        return [one for one in self.wanted if one.folder not in found]


@cache
def _versions() -> tuple[Mapping[str, object], ...]:
    return tuple(tomllib.loads(_FILE.read_text(encoding="utf-8"))["version"])


@cache
def datasets(on: date) -> Mapping[str, Dataset]:
    """By agency, in the version that stands on this day; an agency without one is left out."""
    found = {}
    for row in _versions():
        first, last = row["from"], row.get("to")
        if isinstance(first, date) and first <= on and not (isinstance(last, date) and on > last):
            found[str(row["agency"])] = _dataset(row)
    return found


def _dataset(row: Mapping[str, object]) -> Dataset:
    agency = str(row["agency"])
    listed = row.get("folders")
    if isinstance(listed, list):
        wants = tuple(Want(key, catalogue()[key].title) for key in listed)
    else:
        wants = tuple(
            Want(folder.key, folder.title, one.category, one.if_known)
            for folder in catalogue().values()
            for one in folder.minimum_dataset
            if one.agency == agency
        )
    return Dataset(agency, str(row["name"]), str(row["source"]), wants)


def measure(
    dataset: Dataset,
    category: str,
    held: Iterable[str],
    nothing_known: Mapping[str, date],
    own: Iterable[str] = (),
) -> Measured:
    """Every folder that the dataset asks of this category counts once."""
    return Measured(dataset, tuple(dataset.of(category)), frozenset(held), nothing_known, frozenset(own))


@cache
def codes_of(kind: str) -> tuple[str, ...]:
    """The agencies of a kind: what any of them said counts for their dataset."""
    return tuple(sorted(one.code for one in agencies() if one.kind == kind))


def kind_of(agency: str) -> str | None:
    """Police, probation or prison; None for an agency that has no minimum dataset."""
    return next((kind for kind in AGENCIES if agency in codes_of(kind)), None)


def own_dataset(agency_kind: str, owner_agency: str) -> str:
    """Whose meter a reader sees on the summary: their own agency's, else the owner's."""
    return agency_kind if agency_kind in AGENCIES else kind_of(owner_agency) or "police"
