"""Who may read a restricted entry of a record that they may open: its author, and the readers that it names.

A reader is named as a person, as an agency, or as a role of the record (its manager, supervisor, LPC or CPC); whoever
acts for an absent CPC reads as the CPC does. Without readers an entry is for everybody who may open the record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, cast, or_

from shared.access.principal import Principal

# Roles of a record that can be named as readers, and the standings that fill each.
ROLES = {
    "manager": {"manager"},
    "supervisor": {"supervisor"},
    "lpc": {"lpc"},
    "cpc": {"cpc", "deputy"},
}


def readers(roles: Iterable[str], agencies: Iterable[str], people: Iterable[UUID]) -> list[str] | None:
    """As an entry keeps them; None where nobody is named, so that it is not restricted."""
    named = {f"role:{role}" for role in roles}
    named |= {f"agency:{agency}" for agency in agencies} | {f"person:{person}" for person in people}
    return sorted(named) or None


def keys(person_id: UUID, agency: str, standings: Collection[str]) -> list[str]:
    """What this person, who stands so to the record, is named by."""
    held = sorted(role for role, filled_by in ROLES.items() if filled_by & set(standings))
    return [f"person:{person_id}", f"agency:{agency}", *(f"role:{role}" for role in held)]


def keys_of(principal: Principal, standings: Collection[str]) -> list[str]:
    """And by the kind of agency they work for, where a report names only that."""
    return [*keys(principal.person_id, principal.agency, standings), f"kind:{principal.agency_kind}"]


def is_cleared(named: Sequence[str] | None, held: Iterable[str]) -> bool:
    """The same as `cleared`, for one entry whose author is somebody else."""
    return named is None or not set(named).isdisjoint(held)


def cleared(
    named: ColumnElement[Any], author: ColumnElement[Any], principal: Principal, standings: Collection[str]
) -> ColumnElement[bool]:
    """The same in SQL: columns that hold an entry's readers and its author."""
    held = cast(keys_of(principal, standings), ARRAY(Text))
    return or_(named.is_(None), author == principal.person_id, named.op("&&")(held))
