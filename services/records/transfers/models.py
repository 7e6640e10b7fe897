"""A transfer of one record, and the steps that it went."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from services.records.transfers.rules import OPEN, STATES
from shared.ids import new_id

_OPEN = f"state IN ({', '.join(repr(one) for one in OPEN)})"


class Transfer(OfNominal, Base):
    """From one owner to another. `category` and `level` are what the record will have; one is open at most.

    `proposed_manager_id` is whom the asking side would see as its manager there; the receiving side decides.

    What was written at each step lies encrypted under the nominal's key, in `Step`.
    """

    __tablename__ = "transfer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(String(10), default="requested")
    from_owner: Mapped[str] = mapped_column(String(40))
    from_agency: Mapped[str] = mapped_column(String(40))
    from_unit: Mapped[str] = mapped_column(String(40))
    to_owner: Mapped[str] = mapped_column(String(40))
    to_agency: Mapped[str] = mapped_column(String(40))
    to_unit: Mapped[str] = mapped_column(String(40))
    to_jurisdiction: Mapped[str] = mapped_column(String(3))
    category: Mapped[str] = mapped_column(String(4))
    level: Mapped[int | None]
    proposed_manager_id: Mapped[UUID | None]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    bulk_id: Mapped[UUID | None] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        Index("uq_transfer_open", "nominal_id", unique=True, postgresql_where=text(_OPEN)),
        Index("ix_transfer_to_owner", "to_owner", "requested_at"),
        Index("ix_transfer_from_owner", "from_owner", "requested_at"),
    )


class TransferStep(Base):
    """One step: who brought the transfer to which state, when, and what they wrote."""

    __tablename__ = "transfer_step"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfer.id", ondelete="CASCADE"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    by: Mapped[UUID]
    at: Mapped[datetime]
    text: Mapped[bytes | None]
