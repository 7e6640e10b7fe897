"""The message around a fact: what happened, to what, by whom, and who in one agency is concerned.

Thin on purpose: identifiers, kinds, versions and times. No name and no narrative lies in a broker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha1
from typing import Any, Literal, cast
from uuid import UUID

from shared.environment import LIVE, environment
from shared.events.registry import EventKind

Detail = Literal["full", "restricted"]
Row = Mapping[str, Any]
# Where a UUID says of which kind it is (RFC 9562, 5.5).
_NOT_ITS_KIND = ~(0xF000 << 64 | 0xC000 << 48) & (1 << 128) - 1
_NAMED_BY_SHA1 = 0x5000 << 64 | 0x8000 << 48
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


class MalformedEventError(ValueError):
    """Not an envelope: retrying cannot help."""


class ForeignEventError(MalformedEventError):
    """An event of training came to live, or the other way round: it is buried, and nothing is done."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the fact is about, and its version after it."""

    kind: str
    id: UUID
    version: int = 0

    def to_row(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": str(self.id), "version": self.version}

    @staticmethod
    def from_row(row: Row | None) -> Aggregate | None:
        return Aggregate(row["kind"], UUID(row["id"]), row["version"]) if row else None


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must act or look, in what capacity, and the unit whose business it is; without a person the role
    there is vacant, and that is reported.
    """

    person_id: UUID | None
    capacity: str
    unit: str | None = None

    def to_row(self) -> dict[str, Any]:
        return {"person_id": _text(self.person_id), "as": self.capacity, "unit": self.unit}

    @staticmethod
    def from_row(row: Row) -> Duty:
        return Duty(_uuid(row.get("person_id")), row["as"], row.get("unit"))


@dataclass(frozen=True, slots=True)
class Copy:
    """One agency's copy of a fact: only this agency's people, and how much they may be told."""

    agency: str
    people: tuple[Duty, ...] = ()
    detail: Detail | None = None

    def to_row(self) -> dict[str, Any]:
        people = [duty.to_row() for duty in self.people]
        return {"agency": self.agency, "people": people, "detail": self.detail}

    @staticmethod
    def from_row(row: Row) -> Copy:
        people = tuple(Duty.from_row(duty) for duty in row.get("people", ()))
        return Copy(row["agency"], people, cast("Detail | None", row.get("detail")))


@dataclass(frozen=True, slots=True)
class Event:
    """A fact; with `agency` set it is that agency's copy. `data` holds JSON values until `EventKind.load`
    reads them.
    """

    id: UUID
    type: str
    version: int
    occurred_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    aggregate: Aggregate | None = None
    actor: UUID | None = None
    correlation_id: UUID | None = None
    agency: str = ""
    people: tuple[Duty, ...] = ()
    detail: Detail | None = None

    @staticmethod
    def of(
        kind: EventKind,
        data: Mapping[str, Any],
        *,
        id: UUID,
        occurred_at: datetime,
        aggregate: tuple[str, UUID] | None = None,
        version: int = 0,
        actor: UUID | None = None,
        correlation_id: UUID | None = None,
    ) -> Event:
        """A new fact from Python values; `version` is the aggregate's after it. Raises EventDataError."""
        about = Aggregate(*aggregate, version) if aggregate else None
        return Event(id, kind.name, kind.version, occurred_at, kind.dump(data), about, actor, correlation_id)

    @property
    def message_id(self) -> UUID:
        """The same for the same copy however often it is published: the key of the inbox."""
        return message_id(self.id, self.agency)

    @property
    def routing_key(self) -> str:
        return routing_key(self.type, self.agency)

    def copy_for(self, copy: Copy) -> Event:
        return replace(self, agency=copy.agency, people=copy.people, detail=copy.detail)

    def to_json(self) -> bytes:
        """The form in which an event travels; the relay has PostgreSQL make the same of the outbox's rows."""
        row = {
            "id": str(self.id),
            "type": self.type,
            "environment": environment(),
            "version": self.version,
            "agency": self.agency,
            "occurred_at": self.occurred_at.isoformat(),
            "aggregate": self.aggregate and self.aggregate.to_row(),
            "actor": _text(self.actor),
            "people": [duty.to_row() for duty in self.people],
            "detail": self.detail,
            "correlation_id": _text(self.correlation_id),
            "data": dict(self.data),
        }
        return _ENCODE(row).encode()

    @staticmethod
    def from_json(body: bytes) -> Event:
        """Fields it does not know are ignored; raises MalformedEventError for anything but an envelope."""
        try:
            row = json.loads(body)
            of, event = row.get("environment", LIVE), _from_row(row)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise MalformedEventError(f"not an event: {error!r}") from error
        if of != environment():
            raise ForeignEventError(f"of the {of} environment")
        return event


def message_id(event_id: UUID, agency: str) -> UUID:
    """As `uuid5` has it, which hashes the same bytes by a longer way: each message asks twice."""
    hashed = int.from_bytes(sha1(event_id.bytes + agency.encode()).digest()[:16])  # noqa: S324 - a name, no secret
    return UUID(int=hashed & _NOT_ITS_KIND | _NAMED_BY_SHA1)


def routing_key(type: str, agency: str) -> str:
    return f"{type}.{agency}"


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _from_row(row: Row) -> Event:
    occurred_at = datetime.fromisoformat(row["occurred_at"])
    if occurred_at.tzinfo is None or not isinstance(row["data"], dict):
        raise ValueError("occurred_at without an offset, or data that are not an object")
    copy = Copy.from_row(row)
    return Event(
        id=UUID(row["id"]),
        type=str(row["type"]),
        version=int(row["version"]),
        occurred_at=occurred_at,
        data=row["data"],
        aggregate=Aggregate.from_row(row.get("aggregate")),
        actor=_uuid(row.get("actor")),
        correlation_id=_uuid(row.get("correlation_id")),
        agency=copy.agency,
        people=copy.people,
        detail=copy.detail,
    )
