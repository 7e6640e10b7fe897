"""The task of a unit to fill its minimum dataset on a record, from its first partnership on (PF-5.16)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class DatasetTask(OfNominal, Base):
    """`state`: open, complete, or overtaken where the unit has no partner any more. One is open at most."""

    __tablename__ = "dataset_task"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'complete', 'overtaken')", name="state"),
        Index(
            "uq_dataset_task_open", "nominal_id", "unit", unique=True, postgresql_where=text("state = 'open'")
        ),
    )
