"""Asking for partnership, granting it whole or in part, and refusing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.records.access.authorise import authorise
from services.records.access.concerned import concerned, holding
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.custody.queries import open_reception
from services.records.nominals.naming import about
from services.records.partnership.adding import ToBe, able, add, partners_of, refuse_without_token
from services.records.partnership.models import Request, RequestedUser
from services.records.partnership.rules import can_be_decided, still_to_partner, wrong_part
from services.records.partnership.schemas import Granted, NewRequest, Refused, RequestAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.events.records.partnership import (
    PARTNERSHIP_GRANTED,
    PARTNERSHIP_PENDING,
    PARTNERSHIP_REFUSED,
    PARTNERSHIP_REQUESTED,
)
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/partnership/requests"
REASON = "partnership.reason"
ANSWER = "partnership.answer"
ALREADY = "You have already asked for partnership to this record; the request is waiting to be decided."
CHOOSE = "Choose current users of your establishment or unit"
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


def may_grant(work: Work, *, nominal_id: UUID, request_id: UUID) -> dict[str, Any]:
    """Everybody on the request is ticked at first."""
    record = authorise(work, "partnership.decide", nominal_id).record
    request = _open_request(work, nominal_id, request_id)
    return {**about(work, record), "people": [user.person_id for user in request.users]}


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
        cancel="/nominals/{nominal_id}",
        path=f"{PATH}/new",
        intro="A partner opens the record without explanation and can update it.",
        values=may_request,
        template="partnership/request_form.html",
    ),
)
def request_partnership(
    work: Work, *, nominal_id: UUID, whom: str, reason: str, people: Sequence[UUID] = ()
) -> Request:
    """Ask the owner of a record to make users partners of it: one request for a whole prison (PF-5.13.3)."""
    record = authorise(work, "partnership.request", nominal_id, lock=True).record
    return ask(work, record, whom, reason, people)


def ask(work: Work, record: Record, whom: str, reason: str, people: Sequence[UUID] = ()) -> Request:
    """The request itself, by a person who may make it."""
    nominal_id = record.id
    cards = _whom(work, whom, people)
    wanted = still_to_partner([card.id for card in cards], partners_of(work, nominal_id))
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


def _whom(work: Work, whom: str, people: Sequence[UUID]) -> list[PersonCard]:
    """The asking person, or current users of her unit: all who hold the partner token, or those chosen (R11, else)."""
    if whom == "unit":
        return read_model.members(work.session, work.principal.unit, "partner")
    if whom == "people":
        here = {card.id: card for card in read_model.members(work.session, work.principal.unit)}
        if not people or set(people) - here.keys():
            raise Invalid({"people": [CHOOSE]})
        chosen = [here[one] for one in dict.fromkeys(people)]
        refuse_without_token(work, chosen)
        return chosen
    card = read_model.person(work.session, work.principal.person_id)
    if card is None or not work.principal.holds("partner"):
        raise Refusal("R11", token="partner")  # noqa: S106 - a token is an access right here
    return [card]


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
    if work.principal.agency_kind == "prison":
        _keep_watch(work, record, request)


def _keep_watch(work: Work, record: Record, request: Request) -> None:
    """The prison's administrators look each day whether it was granted (PF-5.15, D-09)."""
    role, unit = "prison_administrator", request.requesting_unit
    data = {
        "request_id": request.id,
        "nominal_id": record.id,
        "requesting_unit": unit,
        "jurisdiction": record.jurisdiction,
    }
    to = holding(read_model.holders(work.session, role, unit), role, unit, request.requesting_agency)
    work.emit(PARTNERSHIP_PENDING, data, aggregate=("partnership_request", request.id), to=to)


@service.command(
    "partnership.grant",
    path=f"{PATH}/<uuid:request_id>/grant",
    input=Granted,
    answer=RequestAnswer,
    form=FormPage(
        title="Grant partnership",
        button="Grant partnership",
        done="Partnership is granted. Each partner has been told.",
        next="/partnership/requests/{request_id}",
        intro="Everybody ticked becomes partner at once: they open the record without explanation and can update it."
        " Whoever has left meanwhile, or holds no partner token any more, is left out.",
        values=may_grant,
    ),
)
def grant(
    work: Work, *, nominal_id: UUID, request_id: UUID, people: Sequence[UUID] | None = None, answer: str = ""
) -> Request:
    """Make everybody asked for a partner, or some of them with the reason why not the others (PF-4.25.2)."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    request = _open_request(work, nominal_id, request_id)
    asked = [user.person_id for user in request.users]
    chosen = set(asked if people is None else people)
    if wrong := wrong_part(asked, chosen, answer):
        raise Invalid(wrong)
    _decide(work, request, "granted")
    in_part = chosen != set(asked)
    for user in request.users:
        user.left_out = user.person_id not in chosen
    if in_part:
        request.answer = work.runtime.encrypt(request.origin_nominal_id, ANSWER, answer.strip())
    can = able(work, sorted(chosen))
    granted = [user for user in request.users if user.person_id in can]
    kept = {"requested_by": request.requested_by, "request_id": request.id, "reason": request.reason}
    added = add(work, record, [ToBe(one.person_id, one.agency, one.unit) for one in granted], **kept)
    standing_changed(work, record)
    to = [Concerned(user.person_id, "partner", user.unit, user.agency) for user in granted]
    if request.requested_by not in can:
        to.append(_requester(request))
    work.concerns(subject=("partnership_request", request_id), users=len(asked), added=len(added))
    data = {"request_id": request_id, "nominal_id": nominal_id, "in_part": in_part}
    agencies = sorted({record.owner_agency, request.requesting_agency})
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
    request.answer = work.runtime.encrypt(request.origin_nominal_id, ANSWER, answer)
    work.concerns(subject=("partnership_request", request_id), private=answer)
    data = {"request_id": request_id, "nominal_id": nominal_id}
    agencies = sorted({record.owner_agency, request.requesting_agency})
    work.emit(
        PARTNERSHIP_REFUSED,
        data,
        aggregate=("partnership_request", request_id),
        to=[_requester(request)],
        agencies=agencies,
    )
    return request


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
