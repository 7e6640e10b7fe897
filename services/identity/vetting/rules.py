"""Which vetting counts, to what level and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from services.identity.tokens.table import tokens

LOWEST, HIGHEST = 2, 3
EXCEPTION = "exception"
# The level that each token needs (requirements, 4.1).
TOKEN_LEVELS: Mapping[str, int] = MappingProxyType({name: row.level for name, row in tokens().items()})
# The level that each operational role needs (PF-6.1.2, PF-4.8/t.3, PF-5.5/t.1, PF-5.5/t.3). Whoever appoints and
# oversees but opens no record needs what a sign-in needs.
ROLE_LEVELS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(
        (
            "practitioner",
            "case_administrator",
            "mappa_administrator",
            "prison_administrator",
            "tasked_with_creation",
            "spo",
            "pom",
            "security",
            "visor_lead",
        ),
        LOWEST,
    )
)


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included; None: with no end."""

    first: date
    last: date | None = None

    def hold(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


ALWAYS = (Days(date.min),)


@dataclass(frozen=True)
class Clearance:
    """A vetting record, or an exception, as the rules see it.

    `accepted` are the days on which its kind counts under the scheme that stands then; with `beside` it counts only
    together with that other kind.
    """

    level: int
    cleared_on: date
    expires_on: date
    authorised: bool = True
    revoked: bool = False
    kind: str = ""
    beside: str | None = None
    accepted: tuple[Days, ...] = ALWAYS

    def counts(self, today: date) -> bool:
        return self.was_good and self.is_current(today) and any(days.hold(today) for days in self.accepted)

    def is_current(self, today: date) -> bool:
        """From the day it was cleared to the day before it expires."""
        return not self.revoked and self.cleared_on <= today < self.expires_on

    @property
    def was_good(self) -> bool:
        return self.authorised and not self.revoked and self.level >= LOWEST


def counting(clearances: Iterable[Clearance], today: date) -> list[Clearance]:
    """Those that count today, each with whatever it needs beside it (PI-3.9.2)."""
    found = [each for each in clearances if each.counts(today)]
    kinds = {each.kind for each in found}
    return [each for each in found if each.beside is None or each.beside in kinds]


def level_held(clearances: Iterable[Clearance], today: date) -> int:
    """The highest level that counts today; 0 for none."""
    return max((each.level for each in counting(clearances, today)), default=0)


def expired_on(clearances: Iterable[Clearance], today: date) -> date | None:
    """The day on which the last one ran out, where none counts any more but one did (PF-4.16/A.2)."""
    clearances = list(clearances)
    if level_held(clearances, today):
        return None
    return max(
        (each.expires_on for each in clearances if each.was_good and each.expires_on <= today), default=None
    )


def is_not_accepted(clearances: Iterable[Clearance], today: date) -> bool:
    """Vetting is held, but of a kind that is worth too little or no longer counts (PI-3.9.2)."""
    return any(each.authorised and each.is_current(today) for each in clearances)


def may_hold(token: str, level: int) -> bool:
    """PF-6.1.3: CPC, Central Support and administrative access need level 3."""
    return level >= TOKEN_LEVELS[token]


def may_have_role(role: str, level: int) -> bool:
    """PF-6.1.2: operational practice and its support need level 2."""
    return level >= ROLE_LEVELS.get(role, 0)


def wrong_dates(cleared_on: date, expires_on: date, today: date) -> dict[str, list[str]]:
    """What is wrong with a clearance's days, by field."""
    wrong = {}
    if cleared_on > today:
        wrong["cleared_on"] = ["The day it was cleared must not be in the future."]
    if expires_on <= cleared_on:
        wrong["expires_on"] = ["The day it expires must be after the day it was cleared."]
    return wrong


def wrong_exception(first_day: date, last_day: date, today: date, longest: int) -> dict[str, list[str]]:
    """PF-4.16/A.3: an exception begins today or later, and lasts `longest` calendar days at most."""
    wrong = {}
    if first_day < today:
        wrong["first_day"] = ["An exception cannot begin in the past."]
    if last_day < first_day:
        wrong["last_day"] = ["The last day must not be before the first."]
    elif last_day >= first_day + timedelta(days=longest):
        wrong["last_day"] = [f"An exception lasts {longest} days at most."]
    return wrong


def lead_warning(level: int) -> bool:
    """PF-5.5/t.1: level 2 is enough for a ViSOR lead, level 3 is recommended."""
    return LOWEST <= level < HIGHEST


def may_be_offered_central_support(level: int) -> bool:
    """PF-5.5/t.2, PF-4.8/t.2."""
    return may_hold("central_support", level)
