"""A bulk transfer, and how it ended for each record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.bulk_transfer.rules import RESULTS, STATES
from services.records.service import Base
from shared.ids import new_id

REASON = "bulk_transfer.reason"


class BulkTransfer(Base):
    """From the records of one unit, or of a whole area (`from_unit`), to one unit, in the categories they have.

    `reason` and `answer` are of no one nominal, and encrypted under the service's own key. `session_id` and `terminal`
    are those of who agreed, in whose name the job works. With `keep_people` a record keeps the manager and the
    supervisor who hold their token under the new owner.
    """

    __tablename__ = "bulk_transfer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(String(10), default="requested")
    from_owner: Mapped[str] = mapped_column(String(40))
    from_agency: Mapped[str] = mapped_column(String(40))
    from_unit: Mapped[str] = mapped_column(String(40))
    to_owner: Mapped[str] = mapped_column(String(40))
    to_agency: Mapped[str] = mapped_column(String(40))
    to_unit: Mapped[str] = mapped_column(String(40))
    to_jurisdiction: Mapped[str] = mapped_column(String(3))
    reason: Mapped[bytes]
    answer: Mapped[bytes | None]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    session_id: Mapped[UUID | None]
    terminal: Mapped[str | None]
    manager_id: Mapped[UUID | None]
    supervisor_id: Mapped[UUID | None]
    keep_people: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    transferred: Mapped[int] = mapped_column(default=0)
    completed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one) for one in STATES)})", name="state"),
        CheckConstraint("transferred <= done AND done <= total", name="done"),
        Index("ix_bulk_transfer_from_owner", "from_owner", "id"),
        Index("ix_bulk_transfer_to_owner", "to_owner", "id"),
    )


class BulkTransferItem(Base):
    """One record of the list as it stood at the request. A log: it holds ids only, and outlives the nominal.

    `why` are the codes of what stood in the way (`rules.WHY`); the people are those who had it before.
    """

    __tablename__ = "bulk_transfer_item"

    bulk_id: Mapped[UUID] = mapped_column(primary_key=True)
    nominal_id: Mapped[UUID] = mapped_column(primary_key=True)
    result: Mapped[str | None] = mapped_column(String(12))
    why: Mapped[str | None] = mapped_column(String(100))
    transfer_id: Mapped[UUID | None]
    manager_before: Mapped[UUID | None]
    supervisor_before: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint(f"result IN ({', '.join(repr(one) for one in RESULTS)})", name="result"),
        CheckConstraint("(result = 'transferred') = (transfer_id IS NOT NULL)", name="transferred"),
        Index(
            "ix_bulk_transfer_item_waiting",
            "bulk_id",
            "nominal_id",
            postgresql_where=text("result IS NULL"),
        ),
    )
