"""Requests to decide, one request, and a nominal's partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from services.records.access.authorise import authorise, facts
from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.access.standings import hidden_from, standings
from services.records.access.table import LIVE_TOKENS
from services.records.nominals.parts import banner
from services.records.partnership.commands import ANSWER, REASON
from services.records.partnership.models import Draft, Request
from services.records.partnership.partners import END_REASON
from services.records.partnership.rules import can_be_decided
from services.records.partnership.schemas import (
    EndedAnswer,
    HistoryAnswer,
    HistoryPage,
    PartnerList,
    RequestList,
    RequestWhole,
)
from services.records.search.finding import Line, lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.events.records.partnership import PARTNERSHIP_LOOKED_AT
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

HISTORY = 100
DECIDING = ("manager", "supervisor", "lpc", "cpc", "deputy")


@service.query(
    "partnership.to_decide",
    path="/partnership/requests",
    input=Nothing,
    answer=RequestList,
    page=Page("Partnership requests", "partnership/to_decide.html"),
)
def to_decide(work: Work) -> dict[str, Any]:
    """Every open request that this person may decide, oldest first."""
    stands = standings(work.principal)
    mine = select(stands.c.nominal_id).where(stands.c.standing.in_(DECIDING))
    found = (
        select(Request)
        .where(Request.state == "requested", Request.nominal_id.in_(mine))
        .options(selectinload(Request.users))
        .order_by(Request.requested_at, Request.id)
        .limit(200)
    )
    requests = list(work.session.execute(found).scalars())
    units = read_model.units(work.session, [each.requesting_unit for each in requests])
    work.concerns(count=len(requests))
    return {"requests": requests, "units": units, "lines": _lines(work, requests)}


@service.query(
    "partnership.asked",
    path="/partnership/requests/asked",
    input=Nothing,
    answer=RequestList,
    page=Page("Requests of my unit", "partnership/asked.html"),
)
def asked(work: Work) -> dict[str, Any]:
    """What one's own unit asked for, to see each day whether it was granted (PF-5.15): open ones first."""
    if not work.principal.holds(*LIVE_TOKENS):
        raise Refusal("R11", token="partner")  # noqa: S106 - a token is an access right here
    found = (
        select(Request)
        .where(
            Request.requesting_unit == work.principal.unit,
            Request.nominal_id.not_in(hidden_from(work.principal)),
        )
        .options(selectinload(Request.users))
        .order_by((Request.state == "requested").desc(), Request.requested_at.desc(), Request.id)
        .limit(200)
    )
    requests = list(work.session.execute(found).scalars())
    _note_look(work, requests)
    people = read_model.people(work.session, [each.requested_by for each in requests])
    work.concerns(count=len(requests))
    return {"requests": requests, "askers": people, "lines": _lines(work, requests)}


def _note_look(work: Work, requests: Sequence[Request]) -> None:
    """Once a day: somebody of the prison has looked whether what it asked for was granted (PF-5.15, D-09)."""
    if work.principal.agency_kind != "prison":
        return
    waiting = [one.id for one in requests if one.state == "requested" and one.looked_on != work.today]
    if not waiting:
        return
    first = update(Request).where(
        Request.id.in_(waiting), Request.looked_on.is_distinct_from(work.today), Request.state == "requested"
    )
    looked = first.values(looked_on=work.today).returning(Request.id, Request.nominal_id)
    plain = {"synchronize_session": False}
    for row in work.session.execute(looked, execution_options=plain).all():
        data = {"request_id": row.id, "nominal_id": row.nominal_id, "looked_on": work.today}
        agencies = [work.principal.agency]
        work.emit(PARTNERSHIP_LOOKED_AT, data, aggregate=("partnership_request", row.id), agencies=agencies)


def _lines(work: Work, requests: list[Request]) -> dict[UUID | None, Line]:
    """The minimal line of each record that is asked about."""
    wanted = list(dict.fromkeys(each.nominal_id for each in requests))
    return {line.nominal_id: line for line in lines(work.session, work.principal, wanted)}


@service.query(
    "partnership.read_request",
    path="/partnership/requests/<uuid:request_id>",
    input=Nothing,
    answer=RequestWhole,
    page=Page("Partnership request", "partnership/request.html"),
)
def read_request(work: Work, *, request_id: UUID) -> dict[str, Any]:
    """One request, for those who may decide it and for the unit that asked."""
    request = work.session.get(Request, request_id, options=[selectinload(Request.users)])
    if request is None:
        raise NotFound
    record = facts(work, request.nominal_id)
    may_decide = decide(work.principal, "partnership.decide", record).allowed
    if not may_decide:
        # The unit that asked reads its own request, as far as it might ask again: not once access is limited (R15).
        asked = request.requesting_unit == work.principal.unit
        authorise(work, "partnership.request" if asked else "partnership.decide", request.nominal_id)
    work.concerns(nominal_id=request.nominal_id, subject=("partnership_request", request_id))
    return _whole(work, request, record, may_decide=may_decide and can_be_decided(request.state))


def _whole(work: Work, request: Request, record: Record, *, may_decide: bool) -> dict[str, Any]:
    known = read_model.people(
        work.session, [request.requested_by, *(user.person_id for user in request.users)]
    )
    unit = read_model.unit(work.session, request.requesting_unit)
    opened = work.runtime.decrypt
    people = [replace(_named(user.person_id, known), left_out=user.left_out) for user in request.users]
    return {
        "id": request.id,
        "nominal_id": request.nominal_id,
        "visor_number": record.visor_number,
        "line": _lines(work, [request]).get(request.nominal_id),
        "state": request.state,
        "requesting_unit": request.requesting_unit,
        "requesting_unit_name": unit.name if unit else request.requesting_unit,
        "requested_by": request.requested_by,
        "asker": _named(request.requested_by, known),
        "requested_at": request.requested_at,
        "decided_at": request.decided_at,
        "reason": opened(request.nominal_id, REASON, request.reason),
        "answer": opened(request.nominal_id, ANSWER, request.answer) if request.answer else None,
        "people": sorted(people, key=lambda one: one.name),
        "may_decide": may_decide,
    }


