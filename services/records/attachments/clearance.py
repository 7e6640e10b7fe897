"""Who reads which entry of a record that they may read: the one place that every list, count, feed and export asks.

Intelligence with handling code C is read by the agency it comes from, by the readers named and by whoever entered it
(PF-1.4.3); nobody else learns that it is there. What is masked is shown after a reason was given (`reveals.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true

from services.records.access import clearance
from services.records.attachments.models import Entry, Reveal
from shared.access.principal import Principal

# What the catalogue calls the bodies from which a report comes: the kind of agency, or the agency itself.
ORIGINS = {
    "police": ("kind:police",),
    "probation": ("kind:probation",),
    "prison": ("kind:prison",),
    "NCA": ("agency:nca",),
    "CT police": ("agency:police-ct",),
    "MOD": ("agency:police-mdp", "agency:police-rmp"),
}
_PERSON = "person:"


def cleared(principal: Principal, standings: Collection[str]) -> ColumnElement[bool]:
    """On rows of `Entry`: those that this principal, who stands so to the record, may know of."""
    if principal.is_system:
        return true()
    return clearance.cleared(Entry.readers, Entry.entered_by, principal, standings)  # type: ignore[arg-type]


def readers_of(
    handling_code: str | None, originating: str | None, agency: str, before: Iterable[str] | None
) -> list[str] | None:
    """With code C the body named in the report, or the agency of whoever enters it; and who was named before."""
    if handling_code != "C":
        return None
    origin = ORIGINS.get(originating or "", (f"agency:{agency}",))
    return sorted({*origin, *(one for one in before or () if one.startswith(_PERSON))})


def named_people(readers: Iterable[str] | None) -> list[UUID]:
    return [UUID(one.removeprefix(_PERSON)) for one in readers or () if one.startswith(_PERSON)]


def with_person(readers: Iterable[str] | None, person_id: UUID) -> list[str]:
    return sorted({*(readers or ()), f"{_PERSON}{person_id}"})


def is_current(today: date) -> ColumnElement[bool]:
    return and_(Entry.state == "current", or_(Entry.ends_on.is_(None), Entry.ends_on > today))


def revealed(principal: Principal, entry_ids: list[UUID], now: datetime) -> Any:
    """The entries among these whose masked fields are shown to this session now."""
    return select(Reveal.entry_id).where(
        Reveal.entry_id.in_(entry_ids),
        Reveal.person_id == principal.person_id,
        Reveal.session_id == principal.session_id,
        Reveal.until > now,
    )
