"""Whom a fact names, looked at as it is told: else a clock begins nothing, or the alert rules mislead.

A module of tests asks for it with `pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from services.notifications.alerts.rules import Rule, rules_for
from services.notifications.deadlines.catalogue import catalogue, started_by
from services.notifications.delivery.rules import CAPACITIES, PERSONAL
from services.notifications.todo.telling import role_words
from shared.work import Concerned, Work

if TYPE_CHECKING:
    from shared.events.registry import EventKind

# What somebody is to the matter itself is said as it fits there (“who asked”); these are said by their name.
NAMED = (CAPACITIES - PERSONAL) | {"partner", "line_manager"}
# Where people say it in other words than those of the code.
SAID = {
    "admin": r"(?<!case )(?<!MAPPA )(?<!prison.s )administrators?\b(?! of)",
    "case_administrator": "case administrators",
    "manager": r"(?<!line )(?<!offender )managers?\b",
    "partner": r"partners?\b(?!.s )",
    "prison_administrator": "case administrators|prison.s administrators|administrators of the prison",
    "spo": "senior probation officer",
    "pom": "prison offender manager",
    "tasked_with_creation": "tasked with creating records",
}


class WronglyToldError(AssertionError):
    """Name who must act in `to`; a role that nobody holds is named with NOBODY, so that the vacancy is reported."""


def speaks_of(told: str, role: str) -> bool:
    """Whether these words name the role."""
    return re.search(SAID.get(role, re.escape(role_words(role))), told, re.IGNORECASE) is not None


def wrongly_told(event: str, data: Mapping[str, Any], to: Iterable[Concerned]) -> list[str]:
    """What is wrong with whom this fact names: nobody where it starts a clock, or whom its rule says nothing of."""
    roles = {one.role for one in to}
    wrong = [f"no capacity is called {role}" for role in sorted(roles - CAPACITIES)]
    if not roles:
        starting = [one for one in started_by(event) if one.starts is not None and one.starts.fits(data)]
        wrong += [f"it starts {one.code} and names nobody in to=" for one in starting]
    for rule in rules_for(event):
        if rule.fits(data):
            wrong += [f"told of “{rule.kind}” says nothing of {role}" for role in unsaid(rule, roles)]
    return wrong


def unsaid(rule: Rule, roles: Iterable[str]) -> list[str]:
    """The roles among these that the page of alert rules does not show for this one."""
    reminded = {role for code in rule.deadlines for role in catalogue()[code].reminded}
    shown = reminded if not rule.told else {role for role in NAMED if speaks_of(rule.told, role)}
    return sorted((set(roles) & NAMED) - shown)


@pytest.fixture
def nobody_is_forgotten() -> Iterator[None]:
    tell = Work.emit

    def emit(
        self: Work, kind: EventKind, data: Mapping[str, Any], *, to: Iterable[Concerned] = (), **more: Any
    ) -> UUID:
        named = tuple(to)
        if wrong := wrongly_told(kind.name, data, named):
            raise WronglyToldError(f"{kind.name}: {'; '.join(wrong)}")
        return tell(self, kind, data, to=named, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Work, "emit", emit)
        yield
