"""A merge, from proposal to undoing; and the pairs of records that are known not to be of one person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.records.merging.rules import STATES
from services.records.service import Base, OfNominal
from shared.ids import new_id

REASON = "merge.reason"
ANSWER = "merge.answer"
UNDONE = "merge.undo_reason"
KEPT = "merge.kept"
_STATES = f"state IN ({', '.join(repr(one) for one in STATES)})"


class Merge(OfNominal, Base):
    """Of `gone_id` into `nominal_id`. `choices` says which of the two each fact is taken from.

    `kept` is JSON of what an undoing needs: the values that stood before, names, and places of entries, encrypted like
    every text here under the key of the record that stays.
    """

    __tablename__ = "merge"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("nominal.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    gone_owner: Mapped[str] = mapped_column(String(40), index=True)
    into_owner: Mapped[str] = mapped_column(String(40), index=True)
    # Whose CPC has still to agree, where the two records have two owners.
    asked_owner: Mapped[str | None] = mapped_column(String(40))
    choices: Mapped[dict[str, str]] = mapped_column(JSONB)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept: Mapped[bytes | None] = mapped_column(LargeBinary)
    undo_until: Mapped[date | None]
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint(_STATES, name="state"),
        CheckConstraint("gone_id <> nominal_id", name="two"),
        Index(
            "uq_merge_gone",
            "gone_id",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'merged')"),
        ),
    )


class NotSame(OfNominal, Base):
    """Somebody looked: these two are not one person, and are not offered as such again. The lower id first."""

    __tablename__ = "not_same_person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("nominal.id"), index=True)
    said_by: Mapped[UUID]
    said_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("nominal_id", "other_id"),)
