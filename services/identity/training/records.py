"""Reading a person's training."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from services.identity.training.models import TrainingRecord

# A course for ViSOR leads opens no account.
OPENS = ("user", "cpc")


def passed(today: date, course_kind: str | None = None) -> ColumnElement[bool]:
    """Over `TrainingRecord`: passed, and approved by the National ViSOR Training Working Group on its day."""
    kinds = (course_kind,) if course_kind else OPENS
    return and_(
        TrainingRecord.passed,
        TrainingRecord.approval_reference.is_not(None),
        TrainingRecord.delivered_on <= today,
        TrainingRecord.course_kind.in_(kinds),
    )


def trained(session: Session, person_id: UUID, today: date, course_kind: str | None = None) -> bool:
    """What R04 asks for (PF-6.2.1, PF-6.2.2)."""
    found = (TrainingRecord.person_id == person_id) & passed(today, course_kind)
    return bool(session.execute(select(exists().where(found))).scalar_one())
