"""Device keys of terminals: replaced at each sign-in, so that a copy gives itself away.

A key that was replaced counts on for a short grace, since the answer that brought the new one may have been lost; the
grace is over as soon as the new one is seen. Whoever shows a replaced key after that holds a copy, or the other does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.identity.opaque_ids import hashed, new_secret
from services.identity.service import Base
from services.identity.terminals.models import Terminal

# A browser forgets the key after a year without a sign-in.
REMEMBERED = timedelta(days=400)


class ReplacedKey(Base):
    """`counts_until` is the end of its grace; null once its successor has been seen."""

    __tablename__ = "replaced_device_key"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    terminal_id: Mapped[UUID] = mapped_column(ForeignKey("terminal.id"), index=True)
    replaced_at: Mapped[datetime] = mapped_column(index=True)
    counts_until: Mapped[datetime | None]


class CopiedKey(Exception):
    """A key was shown that this terminal no longer has."""

    def __init__(self, terminal_id: UUID) -> None:
        self.terminal_id = terminal_id
        super().__init__("a replaced device key")


def holder_of(session: Session, device_key: str, now: datetime) -> Terminal | None:
    """The terminal that shows this key, None where no terminal ever had it; raises CopiedKey."""
    key = hashed(device_key)
    found = session.execute(select(Terminal).where(Terminal.device_key_hash == key)).scalar_one_or_none()
    if found is not None:
        _seen(session, found)
        return found
    replaced = session.get(ReplacedKey, key)
    if replaced is None:
        return None
    if replaced.counts_until is None or replaced.counts_until <= now:
        raise CopiedKey(replaced.terminal_id)
    return session.get_one(Terminal, replaced.terminal_id)


def replace_key(session: Session, terminal: Terminal, now: datetime, grace: timedelta) -> str:
    """A new key for the terminal's browser; under its lock, so that of two at once each gets one that counts."""
    # Not its own key: whoever opens a session there at this moment holds it too (a foreign key).
    session.refresh(terminal, with_for_update={"key_share": True})
    secret = new_secret()
    if terminal.device_key_hash is not None:
        session.add(
            ReplacedKey(
                key_hash=terminal.device_key_hash,
                terminal_id=terminal.id,
                replaced_at=now,
                counts_until=now + grace,
            )
        )
    terminal.device_key_hash = hashed(secret)
    return secret


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(ReplacedKey).where(ReplacedKey.replaced_at <= now - REMEMBERED))


def _seen(session: Session, terminal: Terminal) -> None:
    waiting = update(ReplacedKey).where(
        ReplacedKey.terminal_id == terminal.id, ReplacedKey.counts_until.is_not(None)
    )
    session.execute(waiting.values(counts_until=None))
