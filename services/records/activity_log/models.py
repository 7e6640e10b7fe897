"""An entry of the log. Entries are added, never changed: a correction is another entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id


class Entry(OfNominal, Base):
    """`for_attention` names the roles of the record that were asked to look; then it is important to them."""

    __tablename__ = "activity_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    for_attention: Mapped[list[str]]

    __table_args__ = (
        CheckConstraint("text <> ''", name="text"),
        Index("ix_activity_entry_nominal_id_id", "nominal_id", "id"),
    )
