"""Each time that a record was archived; what makes it ready; the yearly look through an area's archive."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.archiving.rules import GROUNDS
from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what is encrypted: why a record was archived, why it came back, and where a death is known from.
REASON = "archiving.reason"
BACK = "archiving.back"
SOURCE = "death.source"
NOTE = "archive_review.note"
_GROUNDS = f"ground IN ({', '.join(repr(one) for one in GROUNDS)})"


class Archiving(OfNominal, Base):
    """From `archived_at` until somebody brought the record back; partnerships go on until `partnerships_end_on`."""

    __tablename__ = "archiving"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ground: Mapped[str] = mapped_column(String(20))
    archived_at: Mapped[datetime]
    archived_by: Mapped[UUID]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    partnerships_end_on: Mapped[date]
    partnerships_ended_at: Mapped[datetime | None]
    unarchived_at: Mapped[datetime | None]
    unarchived_by: Mapped[UUID | None]
    back_reason: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint(_GROUNDS, name="ground"),
        Index("uq_archiving_now", "nominal_id", unique=True, postgresql_where=text("unarchived_at IS NULL")),
        Index(
            "ix_archiving_partnerships_end_on",
            "partnerships_end_on",
            postgresql_where=text("partnerships_ended_at IS NULL AND unarchived_at IS NULL"),
        ),
    )


class ReadyToArchive(OfNominal, Base):
    """The record is to be archived: one occasion, and so one deadline (D-17), however many grounds it has."""

    __tablename__ = "ready_to_archive"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ground: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    found_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(_GROUNDS, name="ground"), UniqueConstraint("nominal_id"))


class ArchiveWatch(OfNominal, Base):
    """When it is looked at next whether the record is ready: the day on which a licence, order or notification ends."""

    __tablename__ = "archive_watch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    look_on: Mapped[date] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("nominal_id"),)


class Death(OfNominal, Base):
    """The person has died; `source` says from where it is known, encrypted under the nominal's key."""

    __tablename__ = "death"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    died_on: Mapped[date]
    source: Mapped[bytes] = mapped_column(LargeBinary)
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID]

    __table_args__ = (UniqueConstraint("nominal_id"),)


class ArchiveReview(Base):
    """The archive of one area or force, to be looked through by `due_on` (PF-4.16c); one is open at most."""

    __tablename__ = "archive_review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_unit: Mapped[str] = mapped_column(String(40), index=True)
    owner_agency: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date] = mapped_column(index=True)
    told_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    archived: Mapped[int | None]
    note: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(
            "uq_archive_review_open", "owner_unit", unique=True, postgresql_where=text("reviewed_at IS NULL")
        ),
    )
