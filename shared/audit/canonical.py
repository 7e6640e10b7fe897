r"""The bytes of an entry that its hash runs over. Change nothing here: every hash ever written depends on it.

Layout: the 21 bytes `visor-audit-entry-1\n\x10` (its name, then the number of fields), then the sixteen fields in the
order below. Each field is its length in bytes (4, big-endian), then its bytes; an absent one is the length FFFFFFFF
and nothing more. So no two different entries share their bytes.

  id, session_id, subject_id, actor, nominal_id, correlation_id   16 bytes of the UUID
  at                                     8 bytes, big-endian, signed: microseconds since 1970-01-01T00:00Z
  service, terminal, action, outcome, refusal_code, subject_kind  UTF-8
  origin_ids                             16 bytes for each, in order
  facts                                  JSON, UTF-8: keys sorted, no spaces, nothing escaped that need not be
  private                                the ciphertext: destroying the nominal's key changes no hash

The hash is SHA-256. The transaction's number is not in it, since the writer does not know it; the chain covers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import JSONEncoder
from typing import Any
from uuid import UUID

from shared.audit.entry import AuditEntry

FIELDS = (
    "id",
    "at",
    "service",
    "actor",
    "session_id",
    "terminal",
    "action",
    "outcome",
    "refusal_code",
    "subject_kind",
    "subject_id",
    "nominal_id",
    "origin_ids",
    "facts",
    "private",
    "correlation_id",
)
HEAD = b"visor-audit-entry-1\n" + bytes([len(FIELDS)])

_ABSENT = b"\xff\xff\xff\xff"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_json = JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(
    id: UUID,
    at: int,
    service: str,
    actor: UUID,
    session_id: UUID | None,
    terminal: str | None,
    action: str,
    outcome: str,
    refusal_code: str | None,
    subject_kind: str | None,
    subject_id: UUID | None,
    nominal_id: UUID | None,
    origin_ids: Sequence[UUID],
    facts: Mapping[str, Any],
    private: bytes | None,
    correlation_id: UUID | None,
) -> bytes:
    """The entry's canonical bytes; `at` in microseconds since 1970, the others as the database gives them back."""
    parts = [HEAD]
    for field in (
        id.bytes,
        at.to_bytes(8, "big", signed=True),
        service.encode(),
        actor.bytes,
        None if session_id is None else session_id.bytes,
        None if terminal is None else terminal.encode(),
        action.encode(),
        outcome.encode(),
        None if refusal_code is None else refusal_code.encode(),
        None if subject_kind is None else subject_kind.encode(),
        None if subject_id is None else subject_id.bytes,
        None if nominal_id is None else nominal_id.bytes,
        b"".join([one.bytes for one in origin_ids]),
        _json(facts).encode(),
        private,
        None if correlation_id is None else correlation_id.bytes,
    ):
        if field is None:
            parts.append(_ABSENT)
        else:
            parts.append(len(field).to_bytes(4, "big"))
            parts.append(field)
    return b"".join(parts)


def values_of(entry: AuditEntry) -> list[Any]:
    """The entry's fields in the order of FIELDS."""
    return [getattr(entry, name) for name in FIELDS]


def microseconds(at: datetime) -> int:
    """Since 1970-01-01T00:00Z, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def hash_of(values: Sequence[Any]) -> bytes:
    """The hash of an entry given as `values_of` gives it."""
    id, at, *others = values
    return sha256(canonical(id, microseconds(at), *others)).digest()
