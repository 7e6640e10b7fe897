"""Documents, their versions and the signatures under them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id

SYOPS = "syops"


class Document(Base):
    """What must be read and signed, and by whom: `agency_kinds` empty means everybody (PF-4.16/D.2)."""

    __tablename__ = "document"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    short_title: Mapped[str] = mapped_column(String(60))
    agency_kinds: Mapped[list[str]]
    contact: Mapped[str | None] = mapped_column(String(200))


class DocumentVersion(Base):
    """One version's whole text, never changed once published; the newest published one is to be signed."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(ForeignKey("document.code"))
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    published_on: Mapped[date]
    published_at: Mapped[datetime]


class Signature(Base):
    """Who signed which text: the hash says what stood there, whatever becomes of the version (PF-4.16/A.4)."""

    __tablename__ = "signature"
    __table_args__ = (Index("uq_signature_once", "person_id", "version_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("document_version.id"))
    typed_name: Mapped[str] = mapped_column(String(200))
    statement: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    session_id: Mapped[UUID]
