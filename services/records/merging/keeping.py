"""Merges in whole-record acts: they say how a record came together, and go with either of its two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_

from services.records.merging.ending import end_as_it_moves
from services.records.merging.models import ANSWER, KEPT, REASON, UNDONE, Merge, NotSame
from services.records.nominals.keepers import Purge, keep
from shared.work import Work


def _stays(_work: Work, _gone: UUID, _into: UUID) -> int:
    """Who was merged into a record that is merged itself is found through it."""
    return 0


def _either(table: Any, other: Any) -> Purge:
    def purge(work: Work, nominal_id: UUID) -> int:
        gone = delete(table).where(or_(table.nominal_id == nominal_id, other == nominal_id))
        return len(work.session.execute(gone.returning(table.id)).all())

    return purge


keep(
    Merge,
    sealed={"reason": REASON, "answer": ANSWER, "undo_reason": UNDONE, "kept": KEPT},
    merge=_stays,
    moves=False,
    move=end_as_it_moves,
    purge=_either(Merge, Merge.gone_id),
)
keep(NotSame, merge=_stays, moves=False, purge=_either(NotSame, NotSame.other_id))
