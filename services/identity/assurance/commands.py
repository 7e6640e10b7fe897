"""Writing in the assurance log, and reading it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, tuple_

from services.identity.assurance.models import AssuranceEntry
from services.identity.assurance.rules import KINDS, OUTCOMES, may_read, may_write, wrong_day
from services.identity.assurance.schemas import EntryInput, LogAnswer, LogInput, WrittenAnswer
from services.identity.authority import Reach
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.facts import for_cpc
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

PAGE = 50
PATH = "/units/<string:unit>/assurance"


def _may(work: Work, unit: str) -> dict[str, Any]:
    """Refuses before anybody types."""
    found, reach = _found(work, unit)
    if not may_write(reach):
        raise Refusal("R24", contact=cpc_contact(work, unit))
    return {"about": found.name, "happened_on": work.today}


@service.command(
    "assurance.write",
    path=PATH,
    input=EntryInput,
    answer=WrittenAnswer,
    status=201,
    form=FormPage(
        path=f"{PATH}/write",
        title="Write in the assurance log",
        button="Save the entry",
        done="The entry has been saved. It cannot be changed.",
        next="/units/{unit}/assurance",
        values=_may,
    ),
)
def write(
    work: Work, *, unit: str, happened_on: date, kind: str, subject: str, outcome: str, note: str
) -> AssuranceEntry:
    """PF-7/CPC Probation.2: what the CPC does outside the system, such as security assurance and approving access."""
    found, reach = _found(work, unit)
    work.concerns(unit=unit, kind=kind, outcome=outcome)
    if not may_write(reach):
        raise Refusal("R24", contact=cpc_contact(work, unit))
    if wrong := wrong_day(happened_on, work.today):
        raise Invalid(wrong)
    made = AssuranceEntry(
        unit=found.code,
        happened_on=happened_on,
        kind=kind,
        subject=subject,
        outcome=outcome,
        note=note,
        written_by=work.principal.person_id,
        written_at=work.system_now,
        for_cpc=for_cpc(work, reach),
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("assurance_entry", made.id))
    return made


@service.query(
    "assurance.log",
    path=PATH,
    input=LogInput,
    answer=LogAnswer,
    page=Page("Assurance log", "assurance/log.html"),
)
def read_log(work: Work, *, unit: str, before: UUID | None = None) -> dict[str, Any]:
    """Newest first; for the CPC, her deputy, and whoever appoints the CPC."""
    found, reach = _found(work, unit)
    work.concerns(unit=unit)
    if not may_read(reach):
        raise Refusal("R24", contact=cpc_contact(work, unit))
    entries = select(AssuranceEntry, Person).join(Person, Person.id == AssuranceEntry.written_by)
    newest = tuple_(AssuranceEntry.happened_on, AssuranceEntry.id)
    entries = entries.where(AssuranceEntry.unit == unit).order_by(newest.desc())
    last = None if before is None else work.session.get(AssuranceEntry, before)
    if last is not None:
        entries = entries.where(newest < tuple_(literal(last.happened_on), literal(last.id)))
    rows = work.session.execute(entries.limit(PAGE + 1)).all()
    return {
        "unit": found.code,
        "unit_name": found.name,
        "entries": [_shown(*row) for row in rows[:PAGE]],
        "next_before": rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        "may_write": may_write(reach),
    }


def _found(work: Work, unit: str) -> tuple[Unit, Reach]:
    found = work.session.get(Unit, unit)
    if found is None:
        raise NotFound
    return found, Reach(work.principal, above(work.session, unit))


def _shown(entry: AssuranceEntry, writer: Person) -> dict[str, Any]:
    columns = ("id", "happened_on", "subject", "note", "written_at", "for_cpc")
    return {
        **{name: getattr(entry, name) for name in columns},
        "kind": dict(KINDS).get(entry.kind, entry.kind),
        "outcome": dict(OUTCOMES).get(entry.outcome, entry.outcome),
        "writer_name": writer.name,
        "card_url": writer.card_url,
    }
