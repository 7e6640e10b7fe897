"""What still waits for somebody, and of which fact it was told: each capability registers what its facts begin.

At night records states all of it (`reconciliation`), so that a fact that was lost is found and told anew. In a module
`keeping.py` of the capability, beside what it keeps, one for each fact that starts a deadline:

    occasion("records.meeting.held", Meeting.id, Meeting.managing_unit, Meeting.minutes_added_at.is_(None))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select


@dataclass(frozen=True)
class Occasion:
    """`waiting` selects (id, unit): the subject of `fact`, and whose business it is."""

    fact: str
    id: Any
    waiting: Any


_OCCASIONS: dict[str, Occasion] = {}
# Facts that start a deadline and are not stated at night, and why.
UNSTATED: Mapping[str, str] = {
    "records.custody.received": "whether the prison was partnered as the person came is told, and not kept",
    "records.custody.left": "whether the prison was partnered as the person left is told, and not kept",
    "records.partnership.pending": "looked at, its clock begins again under a subject of its own, unknown here",
}


def occasion(fact: str, subject: Any, unit: Any, *where: ColumnElement[bool], join: Any = None) -> None:
    """Register those for whom `fact` was told and who still wait, `where` it is told; `join` finds their `unit`.

    Raises ValueError where the fact has one already.
    """
    if fact in _OCCASIONS:
        raise ValueError(f"{fact} has its occasion already")
    waiting = select(subject.label("id"), unit.label("unit")).where(*where)
    _OCCASIONS[fact] = Occasion(fact, subject, waiting if join is None else waiting.join(*join))


def occasions() -> Sequence[Occasion]:
    """Every one, in the order of their facts' names."""
    return [_OCCASIONS[fact] for fact in sorted(_OCCASIONS)]
