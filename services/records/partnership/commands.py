"""Asking for partnership, granting and refusing it, and ending it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import selectinload

from services.records.access.authorise import authorise
from services.records.access.concerned import concerned
from services.records.access.models import Partnership
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.custody.queries import open_reception
from services.records.nominals.naming import about
from services.records.partnership.models import Request, RequestedUser
from services.records.partnership.rules import can_be_decided, still_to_partner
from services.records.partnership.schemas import NewRequest, Refused, RequestAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.directory.tables import DIRECTORY
from shared.events.records.partnership import PARTNERSHIP_GRANTED, PARTNERSHIP_REFUSED, PARTNERSHIP_REQUESTED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/partnership/requests"
REASON = "partnership.reason"
ANSWER = "partnership.answer"
ALREADY = "You have already asked for partnership to this record; the request is waiting to be decided."
NOBODY_HOLDS = "Nobody in your unit holds the partner token."
ALL_PARTNERS = "Everybody asked for is a partner of this record already."
UNIT_ALREADY = "Partnership for your unit is asked for already; the request is waiting to be decided."

service.constraints["uq_partnership_request_open"] = lambda: Refusal("R34", what=ALREADY)
service.constraints["uq_partnership_request_open_unit"] = lambda: Refusal("R34", what=UNIT_ALREADY)


def may_request(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not ask is told before typing; a prison's administrator asks for the whole prison (PF-5.13.3)."""
    authorise(work, "partnership.request", nominal_id)
    return {"whom": "unit" if work.principal.agency_kind == "prison" else "me"}


