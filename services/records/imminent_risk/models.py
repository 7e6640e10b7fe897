"""An imminent risk, who was told of it when, and contacts elsewhere that must be uploaded first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what its texts are encrypted, under the nominal's key.
LINE_MANAGER, POLICE = "imminent_risk.line_manager", "imminent_risk.police"
REASON, NOTE = "imminent_risk.reason", "imminent_risk_contact.note"


class ImminentRisk(OfNominal, Base):
    """The banner stands on the record until `stood_down_at`; `entry_id` is the log's entry that says what it is.

    Of the line manager and of the police counterpart, who were told before: either the user (`…_id`) or a sealed name.
    """

    __tablename__ = "imminent_risk"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID]
    concerning: Mapped[list[str]]
    managing_unit: Mapped[str] = mapped_column(String(40))
    raised_by: Mapped[UUID]
    raised_agency: Mapped[str] = mapped_column(String(40))
    raised_unit: Mapped[str] = mapped_column(String(40))
    raised_at: Mapped[datetime]
    line_manager_id: Mapped[UUID | None]
    line_manager_name: Mapped[bytes | None]
    line_manager_how: Mapped[str] = mapped_column(String(20))
    line_manager_at: Mapped[datetime]
    police_id: Mapped[UUID | None]
    police_name: Mapped[bytes | None]
    police_how: Mapped[str] = mapped_column(String(20))
    police_at: Mapped[datetime]
    stood_down_at: Mapped[datetime | None]
    stood_down_by: Mapped[UUID | None]
    stood_down_reason: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint(
            "line_manager_id IS NOT NULL OR line_manager_name IS NOT NULL", name="line_manager_told"
        ),
        CheckConstraint("police_id IS NOT NULL OR police_name IS NOT NULL", name="police_told"),
        Index("ix_imminent_risk_open", "nominal_id", postgresql_where=text("stood_down_at IS NULL")),
    )


class Told(Base):
    """Somebody who was told of an imminent risk, in which role, and when they acknowledged it."""

    __tablename__ = "imminent_risk_told"

    risk_id: Mapped[UUID] = mapped_column(
        ForeignKey("imminent_risk.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(String(40))
    acknowledged_at: Mapped[datetime | None]


class FlaggedContact(OfNominal, Base):
    """A contact in probation's case management that is about imminent risk: to be uploaded before all else (D-14).

    `reference` is that system's own number of it.
    """

    __tablename__ = "imminent_risk_contact"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    flagged_at: Mapped[datetime]
    flagged_by: Mapped[UUID]
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[UUID | None]
    note: Mapped[bytes | None]

    __table_args__ = (
        UniqueConstraint("nominal_id", "reference"),
        Index(
            "ix_imminent_risk_contact_open", "unit", "flagged_at", postgresql_where=text("handled_at IS NULL")
        ),
    )
