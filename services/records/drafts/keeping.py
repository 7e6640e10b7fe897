"""Drafts in whole-record acts: they belong to their writers, so no export has them; with the record they go."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from services.records.drafts.models import KeptDraft
from services.records.nominals.keepers import keep
from services.records.service import service
from shared.work import Work


def _discard(work: Work, gone: UUID, _into: UUID) -> int:
    """Nobody can go on writing on a record that was merged away."""
    table = service.tables.draft
    work.session.execute(delete(table).where(table.c.nominal_id == gone))
    return 0


keep(KeptDraft, merge=_discard, moves=False, export=lambda _work, _nominal_id: [])
