"""A contact of nDelius: waiting to be looked at, or what became of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what its texts are encrypted, under the nominal's key.
TYPE, TEXT = "ndelius_contact.contact_type", "ndelius_contact.text"
TO_INFORM, REASON = "ndelius_contact.to_inform", "ndelius_contact.reason"


class Contact(OfNominal, Base):
    """`reference` is nDelius's own number of it: the same one comes onto a record's log once.

    `state`: waiting, added (`entry_id` says where) or left_out with a `reason`. `text` and `to_inform` are kept only
    while it waits; then the entry has them.
    """

    __tablename__ = "ndelius_contact"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(40))
    contact_on: Mapped[date]
    contact_type: Mapped[bytes]
    text: Mapped[bytes | None]
    attachments: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    to_inform: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(10))
    told_at: Mapped[datetime]
    entry_id: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    reason: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'added', 'left_out')", name="state"),
        CheckConstraint("(state = 'added') = (entry_id IS NOT NULL)", name="entry"),
        UniqueConstraint("nominal_id", "reference"),
    )
