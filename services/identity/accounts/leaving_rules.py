"""What must be handed over before a leaver's account is archived (PF-4.38.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """What a leaver still holds. The three counts are live records; None where records has not counted yet."""

    tokens: int
    roles: int
    team: int
    manager_of: int | None
    supervisor_of: int | None
    partner_of: int | None

    @property
    def is_counted(self) -> bool:
        return self.manager_of is not None


def still_held(held: Held) -> Iterator[str]:
    """In words, one for each kind; nothing where all is handed over."""
    if held.tokens:
        yield _count(held.tokens, "token")
    if held.roles:
        yield _count(held.roles, "role")
    if held.team:
        yield f"{_count(held.team, 'person', 'people')} to manage"
    if not held.is_counted:
        yield "records that are still being counted"
    if held.manager_of:
        yield f"{_count(held.manager_of, 'record')} as manager"
    if held.supervisor_of:
        yield f"{_count(held.supervisor_of, 'record')} as supervisor"
    if held.partner_of:
        yield _count(held.partner_of, "partnership")


def in_words(held: Held) -> str:
    parts = list(still_held(held))
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
