"""What is remembered of agencies' own means: requests on their way to a provider, and looks into a directory."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class ProviderRequest(Base):
    """The browser holds `state`; only its hash is kept. Once used it is gone (RFC 6749, 10.12)."""

    __tablename__ = "provider_request"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    agency: Mapped[str] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(100))
    verifier: Mapped[str] = mapped_column(String(130))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DirectoryLook(Base):
    """When a person's LDAP directory was last asked for them, and since when it has known nobody of their user name."""

    __tablename__ = "directory_look"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    looked_on: Mapped[date]
    missing_since: Mapped[date | None]
