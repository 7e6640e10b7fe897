"""Credentials, steps of a sign-in that has begun, and what holds guessing back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class Credential(Base):
    """A password (argon2id) and the secret of the one-time codes, encrypted under the service's key.

    `last_step` is the time step of the last code taken: no code counts twice (RFC 6238, 5.2).
    """

    __tablename__ = "credential"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    code_secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    changed_at: Mapped[datetime]


class SignInStep(Base):
    """The password was right; the code is still to come. Only the hash of what the browser holds is kept."""

    __tablename__ = "sign_in_step"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries_left: Mapped[int] = mapped_column(default=5)


class Throttle(Base):
    """Failed attempts for one account, or from one place; `key` is a hash, so that it names nobody."""

    __tablename__ = "throttle"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None] = mapped_column(index=True)
