"""Credentials, steps of a sign-in that has begun, and what holds guessing back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base


class Credential(Base):
    """A password (argon2id) and the secret of the one-time codes, encrypted under the service's key.

    `last_step` is the time step of the last code taken: no code counts twice (RFC 6238, 5.2). `next_secret` is one that
    a new app was shown and that counts from its first code on.
    """

    __tablename__ = "credential"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    code_secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    next_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]


class RecoveryCode(Base):
    """A way in for somebody who has no password (yet, or any more), handed over by an administrator (PI-A.2).

    One at a time for each person, of which only the hash is kept. `code_secret` is the secret that their new app is
    shown, encrypted; it counts when the code has been used.
    """

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    code_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInStep(Base):
    """The password was right; the code is still to come. Only the hash of what the browser holds is kept."""

    __tablename__ = "sign_in_step"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries_left: Mapped[int] = mapped_column(default=5)
    # What a passkey must answer, where the person has one.
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)


class Throttle(Base):
    """Failed attempts for one account, or from one place; `key` is a hash, so that it names nobody."""

    __tablename__ = "throttle"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None] = mapped_column(index=True)
