"""Roles that nobody holds, as they were found when somebody had to be told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.service import Base
from shared.ids import new_id


class VacantRole(Base):
    """Open until the directory shows a holder; `missed` counts what could not be delivered meanwhile."""

    __tablename__ = "vacant_role"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(60))
    found_at: Mapped[datetime]
    missed: Mapped[int] = mapped_column(default=1, server_default="1")
    filled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_vacant_role_open", "role", "unit", unique=True, postgresql_where=text("filled_at is null")),
    )
