"""Later capabilities that follow who has read the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from services.records.access.authorise import Opened
from shared.work import Work

# (work, opened, the newest entry), when somebody had the newest entries before them.
Read = Callable[[Work, Opened, UUID], None]
F = TypeVar("F", bound=Read)
WHEN_READ: list[Read] = []


def when_read(function: F) -> F:
    WHEN_READ.append(function)
    return function
