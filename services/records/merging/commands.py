"""Proposing and agreeing a merge, and undoing it (PF-4.16m): across areas both CPCs agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.merging import since
from services.records.merging.comparing import sides
from services.records.merging.deciding import Two, both, must_answer, refuse_blocked
from services.records.merging.joining import Pair, join, part
from services.records.merging.models import ANSWER, REASON, UNDONE, Merge
from services.records.merging.pairs import mark_not_same
from services.records.merging.rules import FACTS, may_be_undone
from services.records.merging.schemas import (
    AnswerInput,
    MergeAnswer,
    MergeInput,
    NotSameInput,
    PairAnswer,
    UndoInput,
    UndoneAnswer,
    WithdrawInput,
)
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.merging import MERGE_PROPOSED, MERGE_REFUSED, MERGE_WITHDRAWN
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.time.periods import due
from shared.web.display import day
from shared.web.schemas import Nothing
from shared.work import Concerned, Work

OF_TWO = "/nominals/<uuid:nominal_id>/merges/<uuid:other_id>"
PATH = "/merges/<uuid:merge_id>"
PAGE = "/merges/{merge_id}"

service.constraints["uq_merge_gone"] = lambda: Refusal("R34", what="A merge of this record is under way.")


def may_merge(work: Work, *, nominal_id: UUID, other_id: UUID) -> dict[str, Any]:
    """Whoever may not, and what stands against it, is said before anybody types; with what each record says."""
    two = both(work, nominal_id, other_id)
    refuse_blocked(work, two)
    about = f"{two.into.visor_number} stays, {two.gone.visor_number} goes"
    first = dict.fromkeys(FACTS, "into")
    return {
        **first,
        "about": about,
        "sides": sides(work, nominal_id, other_id),
        "intro": _intro(work, two),
    }


def _intro(work: Work, two: Two) -> str:
    base = (
        "Everything of the record that goes, its log, attachments, files, history and partners, belongs to the one that"
        " stays. Its number leads there."
    )
    if two.asked_owner is None:
        return base
    unit = read_model.unit(work.session, two.asked_owner)
    return f"{base} The CPC of {unit.name if unit else two.asked_owner} has to agree first."


@service.command(
    "merging.merge",
    path=OF_TWO,
    input=MergeInput,
    answer=MergeAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        title="Merge two records of one person",
        button="Merge",
        done="Done. Where two areas own the records, the other CPC has been asked.",
        next="/merges/{id}",
        path=f"{OF_TWO}/new",
        values=may_merge,
        template="merging/form.html",
    ),
)
def merge(work: Work, *, nominal_id: UUID, other_id: UUID, reason: str, **choices: str) -> Merge:
    """Merge `other_id` into `nominal_id`, or, where another CPC owns one of the two, propose it to her."""
    two = both(work, nominal_id, other_id, lock=True)
    refuse_blocked(work, two)
    row = Merge(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        gone_id=other_id,
        state="proposed",
        gone_owner=two.gone.owner_unit,
        into_owner=two.into.owner_unit,
        asked_owner=two.asked_owner,
        choices={fact: choices[fact] for fact in FACTS},
        reason=work.runtime.encrypt(nominal_id, REASON, reason),
        proposed_by=work.principal.person_id,
        proposed_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.concerns(subject=("merge", row.id), private=reason, state=row.state)
    if two.asked_owner is None:
        _carry_out(work, row, reason)
    else:
        _tell(work, row, MERGE_PROPOSED, _cpc(work, two.asked_owner), asked_owner=two.asked_owner)
    return row


def _carry_out(work: Work, row: Merge, reason: str) -> None:
    row.state, row.decided_by, row.decided_at = "merged", work.principal.person_id, work.now
    period = work.policy.period("merging.reversible_for", work.today)
    row.undo_until = due(work.now, period, "ENG").day
    pair = Pair(
        work.session.get_one(Nominal, row.nominal_id, populate_existing=True),
        work.session.get_one(Nominal, row.gone_id, populate_existing=True),
    )
    join(work, row, pair, reason)


def _cpc(work: Work, owner: str) -> list[Concerned]:
    """NOBODY where the post is vacant, so that the vacancy is reported."""
    card = read_model.owning_cpc(work.session, owner)
    unit = read_model.unit(work.session, owner)
    return holding([card] if card else [], "cpc", owner, unit.agency if unit else work.principal.agency)


def _tell(work: Work, row: Merge, kind: EventKind, to: list[Concerned], **more: Any) -> None:
    data = {"merge_id": row.id, "nominal_id": row.nominal_id, "gone_id": row.gone_id, **more}
    work.emit(kind, data, aggregate=("merge", row.id), to=to)


def may_answer(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    row = merge_of(work, merge_id)
    must_answer(work, row.asked_owner)
    return {"about": said(work, row)}


def said(work: Work, row: Merge) -> str:
    """Both numbers, in words."""
    into, gone = (facts(work, one).visor_number for one in (row.nominal_id, row.gone_id))
    return f"{into} stays, {gone} goes"


def merge_of(work: Work, merge_id: UUID) -> Merge:
    row = work.session.get(Merge, merge_id)
    if row is None:
        raise NotFound
    work.concerns(subject=("merge", merge_id), nominal_id=row.nominal_id)
    return row


def _locked(work: Work, merge_id: UUID, state: str) -> Merge:
    """The merge and both its records, the records first as everywhere. Raises R34 where somebody was faster."""
    work.together()
    row = merge_of(work, merge_id)
    for one in sorted((row.nominal_id, row.gone_id)):
        facts(work, one, lock=True)
    row = work.session.get_one(Merge, merge_id, with_for_update=True, populate_existing=True)
    if row.state != state:
        raise Refusal("R34", what=f"This merge is {row.state}.", nominal_id=row.nominal_id)
    return row


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
    row = _locked(work, merge_id, "proposed")
    must_answer(work, row.asked_owner)
    if row.proposed_by == work.principal.person_id:
        raise Refusal("R23", subject="merge", nominal_id=row.nominal_id)
    two = both(work, row.nominal_id, row.gone_id)
    refuse_blocked(work, two, but=row.id)
    _carry_out(work, row, work.runtime.decrypt(row.origin_nominal_id, REASON, row.reason))
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
    row = _locked(work, merge_id, "proposed")
    must_answer(work, row.asked_owner)
    _end(work, row, "refused", text)
    if not_same:
        mark_not_same(work, row.nominal_id, row.gone_id)
    own = row.into_owner if row.asked_owner == row.gone_owner else row.gone_owner
    _tell(work, row, MERGE_REFUSED, _cpc(work, own))
    return row


def may_withdraw(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    row = merge_of(work, merge_id)
    must_answer(work, *_proposing(row))
    return {"about": said(work, row)}


def _proposing(row: Merge) -> list[str]:
    return [one for one in (row.into_owner, row.gone_owner) if one != row.asked_owner]


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
    row = _locked(work, merge_id, "proposed")
    must_answer(work, *_proposing(row))
    _end(work, row, "withdrawn", text)
    _tell(work, row, MERGE_WITHDRAWN, _cpc(work, str(row.asked_owner)))
    return row


def _end(work: Work, row: Merge, state: str, text: str) -> None:
    row.state, row.decided_by, row.decided_at = state, work.principal.person_id, work.now
    row.answer = work.runtime.encrypt(row.origin_nominal_id, ANSWER, text)
    work.concerns(private=text, state=state)
    work.session.flush()


def may_undo(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    row = merge_of(work, merge_id)
    _check_undo(work, row)
    added = [(one.key, one.text) for one in since.added_since(work, row)]
    return {"about": said(work, row), "since": added}


def _check_undo(work: Work, row: Merge) -> None:
    """Raises R11, R34 or R52."""
    record = facts(work, row.nominal_id)
    must_answer(work, row.into_owner, row.gone_owner, record.owner_unit)
    if row.state != "merged":
        raise Refusal("R34", what=f"This merge is {row.state}.", nominal_id=row.nominal_id)
    if not may_be_undone(row.state, row.undo_until, work.today):
        raise Refusal("R52", date=day(row.undo_until), nominal_id=row.nominal_id)
    if record.status == "merged":
        what = "The record that stayed was merged into another itself: undo that first."
        raise Refusal("R34", what=what, nominal_id=row.nominal_id)


@dataclass(frozen=True)
class Undone:
    id: UUID
    nominal_id: UUID
    gone_id: UUID
    state: str
    asked_owner: str | None
    undo_until: Any
    stayed: list[str]
    assigned: int


@service.command(
    "merging.undo",
    path=f"{PATH}/undoing",
    input=UndoInput,
    answer=UndoneAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Undo the merge",
        button="Undo the merge",
        done="Each record is itself again. The pair is not offered again.",
        next=PAGE,
        path=f"{PATH}/undoing/new",
        intro="Each record gets back what was its own. What was added since the merge stays with the record that"
        " stayed, as long as you do not choose it below.",
        values=may_undo,
    ),
)
def undo(work: Work, *, merge_id: UUID, reason: str, assign: list[str]) -> Undone:
    """Two records again, within the days of policy; what was added since stays, or goes where it is assigned."""
    row = _locked(work, merge_id, "merged")
    _check_undo(work, row)
    assigned = since.assign(work, row, assign)
    pair = Pair(
        work.session.get_one(Nominal, row.nominal_id, populate_existing=True),
        work.session.get_one(Nominal, row.gone_id, populate_existing=True),
    )
    stayed = part(work, row, pair, reason)
    since.follow_entries(work, row)
    row.state, row.undone_by, row.undone_at = "undone", work.principal.person_id, work.now
    row.undo_reason = work.runtime.encrypt(row.origin_nominal_id, UNDONE, reason)
    row.kept = None
    mark_not_same(work, row.nominal_id, row.gone_id)
    work.concerns(private=reason, assigned=assigned)
    kept = ("id", "nominal_id", "gone_id", "state", "asked_owner", "undo_until")
    return Undone(**{name: getattr(row, name) for name in kept}, stayed=stayed, assigned=assigned)


def may_tell_apart(work: Work, *, nominal_id: UUID, other_id: UUID) -> dict[str, Any]:
    two = both(work, nominal_id, other_id)
    return {"about": f"{two.into.visor_number} and {two.gone.visor_number}"}


@dataclass(frozen=True)
class Told:
    nominal_id: UUID
    other_id: UUID


@service.command(
    "merging.not_same",
    path=f"{OF_TWO}/not-same",
    input=NotSameInput,
    answer=PairAnswer,
    status=201,
    form=FormPage(
        title="These are two people",
        button="They are not the same person",
        done="Noted. The pair is not offered again.",
        next="/nominals/{nominal_id}/merges",
        path=f"{OF_TWO}/not-same/new",
        values=may_tell_apart,
    ),
)
def not_same(work: Work, *, nominal_id: UUID, other_id: UUID, reason: str) -> Told:
    both(work, nominal_id, other_id)
    mark_not_same(work, nominal_id, other_id)
    work.concerns(private=reason)
    return Told(nominal_id, other_id)
