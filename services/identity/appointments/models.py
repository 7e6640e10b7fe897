"""Who is to follow whom."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class Successor(Base):
    """Who is to take over a role or token of a unit, named before it falls vacant (PI-3.8.5, PSI-5.3.6).

    `post` is the name of a role (`appointments/roles.toml`) or of the token `cpc` or `lpc`.
    """

    __tablename__ = "successor"

    post: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str | None] = mapped_column(String(500))
    named_by: Mapped[UUID]
    named_at: Mapped[datetime]


class RecordUpdate(Base):
    """The last day on which somebody wrote to a record, as records told: who does so is tasked with updating ViSOR."""

    __tablename__ = "record_update"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_on: Mapped[date]
