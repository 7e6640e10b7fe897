"""Asking that a record be deleted, and the second person's decision (PF-4.16i)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise, facts
from services.records.access.concerned import concerned, holding
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.deletion.deciding import open_request, refuse_blocked, refuse_other
from services.records.deletion.ending import end, tell, who_asked
from services.records.deletion.jobs import TASK
from services.records.deletion.models import REASON, DeletionRequest, Tombstone
from services.records.deletion.purging import purge
from services.records.deletion.rules import REVIEW, SECOND_ROLES, missing_checks, too_early
from services.records.deletion.schemas import (
    DeletedAnswer,
    DeletionInput,
    RefusalInput,
    RequestAnswer,
    WithdrawalInput,
)
from services.records.merging.joining import origins_of
from services.records.nominals.naming import about
from services.records.retention.commands import close, open_review
from services.records.retention.days import kept_until
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.nominals import NOMINAL_DELETED
from shared.events.records.retention import DELETION_REFUSED, DELETION_REQUESTED, DELETION_WITHDRAWN
from shared.ids import new_id
from shared.messaging.crash_points import crash_point
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.display import day
from shared.web.schemas import Nothing
from shared.work import Concerned, Work

ACTION = "nominals.delete"
OF_NOMINAL = "/nominals/<uuid:nominal_id>/deletion"
PATH = "/deletions/<uuid:request_id>"
PAGE = "/deletions/{request_id}"

ASKED = "Somebody asked already that this record be deleted."

service.constraints["uq_deletion_request_open"] = lambda: Refusal("R34", what=ASKED)


def may_ask(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not, and what stands against it, is said before anybody types."""
    record = authorise(work, ACTION, nominal_id).record
    _refuse_asked(work, nominal_id)
    refuse_blocked(work, record)
    kept = kept_until(work, nominal_id)
    until = f" It is kept until its review on {day(kept.review_on)}." if kept.review_on else ""
    waits = open_review(work, nominal_id) is not None
    intro = f"Nobody can bring a deleted record back.{until} A second person reads what you write here, and decides."
    return {**about(work, record), "intro": intro, **({"ground": REVIEW} if waits else {})}


@service.command(
    "deletion.request",
    path=OF_NOMINAL,
    input=DeletionInput,
    answer=RequestAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        title="Ask for the deletion of this record",
        button="Ask for deletion",
        done="Asked. A second person decides.",
        next="/deletions/{id}",
        cancel="/nominals/{nominal_id}/retention",
        path=f"{OF_NOMINAL}/new",
        values=may_ask,
        template="deletion/form.html",
    ),
)
def request(work: Work, *, nominal_id: UUID, ground: str, checked: list[str], reason: str) -> DeletionRequest:
    """Ask on a ground, when all of the checklist was looked at (PF-4.16i.1, PF-4.16i.2); R22 before the review."""
    record = authorise(work, ACTION, nominal_id, lock=True).record
    _refuse_asked(work, nominal_id)
    refuse_blocked(work, record)
    review = open_review(work, nominal_id)
    kept = kept_until(work, nominal_id).review_on
    if too_early(ground, kept, work.today, due=review is not None):
        until = day(kept) if kept else "a day that is still to be set"
        raise Refusal("R22", date=until, nominal_id=nominal_id)
    if missing := missing_checks(checked):
        raise Invalid({"checked": [f"Look at this as well: {missing[0][:1].lower()}{missing[0][1:]}"]})
    row = DeletionRequest(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        ground=ground,
        checked=sorted(set(checked)),
        reason=work.runtime.encrypt(nominal_id, REASON, reason),
        owner_unit=record.owner_unit,
        owner_agency=record.owner_agency,
        requested_by=work.principal.person_id,
        requested_at=work.now,
        state="requested",
    )
    work.session.add(row)
    work.session.flush()
    if review is not None and ground == REVIEW:
        close(work, review, "remove")
    work.concerns(subject=("deletion_request", row.id), private=reason, ground=ground)
    tell(work, DELETION_REQUESTED, row, _second(work, record))
    return row


def _refuse_asked(work: Work, nominal_id: UUID) -> None:
    """Before all else, since the first request has ended the review for which the second asks."""
    if open_request(work, nominal_id) is not None:
        raise Refusal("R34", what=ASKED, nominal_id=nominal_id)


def _second(work: Work, record: Record) -> list[Concerned]:
    """Who may decide, but not who asked; where there is nobody, the vacant part is reported."""
    found = [one for one in concerned(work, record, "cpc") if one.person_id != work.principal.person_id]
    for role in SECOND_ROLES:
        cards = [
            card
            for unit in (record.owner_unit, *read_model.above(work.session, record.owner_unit))
            for card in read_model.holders(work.session, role, unit)
            if card.id != work.principal.person_id
        ]
        unique = {card.id: card for card in cards}
        found += holding(unique.values(), role, record.owner_unit, record.owner_agency) if unique else []
    return found or holding([], SECOND_ROLES[0], record.owner_unit, record.owner_agency)


