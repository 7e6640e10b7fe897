"""One sharing: with whom, what, when and by whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from services.records.sharing.rules import DEPARTMENTS
from shared.ids import new_id

# For what the texts are encrypted.
WHAT, NAMED = "sharing.what", "sharing.department_name"


class Sharing(OfNominal, Base):
    """`what` and `department_name` are sealed under the nominal's key; `reports` are entries of attachments."""

    __tablename__ = "sharing"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    department: Mapped[str] = mapped_column(String(30))
    department_name: Mapped[bytes | None]
    what: Mapped[bytes]
    reports: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    shared_at: Mapped[datetime]
    shared_by: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    entered_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(f"department IN ({', '.join(repr(one) for one in DEPARTMENTS)})", name="department"),
    )