@dataclass(frozen=True)
class Named:
    """A user by name, as templates and answers want one."""

    person_id: UUID
    name: str
    card_url: str
    unit: str = ""
    started_at: Any = None
    left_out: bool = False


def _named(person_id: UUID, known: dict[UUID, read_model.PersonCard]) -> Named:
    card = known.get(person_id)
    if card is None:
        return Named(person_id, "a user not known here", read_model.card_url(person_id))
    return Named(person_id, card.name, card.card_url, card.unit)


@service.query(
    "partnership.partners",
    path="/nominals/<uuid:nominal_id>/partners",
    input=Nothing,
    answer=PartnerList,
    page=Page("Partners", "partnership/partners.html"),
)
def partners(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Everybody who is partner to the record now."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Partnership.person_id, Partnership.unit, Partnership.started_at).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    rows = work.session.execute(found.order_by(Partnership.started_at, Partnership.id)).all()
    known = read_model.people(work.session, [row.person_id for row in rows])
    named = [replace(_named(row.person_id, known), started_at=row.started_at) for row in rows]
    may = {
        f"may_{act}": decide(work.principal, f"partnership.{act}", opened.record).allowed
        for act in ("request", "decide")
    }
    removals = _removals(work, nominal_id) if may["may_decide"] else []
    units = read_model.units(work.session, [*(row.unit for row in rows), *(one.unit for one in removals)])
    work.concerns(count=len(named))
    return {
        "removals": removals,
        "partners": named,
        "units": units,
        "visor_number": opened.record.visor_number,
        "banner": banner(work, opened.record),
        **may,
    }


def _removals(work: Work, nominal_id: UUID) -> list[Draft]:
    """What prisons have asked for since their prisoner left."""
    found = select(Draft).where(
        Draft.nominal_id == nominal_id,
        Draft.kind == "removal",
        Draft.state == "sent",
        Draft.ended_at.is_(None),
    )
    return list(work.session.execute(found.order_by(Draft.drafted_at)).scalars())


@service.query(
    "partnership.ended",
    path="/partnership/ended/<uuid:act_id>",
    input=Nothing,
    answer=EndedAnswer,
    page=Page("Your partnership has ended", "partnership/ended.html"),
)
def ended(work: Work, *, act_id: UUID) -> dict[str, Any]:
    """Why one's own partnership was ended, for the person who was partner."""
    mine = (Partnership.end_act == act_id) & (Partnership.person_id == work.principal.person_id)
    row = work.session.execute(select(Partnership).where(mine)).scalar_one_or_none()
    if row is None or row.end_reason is None or row.ended_by is None:
        raise NotFound
    work.concerns(nominal_id=row.nominal_id, subject=("partnership", row.id))
    shown = lines(work.session, work.principal, [row.nominal_id])
    known = read_model.people(work.session, [row.ended_by])
    return {
        "nominal_id": row.nominal_id,
        "line": next(iter(shown), None),
        "ended_at": row.ended_at,
        "ended_by": row.ended_by,
        "ender": _named(row.ended_by, known),
        "end_reason": work.runtime.readable(row.origin_nominal_id, END_REASON, row.end_reason),
    }


@service.query(
    "partnership.history",
    path="/nominals/<uuid:nominal_id>/partners/history",
    input=HistoryPage,
    answer=HistoryAnswer,
    page=Page("Partnership history", "partnership/history.html"),
)
def history(work: Work, *, nominal_id: UUID, before: UUID | None) -> dict[str, Any]:
    """Every partnership of the record, also those that ended: who, since when, granted by whom, and why it ended."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Partnership).where(Partnership.nominal_id == nominal_id)
    if before is not None:
        found = found.where(Partnership.id < before)
    rows = list(work.session.execute(found.order_by(Partnership.id.desc()).limit(HISTORY + 1)).scalars())
    shown = rows[:HISTORY]
    ids = [one for row in shown for one in (row.person_id, row.granted_by, row.ended_by) if one is not None]
    known = read_model.people(work.session, ids)
    units = read_model.units(work.session, [row.unit for row in shown])
    work.concerns(count=len(shown))
    may_know_why = decide(work.principal, "partnership.decide", opened.record).allowed

    def clear(row: Partnership, purpose: str, sealed: bytes | None) -> str | None:
        if not sealed or not may_know_why:
            return None
        return work.runtime.readable(row.origin_nominal_id, purpose, sealed)

    return {
        "partnerships": [
            {
                "person_id": row.person_id,
                "who": _named(row.person_id, known),
                "name": _named(row.person_id, known).name,
                "unit": units[row.unit].name if row.unit in units else row.unit,
                "started_at": row.started_at,
                "ended_at": row.ended_at,
                "granted_by": row.granted_by,
                "granter": _named(row.granted_by, known),
                "ended_by": row.ended_by,
                "ender": _named(row.ended_by, known) if row.ended_by else None,
                "reason": clear(row, REASON, row.reason),
                "end_reason": clear(row, END_REASON, row.end_reason),
            }
            for row in shown
        ],
        "next": shown[-1].id if len(rows) > HISTORY else None,
        "visor_number": opened.record.visor_number,
    }