def may_decide(work: Work, *, nominal_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Whoever may not decide, or comes too late, is told before deciding."""
    record = authorise(work, "partnership.decide", nominal_id).record
    _open_request(work, nominal_id, request_id)
    return dict(about(work, record))


def may_end(work: Work, *, nominal_id: UUID, person_id: UUID) -> dict[str, Any]:
    record = authorise(work, "partnership.decide", nominal_id).record
    if person_id not in _partners(work, nominal_id):
        raise NotFound
    return dict(about(work, record))


@service.command(
    "partnership.request",
    path=PATH,
    input=NewRequest,
    answer=RequestAnswer,
    status=201,
    form=FormPage(
        title="Request partnership",
        button="Send request",
        done="The request is with the manager of the record.",
        next="/partnership/requests/{id}",
        path=f"{PATH}/new",
        intro="A partner opens the record without explanation and can update it.",
        values=may_request,
        template="partnership/request_form.html",
    ),
)
def request_partnership(work: Work, *, nominal_id: UUID, whom: str, reason: str) -> Request:
    """Ask the owner of a record to make users partners of it: one request for a whole prison (PF-5.13.3)."""
    record = authorise(work, "partnership.request", nominal_id).record
    cards = _whom(work, whom)
    wanted = still_to_partner([card.id for card in cards], _partners(work, nominal_id))
    if not wanted:
        raise Invalid({"whom": [NOBODY_HOLDS if not cards else ALL_PARTNERS]})
    request = Request(
        id=new_id(),
        nominal_id=nominal_id,
        requested_by=work.principal.person_id,
        requesting_agency=work.principal.agency,
        requesting_unit=work.principal.unit,
        requested_at=work.now,
        whole_unit=whom == "unit",
        for_reception=open_reception(work.session, nominal_id, work.principal.unit),
        reason=work.runtime.encrypt(nominal_id, REASON, reason),
    )
    request.users = [
        RequestedUser(person_id=card.id, agency=card.agency, unit=card.unit)
        for card in cards
        if card.id in wanted
    ]
    work.session.add(request)
    work.session.flush()
    work.concerns(subject=("partnership_request", request.id), private=reason, users=len(wanted))
    _tell_owner(work, record, request)
    return request


def _whom(work: Work, whom: str) -> list[PersonCard]:
    """The asking person, or every current user of her unit who holds the partner token (R11 names who does not)."""
    if whom == "unit":
        return read_model.members(work.session, work.principal.unit, "partner")
    card = read_model.person(work.session, work.principal.person_id)
    if card is None or not work.principal.holds("partner"):
        raise Refusal("R11", token="partner")  # noqa: S106 - a token is an access right here
    return [card]


def _partners(work: Work, nominal_id: UUID) -> set[UUID]:
    found = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    return set(work.session.execute(found).scalars())


def _tell_owner(work: Work, record: Record, request: Request) -> None:
    data = {
        "request_id": request.id,
        "nominal_id": record.id,
        "requesting_unit": request.requesting_unit,
        "owner_unit": record.owner_unit,
        "jurisdiction": record.jurisdiction,
        "users": len(request.users),
        "for_reception": request.for_reception,
    }
    to = concerned(work, record, "manager", "supervisor", "lpc")
    # The asking agency keeps the reception's deadline, which this request meets.
    agencies = [work.principal.agency]
    work.emit(
        PARTNERSHIP_REQUESTED, data, aggregate=("partnership_request", request.id), to=to, agencies=agencies
    )


@service.command(
    "partnership.grant",
    path=f"{PATH}/<uuid:request_id>/grant",
    input=Nothing,
    answer=RequestAnswer,
    form=FormPage(
        title="Grant partnership",
        button="Grant partnership",
        done="Partnership is granted. Each partner has been told.",
        next="/partnership/requests/{request_id}",
        intro="Everybody on the request becomes partner at once: they open the record without explanation and can"
        " update it. Whoever has left meanwhile, or holds no partner token any more, is left out.",
        values=may_decide,
    ),
)
def grant(work: Work, *, nominal_id: UUID, request_id: UUID) -> Request:
    """Make everybody asked for a partner (PF-4.25.2); each of them is told."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    request = _open_request(work, nominal_id, request_id)
    _decide(work, request, "granted")
    able = _able(work, request)
    added = _add_partners(work, request, able)
    standing_changed(work, record)
    to = [Concerned(user.person_id, "partner", user.unit, user.agency) for user in able]
    if request.requested_by not in {user.person_id for user in able}:
        to.append(_requester(request))
    work.concerns(subject=("partnership_request", request_id), users=len(request.users), added=added)
    data = {"request_id": request_id, "nominal_id": nominal_id}
    agencies = [record.owner_agency]
    work.emit(
        PARTNERSHIP_GRANTED, data, aggregate=("partnership_request", request_id), to=to, agencies=agencies
    )
    return request


@service.command(
    "partnership.refuse",
    path=f"{PATH}/<uuid:request_id>/refuse",
    input=Refused,
    answer=RequestAnswer,
    form=FormPage(
        title="Refuse partnership",
        button="Refuse partnership",
        done="The request is refused. The person who asked has been told.",
        next="/partnership/requests/{request_id}",
        intro="The person who asked reads your reason.",
        values=may_decide,
    ),
)
def refuse(work: Work, *, nominal_id: UUID, request_id: UUID, answer: str) -> Request:
    """Refuse a request, with the reason; the person who asked is told."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    request = _open_request(work, nominal_id, request_id)
    _decide(work, request, "refused")
    request.answer = work.runtime.encrypt(nominal_id, ANSWER, answer)
    work.concerns(subject=("partnership_request", request_id), private=answer)
    data = {"request_id": request_id, "nominal_id": nominal_id}
    agencies = [record.owner_agency]
    work.emit(
        PARTNERSHIP_REFUSED,
        data,
        aggregate=("partnership_request", request_id),
        to=[_requester(request)],
        agencies=agencies,
    )
    return request


@service.command(
    "partnership.end",
    path="/nominals/<uuid:nominal_id>/partners/<uuid:person_id>",
    method="DELETE",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Remove this partner",
        button="Remove partner",
        done="The partner is removed.",
        next="/nominals/{nominal_id}/partners",
        path="/nominals/<uuid:nominal_id>/partners/<uuid:person_id>/remove",
        intro="They can still open the record, with a reason, and the owning CPC is told of it. What they wrote stays.",
        values=may_end,
        template="partnership/remove.html",
    ),
)
def end(work: Work, *, nominal_id: UUID, person_id: UUID) -> None:
    """End a partnership; the person's entries stay, and they open the record with a reason from now on.

    No clause wants the person told: the prison asks for the removal itself (PF-5.9.7, PF-5.19.2). Their page of the
    record says it, and the standings that go out take their notices away.
    """
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    ended = (
        update(Partnership)
        .where(
            Partnership.nominal_id == nominal_id,
            Partnership.person_id == person_id,
            Partnership.ended_at.is_(None),
        )
        .values(ended_at=work.now, ended_by=work.principal.person_id)
        .returning(Partnership.id)
    )
    if work.session.execute(ended).first() is None:
        raise NotFound
    work.concerns(subject=("person", person_id))
    standing_changed(work, record)


def _open_request(work: Work, nominal_id: UUID, request_id: UUID) -> Request:
    found = (
        select(Request)
        .where(Request.id == request_id, Request.nominal_id == nominal_id)
        .options(selectinload(Request.users))
        .with_for_update()
    )
    request = work.session.execute(found).scalar_one_or_none()
    if request is None:
        raise NotFound
    if not can_be_decided(request.state):
        raise Refusal("R34", what=f"This request was already {request.state}.", nominal_id=nominal_id)
    return request


def _requester(request: Request) -> Concerned:
    return Concerned(request.requested_by, "requester", request.requesting_unit, request.requesting_agency)


def _decide(work: Work, request: Request, state: str) -> None:
    request.state, request.decided_by, request.decided_at = state, work.principal.person_id, work.now


def _able(work: Work, request: Request) -> list[RequestedUser]:
    """Those asked for who can be partner now: without the token nobody can (PF-7/ViSOR Tokens.3)."""
    person, grant = DIRECTORY.person.c, DIRECTORY.grant.c
    holds = exists().where(grant.person_id == person.id, grant.name == "partner")
    asked = [user.person_id for user in request.users]
    found = set(
        work.session.execute(select(person.id).where(person.id.in_(asked), person.active, holds)).scalars()
    )
    return [user for user in request.users if user.person_id in found]


def _add_partners(work: Work, request: Request, able: list[RequestedUser]) -> int:
    """One row for each who is not a partner yet; returns how many were added."""
    rows = [
        {
            "id": new_id(),
            "nominal_id": request.nominal_id,
            "origin_nominal_id": request.nominal_id,
            "person_id": user.person_id,
            "agency": user.agency,
            "unit": user.unit,
            "started_at": work.now,
            "requested_by": request.requested_by,
            "granted_by": work.principal.person_id,
            "request_id": request.id,
            "reason": request.reason,
        }
        for user in able
    ]
    if not rows:
        return 0
    added = insert(Partnership).on_conflict_do_nothing().returning(Partnership.person_id)
    return len(work.session.execute(added, rows).all())
