"""What a prison's message says, and whether it can be taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_NOMS = re.compile(r"[A-Z]\d{4}[A-Z]{2}")
_PRISON = re.compile(r"[A-Z0-9]{3,4}")
_KINDS = {
    "prison-offender-events.prisoner.received": "received",
    "prison-offender-events.prisoner.released": "released",
}
# Clocks of two systems differ a little; a message from tomorrow is a mistake.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Told:
    """A movement as told. `fact` is what makes it one: type, number and time, whatever its message id."""

    kind: str
    event_type: str
    noms: str
    prison: str
    at: datetime
    reason: str | None
    reason_code: str | None

    @property
    def fact(self) -> str:
        return f"{self.event_type}|{self.noms}|{self.at.astimezone(UTC).isoformat()}"


@dataclass(frozen=True)
class SetAside:
    """A message that cannot be taken, and why: kept for somebody to look into, never an error of ours."""

    event_type: str
    reason: str


def read(message: Mapping[str, Any], now: datetime) -> Told | SetAside:
    """What the inner message tells (the sample files beside the requirements show both shapes)."""
    event_type = _text(message.get("eventType")) or "unknown"
    kind = _KINDS.get(event_type)
    if kind is None:
        return SetAside(event_type, "This type of message is not one that the register takes.")
    more = message.get("additionalInformation")
    if not isinstance(more, Mapping):
        return SetAside(event_type, "additionalInformation is missing.")
    noms = (_text(more.get("nomsNumber")) or "").upper()
    if not _NOMS.fullmatch(noms):
        return SetAside(event_type, "nomsNumber is missing or is no prison number.")
    prison = (_text(more.get("prisonId")) or "").upper()
    if not _PRISON.fullmatch(prison):
        return SetAside(event_type, "prisonId is missing or is no prison's code.")
    at = _moment(message.get("occurredAt"))
    if at is None:
        return SetAside(event_type, "occurredAt is missing, unreadable or without a zone.")
    if at > now + _AHEAD:
        return SetAside(event_type, "occurredAt lies in the future.")
    code = _text(more.get("nomisMovementReasonCode"))
    return Told(kind, event_type, noms, f"prison-{prison}", at, _text(more.get("reason")), code)


def _text(value: object) -> str | None:
    """A short text, or nothing: other systems send numbers, nulls and carriage returns where text should be."""
    if not isinstance(value, str):
        return None
    tidy = value.replace("\x00", "").strip()
    return tidy[:200] or None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return at if at.tzinfo is not None and at.year >= 1900 else None
