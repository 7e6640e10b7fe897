"""Who audits log-ons where, who signs an audit off, and when somebody's absence is to be seen."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

LARGEST_SAMPLE = 100
LONGEST_PERIOD = 366
# What RPT-04 counts refused attempts over, and calls long unused.
LONG = 90
SHORT = 30


@dataclass(frozen=True)
class Standing:
    """What a principal is to the unit that is audited; `lpc` of this very unit, the others at or above it."""

    cpc: bool = False
    central_support: bool = False
    lpc: bool = False


def standing(
    chain: AbstractSet[str],
    unit: str,
    *,
    cpc: AbstractSet[str],
    central_support: AbstractSet[str],
    lpc: AbstractSet[str],
) -> Standing:
    """`cpc` holds also the units in which somebody acts for an absent CPC."""
    return Standing(bool(cpc & chain), bool(central_support & chain), unit in lpc)


def may_audit(who: Standing) -> bool:
    """PF-4.16o.1, PF-7/Central Support Token.3; an LPC audits their own unit and so reports to the CPC (4.2)."""
    return who.cpc or who.central_support or who.lpc


def why_not_sign(who: Standing, *, own: bool) -> str | None:
    """Another than who completed it, or the CPC; an LPC signs nothing off."""
    if who.cpc:
        return None
    if not who.central_support:
        return "R24"
    return "R23" if own else None


def wrong_period(first: date, last: date, today: date) -> dict[str, list[str]]:
    wrong = {}
    if last < first:
        wrong["period_to"] = ["The last day must not be before the first."]
    elif (last - first).days > LONGEST_PERIOD:
        wrong["period_to"] = ["An audit covers a year at most."]
    if last > today:
        wrong["period_to"] = ["The period must not end in the future."]
    return wrong


def previous_month(today: date) -> tuple[date, date]:
    """What is audited in this month (PF-5.10.6): the whole month before it."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def is_absent(last_log_on: date, today: date, after_days: int) -> bool:
    """PI-3.10.2: more than so many days without a log-on."""
    return (today - last_log_on).days > after_days


def prepares_for(day: date, today: date) -> bool:
    """PF-4.37.1: a log-on of today is one before the supervision: on the day before it, or on its day at the latest.

    Later than that it is late, and all the same done.
    """
    return day <= today + timedelta(days=1)
