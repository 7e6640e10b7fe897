"""An act that decides something or changes a state, made ready to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.access.principal import Principal
from tests.servers.records import NOW, World
from tests.services.records.conftest import Cast

TODAY = NOW.date()
TEXT = "As we said on the telephone this morning."
Asked = tuple[Principal, dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """`ready` brings things to where it can be done, and says by whom and with what.

    `facts` are the kinds that it puts into the outbox, and `again` is what comes of doing it once more: a refusal's
    code, "invalid", "gone", "stale", "done" where it changes nothing then, and "done anew" where there may be two.
    `at_once` is what comes of the second of two who do it at one moment, where that is something else. `audited` is how
    many entries it leaves: of several records one for each beside its own.
    """

    ready: Callable[[World, Cast], Asked]
    facts: tuple[str, ...]
    again: str = "R34"
    at_once: str | None = None
    audited: int = 1
