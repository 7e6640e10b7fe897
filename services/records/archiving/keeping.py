"""Archiving in whole-record acts: of what a record has once, the other nominal's own stays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from services.records.archiving.models import (
    BACK,
    REASON,
    SOURCE,
    ArchiveWatch,
    Archiving,
    Death,
    ReadyToArchive,
)
from services.records.nominals.keepers import keep
from services.records.nominals.models import Nominal
from services.records.nominals.occasions import occasion
from shared.work import Work


def _over(work: Work, gone: UUID, into: UUID) -> int:
    """Times that are over go on with the record; whether it is archived now is its own business."""
    theirs = update(Archiving).where(Archiving.nominal_id == gone, Archiving.unarchived_at.is_not(None))
    return _count(work, theirs.values(nominal_id=into).returning(Archiving.id))


def _unless_known(work: Work, gone: UUID, into: UUID) -> int:
    other = aliased(Death)
    known = select(other.id).where(other.nominal_id == into).exists()
    theirs = update(Death).where(Death.nominal_id == gone, ~known)
    return _count(work, theirs.values(nominal_id=into).returning(Death.id))


def _count(work: Work, statement: Any) -> int:
    return len(work.session.execute(statement, execution_options={"synchronize_session": False}).all())


def _stays(_work: Work, _gone: UUID, _into: UUID) -> int:
    """Whether the merged record is ready is found from what it then says."""
    return 0


keep(Archiving, sealed={"reason": REASON, "back_reason": BACK}, merge=_over)
keep(ReadyToArchive, merge=_stays, moves=False)
keep(ArchiveWatch, merge=_stays, moves=False)
keep(Death, sealed={"source": SOURCE}, merge=_unless_known)
occasion(
    "records.archive.ready",
    ReadyToArchive.id,
    Nominal.owner_unit,
    Nominal.status == "live",
    join=(Nominal, Nominal.id == ReadyToArchive.nominal_id),
)
