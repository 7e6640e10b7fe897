"""Every change of a nominal's own facts: who, when, old and new, to be read by whoever reads the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.nominals.followed import AFTER_NOTE
from services.records.nominals.models import CHANGED, Change
from services.records.nominals.rules import MARKERS, RISK_LEVELS, SEXES, category_name
from services.records.nominals.schemas import HistoryAnswer, HistoryInput
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.ids import new_id
from shared.reference import mappa
from shared.web.display import Person, day
from shared.work import Work

PAGE = 25
# What happened, in words.
ACTS = {
    "created": "Record created",
    "summary": "Summary changed",
    "mappa": "Category or level changed",
    "deregistered": "Deregistered",
    "registered_again": "Registered again",
    "handed_over": "Handed over",
    "transferred": "Transferred",
    "archived": "Archived",
    "merged": "Another record merged into this one",
    "unmerged": "Merge undone",
    "unarchived": "Brought back from the archive",
    "custody": "Custody changed",
    "offender_manager": "HMPPS Offender Manager changed",
}
LABELS = {
    "status": "Status",
    "merged": "Merged record",
    "name": "Name",
    "died_on": "Died on",
    "category": "Category",
    "level": "Level",
    "statutory_supervision": "Under statutory probation supervision",
    "lead_agency": "Lead agency",
    "authority": "Authorised by",
    "review_on": "Authority to be reviewed on",
    "deregistered_on": "Deregistered on",
    "risk_level": "Risk level",
    "address": "Address",
    "general_comments": "General comments",
    "markers": "Warning markers",
    "manager_id": "Manager",
    "supervisor_id": "Supervisor",
    "owner_unit": "Owner",
    "managing_unit": "Managing unit",
    "jurisdiction": "Jurisdiction",
    "offender_manager_id": "HMPPS Offender Manager",
    "pom_id": "Prison offender manager (POM)",
    "com_id": "Community offender manager (COM)",
    "custody_prison": "Prison",
    "custody_since": "In custody since",
    "sex": "Sex",
    "date_of_birth": "Date of birth",
}
_PEOPLE = {"manager_id", "supervisor_id", "offender_manager_id", "pom_id", "com_id"}
_UNITS = {"owner_unit", "managing_unit", "custody_prison"}
_DAYS = {"review_on", "died_on", "deregistered_on", "custody_since", "date_of_birth"}
Values = Mapping[str, Sequence[Any]]


def note_change(
    work: Work,
    nominal_id: UUID,
    act: str,
    changed: Mapping[str, tuple[Any, Any]],
    *,
    effective_on: date | None = None,
    reason: str | None = None,
) -> None:
    """Keep what an act changed, as {field: (old, new)}; fields that stayed as they were are left out.

    Nothing is kept where nothing changed.
    """
    values = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if not values:
        return
    for follow in AFTER_NOTE:
        follow(work, nominal_id, values)
    whole = json.dumps({"values": values, "reason": reason}, default=str)
    work.session.add(
        Change(
            id=new_id(),
            nominal_id=nominal_id,
            act=act,
            at=work.now,
            by=work.principal.person_id,
            effective_on=effective_on,
            fields=sorted(values),
            sealed=work.runtime.encrypt(nominal_id, CHANGED, whole),
        )
    )


@service.query(
    "nominals.history",
    path="/nominals/<uuid:nominal_id>/history",
    input=HistoryInput,
    answer=HistoryAnswer,
    page=Page("History of changes", "nominals/history.html"),
)
def history(work: Work, *, nominal_id: UUID, before: UUID | None = None) -> dict[str, Any]:
    """Each change, newest first."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Change).where(Change.nominal_id == nominal_id).order_by(Change.id.desc()).limit(PAGE + 1)
    if before is not None:
        found = found.where(Change.id < before)
    rows = list(work.session.scalars(found))
    shown = rows[:PAGE]
    work.concerns(count=len(shown))
    return {
        "changes": _said(work, shown),
        "next_before": shown[-1].id if len(rows) > PAGE else None,
        "visor_number": opened.record.visor_number,
    }


def _said(work: Work, rows: Sequence[Change]) -> list[dict[str, Any]]:
    opened = [_opened(work, row) for row in rows]
    pairs = [pair for one in opened if one for pair in one["values"].items()]
    people = read_model.people(work.session, [*(row.by for row in rows), *_ids(pairs)])
    units = read_model.units(work.session, [str(one) for name, two in pairs if name in _UNITS for one in two])
    names = {str(id): card.name for id, card in people.items()} | {
        code: unit.name for code, unit in units.items()
    }
    return [
        {
            "id": row.id,
            "act": row.act,
            "title": ACTS.get(row.act, row.act),
            "at": row.at,
            "by": row.by,
            "by_name": names.get(str(row.by)),
            "by_person": Person(row.by, names[str(row.by)]) if str(row.by) in names else None,
            "effective_on": row.effective_on,
            "reason": one["reason"] if one else None,
            "values": [_value(name, pair, names) for name, pair in one["values"].items()] if one else None,
        }
        for row, one in zip(rows, opened, strict=True)
    ]


def _opened(work: Work, row: Change) -> dict[str, Any] | None:
    text = work.runtime.readable(row.origin_nominal_id, CHANGED, row.sealed)
    return json.loads(text) if text is not None else None


def _ids(pairs: Iterable[tuple[str, Sequence[Any]]]) -> list[UUID]:
    return [UUID(one) for name, two in pairs if name in _PEOPLE for one in two if one]


def _value(name: str, pair: Sequence[Any], names: Mapping[str, str]) -> dict[str, Any]:
    old, new = (in_words(name, one, names) for one in pair)
    said: dict[str, Any] = {"field": name, "label": LABELS.get(name, name), "old": old, "new": new}
    if name in _PEOPLE:
        people = [Person(one, names[str(one)]) if str(one) in names else None for one in pair]
        said |= dict(zip(("old_person", "new_person"), people, strict=True))
    return said


def in_words(name: str, value: Any, names: Mapping[str, str]) -> str | None:
    """A kept value as people read it; None for nothing."""
    if value is None or value == []:
        return None
    if name in _PEOPLE:
        return names.get(str(value), "A user not known here")
    if name in _UNITS:
        return names.get(str(value), str(value))
    if name in _DAYS:
        return day(date.fromisoformat(value))
    return str(_WORDS.get(name, str)(value))


_WORDS: Mapping[str, Any] = {
    "status": str.capitalize,
    "category": lambda code: category_name(code) if code in mappa.categories() else code,
    "level": lambda level: f"Level {level}",
    "statutory_supervision": lambda held: "Yes" if held else "No",
    "lead_agency": lambda code: mappa.lead_agencies().get(code, code),
    "risk_level": lambda code: RISK_LEVELS.get(code, code),
    "sex": lambda code: SEXES.get(code, code),
    "markers": lambda codes: ", ".join(MARKERS.get(code, code) for code in codes),
}
