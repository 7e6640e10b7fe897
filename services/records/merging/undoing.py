"""A merge is undone, within the days of policy (PF-4.16m)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.records.access.authorise import facts
from services.records.merging import since
from services.records.merging.deciding import must_answer
from services.records.merging.joining import pair_of, part
from services.records.merging.models import UNDONE, Merge
from services.records.merging.one import PAGE, PATH, held, merge_of, must_be, said
from services.records.merging.pairs import mark_not_same
from services.records.merging.rules import may_be_undone
from services.records.merging.schemas import UndoInput, UndoneAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.refusals import Refusal
from shared.web.display import day
from shared.work import Work

INTRO = (
    "Each record gets back what was its own. What was added since the merge stays with the record that stayed, as long"
    " as you do not choose it below."
)


def may_undo(work: Work, *, merge_id: UUID) -> dict[str, Any]:
    row = merge_of(work, merge_id)
    _check_undo(work, row)
    added = [(one.key, one.text) for one in since.added_since(work, row)]
    return {"about": said(work, row), "since": added, "intro": f"{INTRO}{_stay(work, row)}"}


def _stay(work: Work, row: Merge) -> str:
    changed = since.facts_changed(work, row)
    return f" Changed since, and staying there too: {', '.join(changed)}." if changed else ""


def _check_undo(work: Work, row: Merge) -> None:
    """Raises R11, R34 or R52."""
    record = facts(work, row.nominal_id)
    must_answer(work, row.into_owner, row.gone_owner, record.owner_unit)
    must_be(row, "merged")
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
    undo_until: date | None
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
        intro=INTRO,
        values=may_undo,
    ),
)
def undo(work: Work, *, merge_id: UUID, reason: str, assign: list[str]) -> Undone:
    """Two records again, within the days of policy; what was added since stays, or goes where it is assigned."""
    row = held(work, merge_id, "merged")
    _check_undo(work, row)
    assigned = since.assign(work, row, assign)
    stayed = part(work, row, pair_of(work, row), reason)
    row.state, row.undone_by, row.undone_at = "undone", work.principal.person_id, work.now
    row.undo_reason = work.runtime.encrypt(row.origin_nominal_id, UNDONE, reason)
    row.kept = None
    mark_not_same(work, row.nominal_id, row.gone_id)
    work.concerns(private=reason, assigned=assigned)
    kept = ("id", "nominal_id", "gone_id", "state", "asked_owner", "undo_until")
    return Undone(**{name: getattr(row, name) for name in kept}, stayed=stayed, assigned=assigned)
