"""Sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.service import Base
from shared.ids import new_id


class SignInSession(Base):
    """One session. The browser holds an opaque id; here is only its hash. Its own id (`sid`) goes into credentials.

    `proved_at` is when the person last proved who they are: at sign-in, or by confirming since. Confirming gives the
    browser a new opaque id; the one before it counts a little longer, for what was on its way.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        Index("ix_sign_in_session_open", "person_id", postgresql_where=text("ended_at is null")),
        CheckConstraint("scope in ('full', 'onboarding')", name="scope"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    previous_until: Mapped[datetime | None]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str] = mapped_column(String(10))
    terminal_id: Mapped[UUID | None] = mapped_column(ForeignKey("terminal.id"))
    network_id: Mapped[UUID | None] = mapped_column(ForeignKey("network_range.id"))
    secure_office: Mapped[bool]
    # Of an onboarding session: the refusal in its way, as {"code": …, "fills": {…}}.
    held_up: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # The terminal proved itself with a device key: whoever trades this session's id must hold that key too.
    by_device_key: Mapped[bool] = mapped_column(default=False)
    # What a passkey must answer next, within some minutes.
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    challenge_until: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
