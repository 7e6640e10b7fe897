"""An entry of the log. Entries are added, never changed: a correction is another entry."""

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
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from services.records.service import Base, OfNominal
from shared.ids import new_id

# For what an entry's text is encrypted, and whom its author wants informed.
TEXT = "activity_entry.text"
TO_INFORM = "activity_entry.to_inform"


class Entry(OfNominal, Base):
    """`for_attention` names the roles of the record that were asked to look; then it is important to them.

    `text` is sealed for TEXT under the key of the nominal it was written about, which a merge does not change
    (`origin_nominal_id`), and so is `to_inform`. `readers` of a restricted entry are as `access.clearance` names them;
    None: everybody who may open the record. `corrects` is the entry whose text this one puts right.
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
    important: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    readers: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("activity_entry.id"))
    to_inform: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint("octet_length(text) > 0", name="text"),
        CheckConstraint("corrects <> id", name="corrects_another"),
        Index("ix_activity_entry_nominal_id_id", "nominal_id", "id"),
        # Put right once; whoever finds the correction wrong corrects the correction.
        Index(
            "uq_activity_entry_corrects",
            "corrects",
            unique=True,
            postgresql_where=sql("corrects IS NOT NULL"),
        ),
    )


# Only a merge touches an entry again: it moves `nominal_id`. What its undoing gives to another record is sealed anew
# under that one's key, which `origin_nominal_id` names; everything else stays as it was written.
APPEND_ONLY = (
    """
    CREATE OR REPLACE FUNCTION activity_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.origin_nominal_id <> OLD.origin_nominal_id AND NEW.origin_nominal_id = NEW.nominal_id
        AND to_jsonb(NEW) - '{origin_nominal_id, text, to_inform}'::text[]
          = to_jsonb(OLD) - '{origin_nominal_id, text, to_inform}'::text[]
      THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'activity_entry is append-only' USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER activity_entry_append_only BEFORE UPDATE OF id, origin_nominal_id, kind, text, author_id, agency,
      unit, at, for_attention, important, readers, corrects, to_inform ON activity_entry
      FOR EACH ROW EXECUTE FUNCTION activity_entry_is_append_only()
    """,
)
# Whoever writes an entry has read the record without holding it, so that what archives, merges or deletes it may have
# come between: asked as the row is written, and held until it is there.
STILL_LIVE = """
CREATE OR REPLACE FUNCTION live_nominal(asked uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  held text;
BEGIN
  SELECT status INTO held FROM nominal WHERE id = asked FOR KEY SHARE;
  IF held IS DISTINCT FROM 'live' THEN
    RAISE EXCEPTION 'not live any more' USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_entry_live';
  END IF;
  RETURN asked;
END $$
"""
for _statement in (*APPEND_ONLY, STILL_LIVE):
    event.listen(Entry.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]


class Review(OfNominal, Base):
    """A level 1 review that was completed elsewhere, and the entry that copied it here (PF-4.22, D-45)."""

    __tablename__ = "level_1_review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    completed_on: Mapped[date]
    told_at: Mapped[datetime]
    told_by: Mapped[UUID]
    entry_id: Mapped[UUID | None]

    __table_args__ = (UniqueConstraint("nominal_id", "completed_on"),)


class Need(OfNominal, Base):
    """An attachment that an entry says needs updating (PF-4.35): open until it is updated, or declined with a reason.

    `folder` is the attachment's key in the catalogue of the 47; `reason` is encrypted under the nominal's key.
    """

    __tablename__ = "attachment_need"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(index=True)
    folder: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
    reason: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'updated', 'declined')", name="state"),
        UniqueConstraint("entry_id", "folder"),
        Index("ix_attachment_need_open", "nominal_id", "folder", postgresql_where=sql("state = 'open'")),
    )
