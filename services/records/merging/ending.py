"""A proposed merge that comes to nothing: refused, withdrawn, or of a record that has another owner now (PF-4.16m)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from services.records.merging.models import ANSWER, Merge
from services.records.merging.one import tell_cpc
from services.records.nominals.owners import Place
from shared.events.records.merging import MERGE_REFUSED, MERGE_WITHDRAWN
from shared.work import Work

MOVED = (
    "One of the two records was transferred. Propose the merge anew: the CPC who owns it now has to agree."
)


def end(work: Work, row: Merge, state: str, text: str) -> None:
    row.state, row.decided_by, row.decided_at = state, work.principal.person_id, work.now
    row.answer = work.runtime.encrypt(row.origin_nominal_id, ANSWER, text)
    work.session.flush()


def proposing(row: Merge) -> list[str]:
    """The owners that need not be asked: whoever proposed it answers for them."""
    return [one for one in (row.into_owner, row.gone_owner) if one != row.asked_owner]


def end_as_it_moves(work: Work, nominal_id: UUID, before: Place, after: Place) -> None:
    """Else two CPCs would agree of whom one owns none of the two any more, and the new owner would not be asked."""
    if before.owner_unit == after.owner_unit:
        return
    found = select(Merge).where(
        Merge.state == "proposed", or_(Merge.nominal_id == nominal_id, Merge.gone_id == nominal_id)
    )
    for row in work.session.scalars(found.with_for_update()).all():
        end(work, row, "withdrawn", MOVED)
        tell_cpc(work, row, MERGE_WITHDRAWN, str(row.asked_owner))
        for owner in proposing(row):
            tell_cpc(work, row, MERGE_REFUSED, owner)
