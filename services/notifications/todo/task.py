"""What an item says, whoever gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Task:
    """`link` leads into records by opaque ids; `cause` tells two of a kind apart."""

    kind: str
    title: str
    cause: str
    clause: str = ""
    link: str = ""
    important: bool = False
    pinned: bool = False
    detail: str = "full"
    subject_kind: str = ""
    subject_id: UUID | None = None
    nominal_id: UUID | None = None
    clock_id: UUID | None = None
    due_on: date | None = None
    late_from: datetime | None = None
