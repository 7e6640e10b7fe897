"""A bulk transfer that stopped after several failures goes on where it stopped (PF-4.16f)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.bulk_transfer.choosing import refused
from services.records.bulk_transfer.commands import ONE, PAGE, TASK
from services.records.bulk_transfer.models import BulkTransfer
from services.records.bulk_transfer.naming import about
from services.records.bulk_transfer.rules import answers_for, may_answer
from services.records.bulk_transfer.schemas import BulkAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.messaging import given_up
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

_TABLES = service.tables.messaging


def has_stopped(work: Work, bulk: BulkTransfer) -> bool:
    """It was agreed, and its job was given up before its end."""
    return bulk.state == "running" and given_up.is_given_up(work.session, _TABLES, TASK, str(bulk.id))


def may_resume(work: Work, *, bulk_id: UUID) -> dict[str, Any]:
    bulk = _answered_for(work, bulk_id)
    if not has_stopped(work, bulk):
        raise _goes_on()
    return dict(about(work, bulk))


@service.command(
    "bulk_transfer.resume",
    path=f"{ONE}/resumption",
    input=Nothing,
    answer=BulkAnswer,
    status=202,
    form=FormPage(
        title="Go on with the bulk transfer",
        button="Go on",
        done="It goes on where it stopped. Both sides are told when it is done.",
        next=PAGE,
        path=f"{ONE}/resumption/new",
        intro="It stopped after several failures. What was transferred stays so; the records that wait come next.",
        values=may_resume,
    ),
)
def resume(work: Work, *, bulk_id: UUID) -> BulkTransfer:
    """For the CPC, or her deputy, of either side: neither waits for the other to put it right."""
    bulk = _answered_for(work, bulk_id)
    work.concerns(subject=("bulk_transfer", bulk_id), done=bulk.done, records=bulk.total)
    if bulk.state != "running" or not given_up.try_again(work.session, _TABLES, by_key=(TASK, str(bulk_id))):
        raise _goes_on()
    return bulk


def _goes_on() -> Refusal:
    return Refusal("R34", what="This bulk transfer has not stopped: there is nothing to go on with.")


def _answered_for(work: Work, bulk_id: UUID) -> BulkTransfer:
    """Raises NotFound, or R30 or R11 for whoever answers for neither side."""
    bulk = work.session.get(BulkTransfer, bulk_id)
    if bulk is None:
        raise NotFound
    if not answers_for(work.principal) & {bulk.from_owner, bulk.to_owner}:
        raise refused(work, bulk.to_owner, may_answer(work.principal, bulk.to_owner) or "R11")
    return bulk
