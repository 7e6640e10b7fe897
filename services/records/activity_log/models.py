"""An entry of the log. Entries are added, never changed: a correction is another entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what an entry's text is encrypted.
TEXT = "activity_entry.text"


class Entry(OfNominal, Base):
    """`for_attention` names the roles of the record that were asked to look; then it is important to them.

    `text` is sealed for TEXT under the key of the nominal it was written about, which a merge does not change
    (`origin_nominal_id`).
    """

    __tablename__ = "activity_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    text: Mapped[bytes]
    author_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    for_attention: Mapped[list[str]]

    __table_args__ = (
        CheckConstraint("octet_length(text) > 0", name="text"),
        Index("ix_activity_entry_nominal_id_id", "nominal_id", "id"),
    )
