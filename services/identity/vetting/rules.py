"""Which vetting counts, to what level and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

# The NPPV level that each kind of vetting is worth (PF-4.3.2). BPSS and CRB are history and worth nothing under the
# scheme of 2023 (PI-3.9.2).
LEVELS: Mapping[str, int] = MappingProxyType(
    {"nppv2": 2, "nppv3": 3, "police_rv": 2, "police_mv": 3, "sc": 3, "bpss": 0, "crb": 0}
)
# Other vetting counts only with an authorisation of the SRO on file (PF-4.16/A.1).
NPPV = frozenset({"nppv2", "nppv3"})
LOWEST = 2
# The level that each token needs (requirements, 4.1).
TOKEN_LEVELS: Mapping[str, int] = MappingProxyType(
    {
        "partner": 2,
        "create": 2,
        "manager": 2,
        "supervisor": 2,
        "lpc": 2,
        "read_only": 2,
        "central_support": 3,
        "cpc": 3,
        "admin": 3,
    }
)


@dataclass(frozen=True)
class Clearance:
    """A vetting record as the rules see it."""

    level: int
    cleared_on: date
    expires_on: date
    authorised: bool = True
    revoked: bool = False

    def counts(self, today: date) -> bool:
        """From the day it was cleared to the day before it expires."""
        return self.was_good and self.cleared_on <= today < self.expires_on

    @property
    def was_good(self) -> bool:
        return self.authorised and not self.revoked and self.level >= LOWEST


def level_held(clearances: Iterable[Clearance], today: date) -> int:
    """The highest level that counts today; 0 for none."""
    return max((each.level for each in clearances if each.counts(today)), default=0)


def expired_on(clearances: Iterable[Clearance], today: date) -> date | None:
    """The day on which the last one ran out, where none counts any more but one did (PF-4.16/A.2)."""
    clearances = list(clearances)
    if level_held(clearances, today):
        return None
    return max(
        (each.expires_on for each in clearances if each.was_good and each.expires_on <= today), default=None
    )


def may_hold(token: str, level: int) -> bool:
    """PF-6.1.3: CPC, Central Support and administrative access need level 3."""
    return level >= TOKEN_LEVELS[token]
