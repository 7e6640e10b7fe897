"""Entries of the 47 folders, and their versions, of which none is ever overwritten."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DDL,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what is encrypted: the values, those of them that are masked, and why an entry was corrected or shown.
VALUES = "attachment_version.open"
MASKED = "attachment_version.masked"
REASON = "attachment_version.reason"
SHOWN_FOR = "attachment_reveal.reason"


class Entry(OfNominal, Base):
    """One entry of a folder, as it stands: `version` is the number of its last Version, which holds what it says.

    `begins_on` and `ends_on` are the folder's own dates: an entry is current until the day it ends. `slot` is the place
    that one current entry of a nominal can have (`Unique` of the catalogue). `readers` as in
    access/clearance.py: with handling code C the agency that the information comes from, and whoever is named.
    """

    __tablename__ = "attachment_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    folder: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="current")
    version: Mapped[int] = mapped_column(default=1)
    grading: Mapped[str] = mapped_column(String(20))
    handling_code: Mapped[str | None] = mapped_column(String(1))
    readers: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    slot: Mapped[str | None] = mapped_column(String(40))
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('current', 'superseded', 'ended', 'removed')", name="state"),
        CheckConstraint("grading IN ('open', 'intelligence-handled', 'victim-sensitive')", name="grading"),
        CheckConstraint("(grading = 'intelligence-handled') <= (handling_code IS NOT NULL)", name="handling"),
        Index("ix_attachment_entry_nominal_id_folder", "nominal_id", "folder", "id"),
        Index(
            "uq_attachment_entry_slot",
            "nominal_id",
            "folder",
            "slot",
            unique=True,
            postgresql_where=text("slot IS NOT NULL AND state = 'current'"),
        ),
    )


class Version(OfNominal, Base):
    """What an entry said from `written_at` on, who wrote it for which agency, and which fields it changed.

    `open_values` and `masked_values` are JSON sealed under the key of the nominal they were written about
    (`origin_nominal_id`), the latter None where nothing in it is masked. Immutable, which the database itself sees to.
    """

    __tablename__ = "attachment_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("attachment_entry.id", ondelete="CASCADE"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(10))
    written_at: Mapped[datetime]
    written_by: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    grading: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    source_date: Mapped[date]
    open_values: Mapped[bytes]
    masked_values: Mapped[bytes | None]
    changed: Mapped[list[str]] = mapped_column(JSONB)
    reason: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint(
            "what IN ('added', 'changed', 'corrected', 'ended', 'superseded', 'removed')", name="what"
        ),
        UniqueConstraint("entry_id", "number"),
    )


class NothingKnown(OfNominal, Base):
    """An agency looked, and knew nothing for this folder on that day; the last such word of each agency counts."""

    __tablename__ = "attachment_nothing_known"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    folder: Mapped[str] = mapped_column(String(40))
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    looked_on: Mapped[date]
    said_by: Mapped[UUID]
    said_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("nominal_id", "folder", "agency"),)


class Reveal(OfNominal, Base):
    """Somebody had what is masked in an entry shown, and said why; for that session, and until then."""

    __tablename__ = "attachment_reveal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("attachment_entry.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID]
    session_id: Mapped[UUID]
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[bytes]


# A merge moves `nominal_id`. What its undoing gives to another record is sealed anew under that one's key, which
# `origin_nominal_id` names; nothing else of a version ever changes.
GUARD = """
CREATE OR REPLACE FUNCTION attachment_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moves text[] := '{nominal_id}';
BEGIN
  IF NEW.origin_nominal_id <> OLD.origin_nominal_id AND NEW.origin_nominal_id = NEW.nominal_id THEN
    moves := '{origin_nominal_id, open_values, masked_values, reason}';
  END IF;
  IF to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
    RAISE EXCEPTION 'a version of an attachment is never changed';
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER attachment_version_stays BEFORE UPDATE ON attachment_version
FOR EACH ROW EXECUTE FUNCTION attachment_version_stays()
"""
for _statement in (GUARD, TRIGGER):
    event.listen(Version.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]
