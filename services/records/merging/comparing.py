"""Two records side by side: what each says once, and how much lies in each (PF-4.16m)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.models import Partnership
from services.records.activity_log.models import Entry as LogEntry
from services.records.attachments.models import Entry
from services.records.meetings.models import Meeting
from services.records.merging.rules import FACTS
from services.records.nominals.models import Identifier, Name, Nominal
from services.records.nominals.rules import RISK_LEVELS, SEXES, category_name
from shared.directory import read_model
from shared.web.display import day
from shared.work import Work

_NUMBERS = {"pnc": "PNC", "cro": "CRO", "noms": "NOMS", "crn": "CRN"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: what it is, and what each record says."""

    fact: str
    label: str
    one: str | None
    other: str | None

    @property
    def same(self) -> bool:
        return self.one == self.other


def compare(work: Work, one: UUID, other: UUID) -> list[Compared]:
    mine, theirs = _said(work, one), _said(work, other)
    labels = {fact: label for fact, (label, _) in FACTS.items()} | _FURTHER
    return [Compared(fact, labels[fact], mine[fact], theirs[fact]) for fact in labels]


_FURTHER = {
    "aliases": "Also known as",
    "numbers": "Numbers",
    "category": "Category and level",
    "status": "Status",
    "owner": "Owner",
    "manager": "Manager",
    "supervisor": "Supervisor",
    "created": "Created on",
    "log": "Entries of the activity log",
    "attachments": "Entries of attachments",
    "meetings": "MAPP meetings",
    "partners": "Partners",
}


def sides(work: Work, into: UUID, gone: UUID) -> dict[str, tuple[str, ...]]:
    """For the form: fact → what each record says of it; once, where they say the same."""
    mine, theirs = _said(work, into), _said(work, gone)
    return {fact: _both(mine[fact] or "None", theirs[fact] or "None") for fact in FACTS}


def _both(mine: str, theirs: str) -> tuple[str, ...]:
    return (f"{mine} (both)",) if mine == theirs else (f"{mine} (stays)", f"{theirs} (goes)")


def _said(work: Work, nominal_id: UUID) -> dict[str, str | None]:
    nominal = work.session.get_one(Nominal, nominal_id)
    people = read_model.people(work.session, [one for one in _people_of(nominal) if one is not None])
    units = read_model.units(
        work.session, [one for one in (nominal.owner_unit, nominal.custody_prison) if one]
    )

    def who(person_id: UUID | None) -> str | None:
        return people[person_id].name if person_id in people else None

    def unit(code: str | None) -> str | None:
        return None if code is None else units[code].name if code in units else code

    names = list(work.session.scalars(_names(nominal_id)))
    numbers = work.session.scalars(
        select(Identifier).where(Identifier.nominal_id == nominal_id).order_by(Identifier.kind)
    )
    level = f", level {nominal.level}" if nominal.level else ""
    risk = RISK_LEVELS.get(nominal.risk_level or "", nominal.risk_level)
    managers = [
        f"{role} {name}"
        for role, name in (("POM", who(nominal.pom_id)), ("COM", who(nominal.com_id)))
        if name
    ]
    return {
        "name": next((_whole(one) for one in names if one.kind == "main"), None),
        "date_of_birth": day(nominal.date_of_birth),
        "sex": SEXES.get(nominal.sex, nominal.sex),
        "address": nominal.address,
        "risk": f"{risk} since {day(nominal.risk_since)}" if risk and nominal.risk_since else risk,
        "custody": _custody(nominal, unit(nominal.custody_prison)),
        "offender_managers": ", ".join(managers) or None,
        "general_comments": nominal.general_comments,
        "aliases": ", ".join(_whole(one) for one in names if one.kind == "alias") or None,
        "numbers": ", ".join(f"{_NUMBERS.get(one.kind, one.kind)} {one.value}" for one in numbers) or None,
        "category": category_name(nominal.category) + level,
        "status": nominal.status.capitalize(),
        "owner": unit(nominal.owner_unit),
        "manager": who(nominal.manager_id),
        "supervisor": who(nominal.supervisor_id),
        "created": day(nominal.created_at.date()),
        **_counts(work, nominal_id),
    }


def _people_of(nominal: Nominal) -> tuple[UUID | None, ...]:
    return nominal.manager_id, nominal.supervisor_id, nominal.pom_id, nominal.com_id


def _names(nominal_id: UUID) -> Any:
    return select(Name).where(Name.nominal_id == nominal_id).order_by(Name.kind.desc(), Name.surname, Name.id)


def _whole(name: Name) -> str:
    return f"{name.forenames} {name.surname}".strip()


def _custody(nominal: Nominal, prison: str | None) -> str | None:
    if prison is None:
        return None
    return f"{prison}, since {day(nominal.custody_since)}" if nominal.custody_since else prison


def _counts(work: Work, nominal_id: UUID) -> dict[str, str]:
    def counted(table: Any, *more: Any) -> Any:
        return (
            select(func.count())
            .select_from(table)
            .where(table.nominal_id == nominal_id, *more)
            .scalar_subquery()
        )

    row = work.session.execute(
        select(
            counted(LogEntry).label("log"),
            counted(Entry, Entry.state != "removed").label("attachments"),
            counted(Meeting).label("meetings"),
            counted(Partnership, Partnership.ended_at.is_(None)).label("partners"),
        )
    ).one()
    return {name: str(value) for name, value in row._mapping.items()}  # noqa: SLF001 - its public name as a mapping
