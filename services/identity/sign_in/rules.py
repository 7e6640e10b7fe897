"""Whether a session may open: who asks, cleared, trained and signed as they are, from where they are.

The order is that of the catalogue: R01, R02, R04, R06, R08, R09, R10 (requirements, 4.2 "Order of refusals").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from services.identity.accounts.rules import NEWCOMERS, why_closed
from services.identity.vetting.rules import LOWEST, Clearance, expired_on, is_not_accepted, level_held

REGISTERED_NETWORK = "registered_network"


@dataclass(frozen=True)
class Paper:
    """A document as the person stands to it: `signed` this version; `grace_ends` is the last day without.

    Of SyOPs it is set only where an older version was signed: nobody begins without (PF-6.3).
    """

    version: str
    title: str
    signed: bool
    changed_on: date | None = None
    grace_ends: date | None = None


@dataclass(frozen=True)
class TerminalSeen:
    unit: str
    approved: bool


@dataclass(frozen=True)
class NetworkSeen:
    """A registered range of addresses; an unregistered one is None where this is asked for."""

    unit: str
    agency: str
    agency_kind: str
    wifi: bool


@dataclass(frozen=True)
class Asking:
    """Everything that the decision looks at. `prisons` are the prisons whose terminals and LAN the person may use."""

    name: str
    agency: str
    agency_kind: str
    account_state: str
    disabled_reason: str | None
    clearances: tuple[Clearance, ...]
    trained: bool
    syops: Paper | None
    terminal: TerminalSeen | None
    network: NetworkSeen | None
    secure_office: bool
    prisons: frozenset[str] = frozenset()
    other_agencies: str = REGISTERED_NETWORK
    # What else must be signed, each with its grace (PF-4.16/D).
    documents: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A refusal's code and what fills its message: text, or dates still to be put in words."""

    code: str
    fills: Mapping[str, str | date] = field(default_factory=dict)


@dataclass(frozen=True)
class Opens:
    """`onboarding` reads and signs documents, and nothing else, `because` of what stands in the way."""

    scope: Literal["full", "onboarding"]
    because: Refused | None = field(default=None, compare=False)


# What is amiss with where somebody sits, not with them.
OF_THE_PLACE = frozenset({"R09", "R10"})
_ONBOARDING = frozenset({"R06", "R07"})
# SyOPs come before training, and both before the CPC's authorisation: a newcomer lacks those still (PF-6.3, C-25).
_ONBOARDING_NEWCOMER = _ONBOARDING | {"R04", "R08"}


def decide(asking: Asking, today: date) -> Opens | Refused:
    """The first refusal in order; an onboarding session where only the signature is missing (PF-6.3), or what else a
    newcomer has before them.
    """
    found = list(refusals(asking, today))
    if not found:
        return Opens("full")
    newcomer = asking.account_state in NEWCOMERS
    if all(each.code in (_ONBOARDING_NEWCOMER if newcomer else _ONBOARDING) for each in found):
        return Opens("onboarding", next((each for each in found if each.code in _ONBOARDING), found[0]))
    return found[0]


def refusals(asking: Asking, today: date) -> Iterator[Refused]:
    """Every reason why not, in order."""
    for rule in (_vetting, _training, _syops, _documents, _account):
        yield from rule(asking, today)
    if asking.agency_kind == "prison":
        yield from _terminal(asking)
    yield from _network(asking)


def _vetting(asking: Asking, today: date) -> Iterator[Refused]:
    """PF-6.1.1, PF-4.16/A.1, PF-4.16/A.2; R03 where what is held is no vetting under this scheme (PI-3.9.2)."""
    if level_held(asking.clearances, today):
        return
    if is_not_accepted(asking.clearances, today):
        fills = {"token": "partner", "needed": str(LOWEST), "name": asking.name, "held": "0"}
        yield Refused("R03", fills)
        return
    ended = expired_on(asking.clearances, today)
    yield Refused("R01") if ended is None else Refused("R02", {"date": ended})


def _training(asking: Asking, _today: date) -> Iterator[Refused]:
    """PF-6.2.1."""
    if not asking.trained:
        yield Refused("R04", {"name": asking.name})


def _syops(asking: Asking, today: date) -> Iterator[Refused]:
    """PF-7/SyOps.1; a changed version may stay unsigned for its grace (PF-4.16/D.1)."""
    paper = asking.syops
    if paper is None:
        yield Refused("R06", {"version": "(none is published)"})
    elif paper.signed:
        return
    elif paper.grace_ends is None or paper.changed_on is None:
        yield Refused("R06", {"version": paper.version})
    elif today > paper.grace_ends:
        yield Refused("R07", {"document": paper.title, "date": paper.changed_on})


def _documents(asking: Asking, today: date) -> Iterator[Refused]:
    """PF-4.16/D.2 to D.5, PF-5.11: the first whose grace is over."""
    for paper in asking.documents:
        if not paper.signed and paper.grace_ends is not None and today > paper.grace_ends:
            yield Refused("R07", {"document": paper.title, "date": paper.changed_on or today})
            return


def _account(asking: Asking, _today: date) -> Iterator[Refused]:
    """PF-4.38.3."""
    reason = why_closed(asking.account_state, asking.disabled_reason)
    if reason is not None:
        yield Refused("R08", {"reason": reason})


def _terminal(asking: Asking) -> Iterator[Refused]:
    """Prison users: an approved terminal of their own prison, or of the group they are CPC of (PF-6.4.1)."""
    terminal = asking.terminal
    if terminal is None or not terminal.approved or terminal.unit not in asking.prisons:
        yield Refused("R09")


def _network(asking: Asking) -> Iterator[Refused]:
    """PF-6.6.1: never Wi-Fi, never an unknown network."""
    if asking.network is None or asking.network.wifi or not _own_network(asking, asking.network):
        place = "location" if asking.agency_kind == "prison" else "office"
        yield Refused("R10", {"agency": asking.agency_kind, "place": place})


def _own_network(asking: Asking, network: NetworkSeen) -> bool:
    """Prison: their own prison's LAN, on which the terminal stands (PF-6.6.4). Probation: a probation building's
    LAN, in an office that the person says is secure (PF-6.6.3). Others: as national policy says.
    """
    if asking.agency_kind == "prison":
        here = asking.terminal is None or asking.terminal.unit == network.unit
        return network.unit in asking.prisons and here
    if asking.agency_kind == "probation":
        return network.agency_kind == "probation" and asking.secure_office
    return asking.other_agencies != REGISTERED_NETWORK or network.agency == asking.agency
