"""Reading a person's training."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.identity.training.models import TrainingRecord


def trained(session: Session, person_id: UUID, today: date, course_kind: str | None = None) -> bool:
    """Passed a course that the National ViSOR Training Working Group approved (PF-6.2.1, PF-6.2.2)."""
    passed = (
        (TrainingRecord.person_id == person_id)
        & TrainingRecord.passed
        & TrainingRecord.approval_reference.is_not(None)
        & (TrainingRecord.delivered_on <= today)
    )
    if course_kind:
        passed &= TrainingRecord.course_kind == course_kind
    return bool(session.execute(select(exists().where(passed))).scalar_one())
