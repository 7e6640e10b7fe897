"""How far tonight's statement has come."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base


class Stating(Base):
    """One row for each thing that is stated (`of`): through which id, on which night, and whether that was all."""

    __tablename__ = "stating"

    of: Mapped[str] = mapped_column(String(60), primary_key=True)
    night: Mapped[date]
    through: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]
