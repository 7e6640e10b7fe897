"""One entry of the audit: who did what, where, and with what outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

Outcome = Literal["done", "viewed", "refused", "failed"]

_LARGEST = 1 << 63
# What a PostgreSQL text cannot hold, or UTF-8 not encode.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """`at` is the system clock's, aware, in whole microseconds.

    `facts` never hold anything personal: codes, counts, ids, yes and no. What is personal (a reason, the terms of a
    search) goes into `private`, encrypted by `NominalKeys.encrypt_for(nominal_id, "audit", …)`. `origin_ids` are the
    nominals, merged into this one, whose data was touched too. Raises TypeError or ValueError for what could not be
    read back from the database exactly as it was hashed.
    """

    id: UUID
    at: datetime
    service: str
    actor: UUID
    session_id: UUID | None = None
    terminal: str | None = None
    action: str
    outcome: Outcome = "done"
    refusal_code: str | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    nominal_id: UUID | None = None
    origin_ids: tuple[UUID, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    private: bytes | None = None
    correlation_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an audit entry's time must be aware")
        for text in (self.service, self.terminal, self.action, self.refusal_code, self.subject_kind):
            if text is not None and _UNWRITABLE.search(text):
                raise ValueError("an audit entry's text cannot be written")
        object.__setattr__(self, "origin_ids", tuple(self.origin_ids))
        object.__setattr__(self, "facts", plain(self.facts))


def plain(value: Any) -> Any:
    """The value as JSONB gives it back: dicts, lists, strings, whole numbers, truth values and None.

    Ids and times become text. Floats are refused, since JSONB may write them otherwise than they were hashed.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if _UNWRITABLE.search(value):
            raise ValueError("a fact's text cannot be written")
        return str.__str__(value)
    if isinstance(value, int):
        if not -_LARGEST <= value < _LARGEST:
            raise ValueError("a fact's number does not fit into 64 bits")
        return int(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _plain_collection(value)


def _plain_collection(value: Any) -> Any:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("the keys of facts are text")
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(one) for one in value), key=repr)
    raise TypeError(f"a fact cannot be a {type(value).__name__}")
