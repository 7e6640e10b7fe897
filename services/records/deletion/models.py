"""Requests to delete a record, and what is left of one that was deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.records.deletion.rules import GROUNDS, STATES
from services.records.service import Base, OfNominal
from shared.ids import new_id

REASON = "deletion.reason"
ANSWER = "deletion.answer"
_STATES = f"state IN ({', '.join(repr(one) for one in STATES)})"
_GROUNDS = f"ground IN ({', '.join(repr(one) for one in GROUNDS)})"


class DeletionRequest(OfNominal, Base):
    """One person asks on a ground and after a checklist; another decides. What was agreed goes with the record."""

    __tablename__ = "deletion_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(String(10), default="requested")
    ground: Mapped[str] = mapped_column(String(20))
    checked: Mapped[list[str]] = mapped_column(JSONB)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    owner_unit: Mapped[str] = mapped_column(String(40), index=True)
    owner_agency: Mapped[str] = mapped_column(String(40))
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint(_STATES, name="state"),
        CheckConstraint(_GROUNDS, name="ground"),
        Index(
            "uq_deletion_request_open",
            "nominal_id",
            unique=True,
            postgresql_where=text("state = 'requested'"),
        ),
    )


class Tombstone(Base):
    """What is left of a deleted record, for ever: that it was, why it is not, and who decided; nothing personal.

    `record_ids` are the record and those that had been merged into it; `rows` how many rows there were of them.
    `keys_destroyed_at`: from then on nothing that any backup of the databases holds of it can be read.
    """

    __tablename__ = "tombstone"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    record_id: Mapped[UUID] = mapped_column(unique=True)
    record_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    visor_number: Mapped[str] = mapped_column(String(9))
    ground: Mapped[str] = mapped_column(String(20))
    owner_unit: Mapped[str] = mapped_column(String(40), index=True)
    owner_agency: Mapped[str] = mapped_column(String(40))
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    deleted_at: Mapped[datetime]
    keys_destroyed_at: Mapped[datetime | None]
    rows: Mapped[int]

    __table_args__ = (CheckConstraint(_GROUNDS, name="ground"),)
