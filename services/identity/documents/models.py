"""Documents, their versions, the signatures under them, and what a CPC says about them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

SYOPS = "syops"
ATTENDANCE = ("attended", "represented", "neither")


class Document(Base):
    """An item of the library (PF-4.16/D.2).

    `signature`: `required` (R07 refuses without it), `acknowledged` (asked for, never refused) or `none`; of whom,
    say `agency_kinds` and `jurisdictions`, where empty means all. `visibility` is `visor_users` or `all_staff`
    (PF-0.5.2); a `historical` document is only read.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("signature in ('required', 'acknowledged', 'none')", name="signature"),
        CheckConstraint("visibility in ('visor_users', 'all_staff')", name="visibility"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    short_title: Mapped[str] = mapped_column(String(60))
    agency_kinds: Mapped[list[str]]
    jurisdictions: Mapped[list[str]] = mapped_column(default=list)
    signature: Mapped[str] = mapped_column(String(12), default="required")
    visibility: Mapped[str] = mapped_column(String(12), default="all_staff")
    historical: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str | None] = mapped_column(String(200))


class DocumentVersion(Base):
    """One version's whole text, never changed once published; the newest is in force from `published_on`.

    `announced_at` is the meeting of the regional user group at which it was announced (PF-4.16/E.1).
    """

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(ForeignKey("document.code"))
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    published_on: Mapped[date]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]
    announced_at: Mapped[str | None] = mapped_column(String(200))


class Signature(Base):
    """Who signed which text: the hash says what stood there, whatever becomes of the version (PF-4.16/A.4).

    With `scan_id` it was signed on paper, and `added_by` uploaded it (PF-4.16/A.5).
    """

    __tablename__ = "signature"
    __table_args__ = (Index("uq_signature_once", "person_id", "version_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"), index=True)
    typed_name: Mapped[str] = mapped_column(String(200))
    statement: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    session_id: Mapped[UUID]
    scan_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    added_by: Mapped[UUID | None]


class Signing(Base):
    """A version is to be signed in a unit: its clock runs until everybody there has, or a newer one comes (D-35)."""

    __tablename__ = "document_signing"
    __table_args__ = (
        UniqueConstraint("version_id", "unit", name="uq_document_signing"),
        Index("ix_document_signing_open", "version_id", postgresql_where=text("settled_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    told_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Awareness(Base):
    """A CPC knows of a version, and whether they were at the meeting that announced it (PF-4.16/E.1)."""

    __tablename__ = "document_awareness"
    __table_args__ = (
        Index("uq_document_awareness_once", "person_id", "version_id", unique=True),
        CheckConstraint(f"attendance in {ATTENDANCE}", name="attendance"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"))
    attendance: Mapped[str] = mapped_column(String(12))
    confirmed_at: Mapped[datetime]


class DocumentMessage(Base):
    """What a CPC tells their area or group about a version (PF-5.11.4)."""

    __tablename__ = "document_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    text: Mapped[str] = mapped_column(Text)
    sent_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]


class Passage(Base):
    """The message on its way into one unit: to those who pass it on, and from them to the unit's users."""

    __tablename__ = "document_passage"
    __table_args__ = (UniqueConstraint("message_id", "unit"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("document_message.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    passed_on_by: Mapped[UUID | None]
    passed_on_at: Mapped[datetime | None]


class Receipt(Base):
    """Somebody has the message, as `governor`, `visor_lead`, `lpc` or `user`; `read_at` is their read receipt."""

    __tablename__ = "document_receipt"
    __table_args__ = (UniqueConstraint("passage_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    passage_id: Mapped[UUID] = mapped_column(ForeignKey("document_passage.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
