"""What a verification found, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.audit.seal_file import Head

Kind = Literal["altered", "removed", "swapped", "inserted", "seal_removed", "seal_forged", "seal_file"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `number` is the entry's number in the chain, `seal` the seal it is (or stands) under."""

    kind: Kind
    what: str
    number: int | None = None
    entry_id: UUID | None = None
    seal: int | None = None

    def __str__(self) -> str:
        place = [
            f"entry {self.entry_id}" if self.entry_id else "",
            f"number {self.number}" if self.number is not None else "",
            f"seal {self.seal}" if self.seal is not None else "",
        ]
        return f"{self.kind.upper().replace('_', ' ')}: {', '.join(filter(None, place))}: {self.what}"


@dataclass(frozen=True)
class Verdict:
    """`findings` in the chain's order: the first is the first that is wrong; nothing is said of what comes after it.

    `unsealed` entries are so new that no seal covers them yet: whoever can alter the database could alter them
    unseen. `head` is what to compare with a head that was kept elsewhere.
    """

    service: str
    findings: tuple[Finding, ...]
    entries: int
    seals: int
    head: Head | None
    sealed_at: datetime | None
    unsealed: int
    unsealed_since: datetime | None
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def first(self) -> Finding | None:
        return self.findings[0] if self.findings else None

    def lines(self) -> list[str]:
        """For people, one sentence a line."""
        if self.first is None:
            told = [
                f"{self.service}: {self.entries} entries under {self.seals} seals, all as they were written."
            ]
        else:
            told = [f"{self.service}: NOT AS IT WAS WRITTEN. {self.first}"]
            told.append(f"Before it {self.entries} entries are in order. What comes after it was not judged.")
        told.append(self._window())
        if self.head:
            told.append(f"Newest seal seen: {self.head}")
        return [*told, *self.notes]

    def _window(self) -> str:
        if not self.unsealed:
            return "No entry is waiting for its seal."
        since = f"{self.unsealed_since:%Y-%m-%d %H:%M:%S}Z" if self.unsealed_since else "an unknown time"
        return (
            f"{self.unsealed} entries since {since} are not sealed yet: a change to these would not be seen."
        )
