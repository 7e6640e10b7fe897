"""Who is concerned by what happens to a record: its manager, supervisor, LPC and CPC."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.records.access.record import Record
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.work import NOBODY, Concerned, Work

ROLES = ("manager", "supervisor", "lpc", "cpc")


def concerned(work: Work, record: Record, *roles: str) -> list[Concerned]:
    """One for each holder of these roles of the record (of `ROLES`, all by default).

    A role nobody holds, or whose holder has left, comes as NOBODY, so that the vacancy is reported.
    """
    return [one for role in roles or ROLES for one in _FINDERS[role](work, record)]


def _named(work: Work, role: str, person_id: UUID | None, record: Record) -> list[Concerned]:
    card = read_model.person(work.session, person_id) if person_id else None
    cards = [card] if card and card.active else []
    return holding(cards, role, record.managing_unit, record.owner_agency)


def holding(cards: Iterable[PersonCard], role: str, unit: str, agency: str) -> list[Concerned]:
    """A Concerned for each card, or NOBODY for a role that none of them holds."""
    found = [Concerned(card.id, role, unit, card.agency) for card in cards]
    return found or [Concerned(NOBODY, role, unit, agency)]


def in_role(work: Work, role: str, unit: str, agency: str) -> list[Concerned]:
    """One for each who has this role there, or NOBODY."""
    return holding(read_model.holders(work.session, role, unit), role, unit, agency)


def _lpc(work: Work, record: Record) -> list[Concerned]:
    return in_role(work, "lpc", record.managing_unit, record.owner_agency)


def _cpc(work: Work, record: Record) -> list[Concerned]:
    card = read_model.owning_cpc(work.session, record.owner_unit)
    return holding([card] if card else [], "cpc", record.owner_unit, record.owner_agency)


_FINDERS = {
    "manager": lambda work, record: _named(work, "manager", record.manager_id, record),
    "supervisor": lambda work, record: _named(work, "supervisor", record.supervisor_id, record),
    "lpc": _lpc,
    "cpc": _cpc,
}