def request_of(work: Work, request_id: UUID, *, lock: bool = False) -> DeletionRequest:
    row = work.session.get(DeletionRequest, request_id)
    if row is None:
        raise NotFound
    work.concerns(subject=("deletion_request", request_id), nominal_id=row.nominal_id)
    if lock:
        work.together()
        facts(work, row.nominal_id, lock=True)
        row = work.session.get_one(DeletionRequest, request_id, with_for_update=True, populate_existing=True)
        if row.state != "requested":
            raise Refusal("R34", what=f"This request was {row.state}.", nominal_id=row.nominal_id)
    return row


def may_answer(work: Work, *, request_id: UUID) -> dict[str, Any]:
    row = request_of(work, request_id)
    refuse_other(work, row.owner_unit)
    _refuse_own(work, row)
    return {"about": facts(work, row.nominal_id).visor_number}


def _refuse_own(work: Work, row: DeletionRequest) -> None:
    """Two people (PF-4.16i.1), unless policy takes one for enough."""
    two = work.policy.flag("deletion.second_approver", work.today)
    if two and row.requested_by == work.principal.person_id:
        raise Refusal("R23", subject="request for deletion", nominal_id=row.nominal_id)


@dataclass(frozen=True)
class Deleted:
    record_id: UUID
    visor_number: str
    deleted_at: datetime


@service.command(
    "deletion.approve",
    path=f"{PATH}/approval",
    input=Nothing,
    answer=DeletedAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Delete the record",
        button="Delete the record for ever",
        done="The record is deleted. What is left says that it was, why it is not, and who decided.",
        next="/deletions?show=deleted",
        path=f"{PATH}/approval/new",
        intro="All of the record goes: its log, attachments, files, history and names. Nobody can bring it back.",
        values=may_answer,
        template="deletion/form.html",
    ),
)
def approve(work: Work, *, request_id: UUID) -> Deleted:
    """The second person agrees: rows go at once, the keys right after (PF-4.16i.3). Of two who agree one is told so."""
    row = request_of(work, request_id, lock=True)
    refuse_other(work, row.owner_unit)
    _refuse_own(work, row)
    record = facts(work, row.nominal_id)
    refuse_blocked(work, record)
    return _carry_out(work, row, record)


def _carry_out(work: Work, row: DeletionRequest, record: Record) -> Deleted:
    ids = origins_of(work, record.id)
    told = {agency for one in ids for agency in agencies_told(work.session, facts(work, one))}
    tombstone = Tombstone(
        id=new_id(),
        record_id=record.id,
        record_ids=ids,
        visor_number=record.visor_number,
        ground=row.ground,
        owner_unit=record.owner_unit,
        owner_agency=record.owner_agency,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        approved_by=work.principal.person_id,
        deleted_at=work.now,
        rows=0,
    )
    work.session.expunge_all()
    tombstone.rows = purge(work, ids)
    crash_point("deletion.rows_purged")
    work.session.add(tombstone)
    work.session.flush()
    work.concerns(subject=("tombstone", tombstone.id), ground=tombstone.ground, rows=tombstone.rows)
    for nominal_id in ids:
        data = {"nominal_id": nominal_id}
        work.emit(NOMINAL_DELETED, data, aggregate=("nominal", nominal_id), agencies=sorted(told))
    work.enqueue(TASK, {"tombstone_id": str(tombstone.id)}, key=str(tombstone.id))
    return Deleted(record.id, record.visor_number, tombstone.deleted_at)


@service.command(
    "deletion.refuse",
    path=f"{PATH}/refusal",
    input=RefusalInput,
    answer=RequestAnswer,
    form=FormPage(
        title="Refuse the deletion",
        button="Refuse",
        done="The record stays. Whoever asked has been told.",
        next=PAGE,
        path=f"{PATH}/refusal/new",
        values=may_answer,
    ),
)
def refuse(work: Work, *, request_id: UUID, text: str) -> DeletionRequest:
    row = request_of(work, request_id, lock=True)
    refuse_other(work, row.owner_unit)
    _refuse_own(work, row)
    end(work, row, "refused", text)
    work.concerns(private=text, state=row.state)
    tell(work, DELETION_REFUSED, row, who_asked(work, row))
    return row


def may_withdraw(work: Work, *, request_id: UUID) -> dict[str, Any]:
    row = request_of(work, request_id)
    record = authorise(work, ACTION, row.nominal_id).record
    return dict(about(work, record))


@service.command(
    "deletion.withdraw",
    path=f"{PATH}/withdrawal",
    input=WithdrawalInput,
    answer=RequestAnswer,
    form=FormPage(
        title="Withdraw the request",
        button="Withdraw",
        done="The request is withdrawn. The record stays.",
        next=PAGE,
        path=f"{PATH}/withdrawal/new",
        values=may_withdraw,
    ),
)
def withdraw(work: Work, *, request_id: UUID, text: str) -> DeletionRequest:
    row = request_of(work, request_id, lock=True)
    record = authorise(work, ACTION, row.nominal_id).record
    end(work, row, "withdrawn", text)
    work.concerns(private=text, state=row.state)
    tell(work, DELETION_WITHDRAWN, row, _second(work, record))
    return row
