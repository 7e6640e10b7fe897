"""Buildings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class Building(Base):
    """A building of a unit. Former sites of Community Rehabilitation Companies are entries like any other (PS-11)."""

    __tablename__ = "building"
    __table_args__ = (
        Index("uq_building_open", "unit", "name", unique=True, postgresql_where=text("closed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(500))
    registered_by: Mapped[UUID | None]
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
