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
_ON_THE_WAY = timedelta(days=1)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
# Reasons of leaving for a while and of coming back: the prison holds the person all along, so no clock begins anew.
_FOR_A_WHILE = {
    "TEMPORARY_ABSENCE_RELEASE",
    "TEMPORARY_ABSENCE_RETURN",
    "SENT_TO_COURT",
    "RETURN_FROM_COURT",
}


@dataclass(frozen=True)
class Told:
    """A movement as told; `at` in UTC. `fact` is what makes it one: type, number and time, whatever its message id."""

    kind: str
    event_type: str
    noms: str
    prison: str
    at: datetime
    reason: str | None
    reason_code: str | None

    @property
    def for_a_while(self) -> bool:
        """Out to court or on temporary licence, or back from it."""
        return self.reason in _FOR_A_WHILE

    @property
    def fact(self) -> str:
        return f"{self.event_type}|{self.noms}|{self.at.isoformat()}"


@dataclass(frozen=True)
class Before:
    """The movement before a reception; `ago` is the time between the two."""

    kind: str
    prison: str
    reason: str | None
    ago: timedelta


@dataclass(frozen=True)
class SetAside:
    """A message that cannot be taken, and why: kept for somebody to look into, never an error of ours."""

    event_type: str
    reason: str


def read(message: Mapping[str, Any], now: datetime) -> Told | SetAside:
    """What the inner message tells (the sample files beside the requirements show both shapes)."""
    event_type = text_of(message.get("eventType")) or "unknown"
    kind = _KINDS.get(event_type)
    if kind is None:
        return SetAside(event_type, "This type of message is not one that the register takes.")
    more = message.get("additionalInformation")
    if not isinstance(more, Mapping):
        return SetAside(event_type, "additionalInformation is missing.")
    noms = (text_of(more.get("nomsNumber")) or "").upper()
    if not _NOMS.fullmatch(noms):
        return SetAside(event_type, "nomsNumber is missing or is no prison number.")
    prison = (text_of(more.get("prisonId")) or "").upper()
    if not _PRISON.fullmatch(prison):
        return SetAside(event_type, "prisonId is missing or is no prison's code.")
    at = _moment(message.get("occurredAt"))
    if at is None:
        return SetAside(event_type, "occurredAt is missing, unreadable or without a zone.")
    if at > now + _AHEAD:
        return SetAside(event_type, "occurredAt lies in the future.")
    code = text_of(more.get("nomisMovementReasonCode"))
    return Told(kind, event_type, noms, f"prison-{prison}", at, text_of(more.get("reason")), code)


def text_of(value: object) -> str | None:
    """A short text, or nothing: other systems send numbers, nulls and carriage returns where text should be."""
    if not isinstance(value, str):
        return None
    tidy = storable(value).replace("\x00", "").strip()
    return tidy[:200] or None


def storable(text: str) -> str:
    """Half a surrogate pair, which JSON can spell, is no text that a database or a cipher takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _moment(value: object) -> datetime | None:
    """In UTC; None for what is no moment: no text, no date, no zone, or one before anybody on the register was born."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        at = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if moment.tzinfo is not None and at >= _EARLIEST else None


def counts_as_reception(kind: str, *, for_a_while: bool, held_here: bool) -> bool:
    """A return from court is a reception only where the register did not know the person to be held there."""
    return kind == "received" and not (for_a_while and held_here)


def ends_reception(before: str, kind: str) -> bool:
    """Whether a movement that is not only for a while ends what the one before it began.

    A reception also does so when no release was told: the person is elsewhere, or has come anew (PF-5.13.1).
    """
    return before == "received" and kind in ("released", "received")


def is_transfer(kind: str, prison: str, before: Before) -> bool:
    """Whether a reception is a move from another prison (PF-5.19.1), and no new custody.

    It is, where no release was told between the two, where the release was one to be transferred, or where the person
    was received elsewhere within a day of leaving.
    """
    if kind != "received" or before.prison == prison:
        return False
    return before.kind == "received" or before.reason == "TRANSFERRED" or before.ago <= _ON_THE_WAY


def wrong_moment(at: datetime, now: datetime) -> dict[str, list[str]]:
    """Field → messages for a movement entered by hand."""
    if at > now + _AHEAD:
        return {"at": ["The movement must have happened: its date cannot be in the future."]}
    if at < _EARLIEST:
        return {"at": ["Check the year of the movement."]}
    return {}
