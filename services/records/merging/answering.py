"""A proposed merge is agreed to or refused by the other CPC, or withdrawn (PF-4.16m)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.merging.deciding import both, must_answer, refuse_blocked
from services.records.merging.ending import end, proposing
from services.records.merging.joining import carry_out
from services.records.merging.models import REASON, Merge
from services.records.merging.one import PAGE, PATH, held, merge_of, must_be, said, tell_cpc
from services.records.merging.pairs import mark_not_same
from services.records.merging.schemas import AnswerInput, MergeAnswer, WithdrawInput
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.merging import MERGE_REFUSED, MERGE_WITHDRAWN
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work


def may_answer(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    row = merge_of(work, merge_id)
    must_answer(work, row.asked_owner)
    must_be(row, "proposed")
    return {"about": said(work, row)}


@service.command(
    "merging.agree",
    path=f"{PATH}/agreement",
    input=Nothing,
    answer=MergeAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Agree to the merge",
        button="Agree and merge",
        done="The two records are one.",
        next=PAGE,
        path=f"{PATH}/agreement/new",
        intro="Everything of the record that goes belongs to the one that stays. This can be undone for a while.",
        values=may_answer,
    ),
)
def agree(work: Work, *, merge_id: UUID) -> Merge:
    """The other CPC agrees, and the records are one; nobody agrees to what they proposed themselves (R23)."""
    row = held(work, merge_id, "proposed")
    must_answer(work, row.asked_owner)
    if row.proposed_by == work.principal.person_id:
        raise Refusal("R23", subject="merge", nominal_id=row.nominal_id)
    two = both(work, row.nominal_id, row.gone_id)
    refuse_blocked(work, two, but=row.id)
    carry_out(work, row, work.runtime.decrypt(row.origin_nominal_id, REASON, row.reason))
    return row


@service.command(
    "merging.refuse",
    path=f"{PATH}/refusal",
    input=AnswerInput,
    answer=MergeAnswer,
    form=FormPage(
        title="Refuse the merge",
        button="Refuse",
        done="The merge is refused. The CPC who proposed it has been told.",
        next=PAGE,
        path=f"{PATH}/refusal/new",
        values=may_answer,
    ),
)
def refuse(work: Work, *, merge_id: UUID, text: str, not_same: bool) -> Merge:
    """Both records stay as they are."""
    row = held(work, merge_id, "proposed")
    must_answer(work, row.asked_owner)
    end(work, row, "refused", text)
    work.concerns(private=text, state=row.state)
    if not_same:
        mark_not_same(work, row.nominal_id, row.gone_id)
    own = row.into_owner if row.asked_owner == row.gone_owner else row.gone_owner
    tell_cpc(work, row, MERGE_REFUSED, own)
    return row


def may_withdraw(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    row = merge_of(work, merge_id)
    must_answer(work, *proposing(row))
    must_be(row, "proposed")
    return {"about": said(work, row)}


@service.command(
    "merging.withdraw",
    path=f"{PATH}/withdrawal",
    input=WithdrawInput,
    answer=MergeAnswer,
    form=FormPage(
        title="Withdraw the merge",
        button="Withdraw",
        done="The proposal is withdrawn.",
        next=PAGE,
        path=f"{PATH}/withdrawal/new",
        values=may_withdraw,
    ),
)
def withdraw(work: Work, *, merge_id: UUID, text: str) -> Merge:
    row = held(work, merge_id, "proposed")
    must_answer(work, *proposing(row))
    end(work, row, "withdrawn", text)
    work.concerns(private=text, state=row.state)
    tell_cpc(work, row, MERGE_WITHDRAWN, str(row.asked_owner))
    return row
