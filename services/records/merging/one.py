"""One merge: found, held with both its records, in words, and told of to a CPC."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.merging.models import Merge
from shared.directory import read_model
from shared.events.registry import EventKind
from shared.refusals import NotFound, Refusal
from shared.work import Concerned, Work

PATH = "/merges/<uuid:merge_id>"
PAGE = "/merges/{merge_id}"


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


def held(work: Work, merge_id: UUID, state: str) -> Merge:
    """The merge and both its records, the records first as everywhere. Raises R34 where somebody was faster."""
    work.together()
    row = merge_of(work, merge_id)
    for one in sorted((row.nominal_id, row.gone_id)):
        facts(work, one, lock=True)
    row = work.session.get_one(Merge, merge_id, with_for_update=True, populate_existing=True)
    must_be(row, state)
    return row


def must_be(row: Merge, state: str) -> None:
    if row.state != state:
        raise Refusal("R34", what=f"This merge is {row.state}.", nominal_id=row.nominal_id)


def tell_cpc(work: Work, row: Merge, kind: EventKind, owner: str, **more: Any) -> None:
    """Of this area or force."""
    data = {"merge_id": row.id, "nominal_id": row.nominal_id, "gone_id": row.gone_id, **more}
    work.emit(kind, data, aggregate=("merge", row.id), to=_cpc(work, owner))


def _cpc(work: Work, owner: str) -> list[Concerned]:
    """NOBODY where the post is vacant, so that the vacancy is reported."""
    card = read_model.owning_cpc(work.session, owner)
    unit = read_model.unit(work.session, owner)
    return holding([card] if card else [], "cpc", owner, unit.agency if unit else work.principal.agency)
