"""Requests to decide, one request, and a nominal's partners."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.records.access.authorise import authorise, facts
from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.access.standings import hidden_from, standings
from services.records.access.table import LIVE_TOKENS
from services.records.nominals.parts import banner
from services.records.partnership.commands import ANSWER, REASON
from services.records.partnership.models import Request
from services.records.partnership.rules import can_be_decided
from services.records.partnership.schemas import PartnerList, RequestList, RequestWhole
from services.records.search.finding import Line, lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

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
    people = read_model.people(work.session, [each.requested_by for each in requests])
    work.concerns(count=len(requests))
    return {"requests": requests, "askers": people, "lines": _lines(work, requests)}


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
    people = [_named(user.person_id, known) for user in request.users]
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
    units = read_model.units(work.session, [row.unit for row in rows])
    may = {
        f"may_{act}": decide(work.principal, f"partnership.{act}", opened.record).allowed
        for act in ("request", "decide")
    }
    work.concerns(count=len(named))
    return {
        "partners": named,
        "units": units,
        "visor_number": opened.record.visor_number,
        "banner": banner(work, opened.record),
        **may,
    }
