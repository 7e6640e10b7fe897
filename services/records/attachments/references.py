"""What entries name: nominals, users, prisons, units, places and files; looked up once for a whole page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened
from services.records.access.standings import hidden_from
from services.records.attachments.catalogue import Field, Folder, common
from services.records.attachments.clearance import cleared
from services.records.attachments.models import Entry
from services.records.nominals.models import Name, Nominal
from shared.directory import read_model
from shared.files import FileRow, describe
from shared.reference.estate import units_by_code
from shared.refusals import Invalid
from shared.web.display import Person
from shared.work import Work

NOT_THERE = "Choose something from the list"


@dataclass(frozen=True, slots=True)
class Named:
    """A nominal that an entry names, as far as this reader may know of it."""

    nominal_id: UUID
    visor_number: str
    name: str

    @property
    def href(self) -> str:
        return f"/records/nominals/{self.nominal_id}"


@dataclass(slots=True)
class Known:
    """All that the entries of one page name, by id; what is not there may not be known to the reader."""

    people: dict[UUID, Person] = field(default_factory=dict)
    nominals: dict[UUID, Named] = field(default_factory=dict)
    files: Mapping[UUID, FileRow] = field(default_factory=dict)


def known(work: Work, entries: Iterable[tuple[Folder, Mapping[str, Any]]], people: Iterable[UUID]) -> Known:
    """At most three queries, whatever the number of entries; `people` are further users to be named."""
    found: dict[str, set[UUID]] = {"person": set(people), "nominal": set(), "file": set()}
    for folder, values in entries:
        for name, one in folder.fields.items():
            kind = "file" if one.type == "file" else one.target
            if kind in found and values.get(name) is not None:
                found[kind].add(UUID(values[name]))
    cards = read_model.people(work.session, found["person"])
    return Known(
        {id: Person(id, card.name, card.job_title) for id, card in cards.items()},
        _nominals(work, found["nominal"]),
        describe(work, found["file"]),
    )


def _nominals(work: Work, ids: set[UUID]) -> dict[UUID, Named]:
    """Those among them of which the reader may know more than that there is a record (PF-4.16l.2)."""
    if not ids:
        return {}
    hidden = hidden_from(work.principal).where(Nominal.id.in_(ids))
    rows = work.session.execute(
        select(Nominal.id, Nominal.visor_number, Name.forenames, Name.surname)
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .where(Nominal.id.in_(ids), Nominal.id.not_in(hidden))
    )
    return {row.id: Named(row.id, row.visor_number, f"{row.forenames} {row.surname}".strip()) for row in rows}


def resolve(work: Work, folder: Folder, opened: Opened, values: dict[str, Any]) -> None:
    """Puts ids in place of what was typed or chosen. Raises Invalid for what there is not."""
    wrong: dict[str, list[str]] = {}
    for name, one in folder.fields.items():
        if one.type == "reference" and values.get(name) is not None:
            try:
                values[name] = _resolved(work, one, opened, str(values[name]).strip())
            except LookupError as problem:
                wrong[name] = [str(problem.args[0])]
    if wrong:
        raise Invalid(wrong)


def _resolved(work: Work, one: Field, opened: Opened, given: str) -> str:
    if one.target == "nominal":
        return str(_nominal(work, opened.nominal_id, given))
    if one.target == "ct_unit":
        ok = given in common().ct_units
    elif one.target in {"prison", "unit"}:
        unit = units_by_code().get(given)
        ok = unit is not None and (unit.kind == "prison" or one.target == "unit")
    elif one.target == "person":
        card = read_model.person(work.session, _id(given))
        ok = card is not None and card.active
    else:
        ok = _place(work, opened, one.target.partition(":")[2], _id(given))
    if not ok:
        raise LookupError(NOT_THERE)
    return given


def _nominal(work: Work, own: UUID, given: str) -> UUID:
    """By its ViSOR number. One that the writer may not know of is as if it were not there."""
    hidden = hidden_from(work.principal).where(Nominal.visor_number == given.upper())
    found = select(Nominal.id).where(Nominal.visor_number == given.upper(), Nominal.id.not_in(hidden))
    other = work.session.execute(found).scalar_one_or_none()
    if other is None:
        raise LookupError("No record that you may know of has this ViSOR number")
    if other == own:
        raise LookupError("This is the ViSOR number of this record itself")
    return other


def visor_number(work: Work, nominal_id: UUID) -> str | None:
    """None where the reader may not know of it."""
    found = _nominals(work, {nominal_id}).get(nominal_id)
    return None if found is None else found.visor_number


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise LookupError(NOT_THERE) from None


def _place(work: Work, opened: Opened, folder: str, entry_id: UUID) -> bool:
    found = select(Entry.id).where(
        Entry.id == entry_id,
        Entry.nominal_id == opened.nominal_id,
        Entry.folder == folder,
        Entry.state != "removed",
        cleared(work.principal, opened.standings),
    )
    return work.session.execute(found).first() is not None
