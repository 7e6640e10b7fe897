"""Who has looked at this record: everybody, partners too, from the audit, for the CPC who owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, exists, literal, or_, select

from services.records.access.authorise import authorise
from services.records.access.history import ACTION
from services.records.access.models import Access
from services.records.access.openings import LASTS
from services.records.access.schemas import LookedAnswer, LookedFilter
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Invalid
from shared.time.calendars import end_of_day, start_of_day
from shared.web.display import Person
from shared.web.forms import form_view
from shared.work import Work

PAGE = 50
_audit = service.tables.audit.entry.c
# The page that asks for the reason shows nothing of the record: whoever turned back there has not looked.
ASKED_WHY = "access.open.form"
# An opening is kept in the same moment as the view that it is for.
_A_MOMENT = timedelta(minutes=1)


@service.query(
    "access.looked",
    path="/nominals/<uuid:nominal_id>/looked",
    input=LookedFilter,
    answer=LookedAnswer,
    page=Page("Who has looked at this record", "access/looked.html"),
    reads="Who has looked",
)
def looked(
    work: Work,
    *,
    nominal_id: UUID,
    tie: str,
    person_id: UUID | None,
    since: date | None,
    until: date | None,
    before: UUID | None,
) -> dict[str, Any]:
    """Each view, newest first."""
    opened = authorise(work, ACTION, nominal_id)
    views = and_(
        _audit.nominal_id.in_(_whole(nominal_id)), _audit.outcome == "viewed", _audit.action != ASKED_WHY
    )
    if since and until and until < since:
        raise Invalid({"until": ["The last day cannot be before the first"]})
    columns = (_audit.id, _audit.at, _audit.actor, _audit.action, _by_reason().label("by_reason"))
    found = select(*columns).where(views, *_asked(tie, person_id, since, until, before))
    newest = found.order_by(_audit.at.desc(), _audit.id.desc())
    rows = work.session.execute(newest.limit(PAGE + 1)).all()
    work.concerns(count=len(rows[:PAGE]))
    given = {"tie": tie, "person_id": person_id, "since": since, "until": until}
    asked = {name: value for name, value in given.items() if value}
    places = {"people": _lookers(work, views)}
    return {
        "looks": _said(work, rows[:PAGE]),
        "next_before": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "filters": form_view(LookedFilter(exclude=("before",)), asked, context=places),
        "asked": asked,
        "visor_number": opened.record.visor_number,
    }


def _whole(nominal_id: UUID) -> Select[Any]:
    """The record, and those that were merged into it: the audit keeps the id under which somebody looked."""
    ids = select(literal(nominal_id, Uuid()).label("id")).cte("whole", recursive=True)
    merged = select(Nominal.id).join(ids, Nominal.merged_into_id == ids.c.id)
    return select(ids.union(merged).c.id)


def _asked(
    tie: str, person_id: UUID | None, since: date | None, until: date | None, before: UUID | None
) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if tie:
        asked.append(_by_reason() if tie == "without" else ~_by_reason())
    if person_id is not None:
        asked.append(_audit.actor == person_id)
    if since is not None:
        asked.append(_audit.at >= start_of_day(since))
    if until is not None:
        asked.append(_audit.at <= end_of_day(until))
    if before is not None:
        last = select(_audit.at).where(_audit.id == before).scalar_subquery()
        asked.append(or_(_audit.at < last, (_audit.at == last) & (_audit.id < before)))
    return asked


def _lookers(work: Work, views: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Everybody who ever looked, by name, for the filter."""
    found = select(_audit.actor).where(views).distinct()
    people = read_model.people(work.session, list(work.session.execute(found).scalars()))
    return [(str(card.id), card.name) for card in sorted(people.values(), key=lambda card: card.name)]


def _by_reason() -> ColumnElement[bool]:
    """Whether they had opened the record with a reason just before: an opening covers half an hour."""
    return exists().where(
        Access.origin_nominal_id == _audit.nominal_id,
        Access.person_id == _audit.actor,
        Access.outcome == "opened",
        Access.at.between(_audit.at - LASTS, _audit.at + _A_MOMENT),
    )


def _said(work: Work, rows: Sequence[Any]) -> list[dict[str, Any]]:
    people = read_model.people(work.session, [row.actor for row in rows])
    units = read_model.units(work.session, [card.unit for card in people.values()])
    return [
        {
            "at": row.at,
            "person_id": row.actor,
            "person": Person(row.actor, people[row.actor].name) if row.actor in people else None,
            "name": people[row.actor].name if row.actor in people else None,
            "unit_name": _unit(people.get(row.actor), units),
            "what": service.declarations.words(row.action) or "Read",
            "by_reason": row.by_reason,
        }
        for row in rows
    ]


def _unit(card: read_model.PersonCard | None, units: Mapping[str, read_model.UnitCard]) -> str:
    return "" if card is None else units[card.unit].name if card.unit in units else card.unit
