"""Whom another system names as offender manager where the record has somebody else (PF-4.24)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what `said` is encrypted.
SAID = "offender_manager_named.said"


class NamedManager(OfNominal, Base):
    """`said` is JSON of name, e-mail address and telephone number, sealed under the nominal's key.

    `state`: open until the record has the same (settled), or until that system names another or the person left the
    prison (over). `agency` is whose people were told.
    """

    __tablename__ = "offender_manager_named"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(String(3))
    said: Mapped[bytes]
    agency: Mapped[str] = mapped_column(String(40))
    named_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("role IN ('POM', 'COM')", name="role"),
        CheckConstraint("state IN ('open', 'settled', 'over')", name="state"),
        Index(
            "uq_offender_manager_named_open",
            "nominal_id",
            "role",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )
