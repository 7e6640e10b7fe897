"""Later capabilities that follow a unit's becoming partner of a record, and its ceasing to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from services.records.access.record import Record
from shared.work import Work

# (work, record, unit, agency), in the transaction of the act.
Follow = Callable[[Work, Record, str, str], None]
F = TypeVar("F", bound=Follow)
WHEN_FIRST: list[Follow] = []
WHEN_NONE_LEFT: list[Follow] = []


def when_first(function: F) -> F:
    """Called when a unit has its first partner on a record."""
    WHEN_FIRST.append(function)
    return function


def when_none_left(function: F) -> F:
    """Called when the last partner of a unit has ceased to be one."""
    WHEN_NONE_LEFT.append(function)
    return function
