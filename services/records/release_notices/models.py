"""The switch of each prison, what was told of release dates, and that it arrived."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.records.release_notices.rules import WHATS
from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what the dates are encrypted.
RELEASE_ON, WAS_ON = "release_notice.release_on", "release_notice.was_on"


class ReleaseNoticeSwitch(Base):
    """Whether a prison's release dates are told from a day on; of the days that have come the last stands (PSI-6.2)."""

    __tablename__ = "release_notice_switch"

    prison: Mapped[str] = mapped_column(String(40), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    on: Mapped[bool]
    said_by: Mapped[UUID]
    said_at: Mapped[datetime]


class ReleaseNotice(OfNominal, Base):
    """A release date was entered, changed or removed in an entry of the custody folder, and told (PSI-6.1).

    Both dates are sealed under the nominal's key; of a graded entry (`restricted`) there are none here.
    """

    __tablename__ = "release_notice"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID]
    prison: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(10))
    release_on: Mapped[bytes | None]
    was_on: Mapped[bytes | None]
    restricted: Mapped[bool] = mapped_column(default=False, server_default="false")
    told_at: Mapped[datetime]
    told_by: Mapped[UUID]

    __table_args__ = (
        CheckConstraint(f"what IN ({', '.join(repr(one) for one in WHATS)})", name="what"),
        Index("ix_release_notice_entry_id_id", "entry_id", "id"),
    )


class ReleaseNoticeReceipt(OfNominal, Base):
    """Who was to hear of it, as what; when it came onto their list, and when they opened the record's notices."""

    __tablename__ = "release_notice_receipt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("release_notice.id", ondelete="CASCADE"))
    person_id: Mapped[UUID]
    capacity: Mapped[str] = mapped_column(String(20))
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)
