"""A row of the catalogue in words: how long it takes, what meets it, when it reminds, when it stands still."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.offers import VARIANTS
from services.notifications.deadlines.rules import reminds
from shared.policy import NotInForce, Policy, UnknownPolicy
from shared.time.periods import Period, Unit

_DEFAULT = "Reminds at half the period and the day before"
_NO_REMINDER = "No reminder"


@dataclass(frozen=True, slots=True)
class Described:
    """Unknown names are the entry's own."""

    entry: Entry
    period: str
    met: str
    reminders: str
    pause: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


def described(entry: Entry, policy: Policy, on: date) -> Described:
    return Described(
        entry, _period(entry, policy, on), _met(entry), _reminders(entry, policy, on), entry.pausable
    )


def fact_words(event: str) -> str:
    """`records.meeting.held` as people say it."""
    _, _, rest = event.partition(".")
    return rest.replace(".", ": ").replace("_", " ").capitalize()


def _period(entry: Entry, policy: Policy, on: date) -> str:
    """Of a duty with several kinds that of each; of one that ends with a moment none."""
    periods = _periods(entry, policy, on)
    return "; ".join(
        f"{period.words} ({VARIANTS[variant]})" if variant else period.words
        for variant, period in periods.items()
    )


def _periods(entry: Entry, policy: Policy, on: date) -> dict[str, Period]:
    found = {}
    for variant in entry.variants or ("",):
        with suppress(NotInForce, UnknownPolicy):
            found[variant] = entry.period(policy, on, variant)
    return found


def _met(entry: Entry) -> str:
    facts = [fact_words(one.event) for one in entry.meets]
    if entry.by_hand is not None and entry.by_hand.done:
        facts.append(f"by hand: {entry.by_hand.done[:1].lower()}{entry.by_hand.done[1:]}")
    return "; ".join(dict.fromkeys(facts))


def _reminders(entry: Entry, policy: Policy, on: date) -> str:
    """A period too short for a reminder has none, and says so; of kinds with several periods some may have one."""
    if not entry.runs:
        return ""
    before, periods = entry.manner(policy, on).before, list(_periods(entry, policy, on).values())
    reminding = [one for one in periods if reminds(one, before)]
    if periods and not reminding:
        return _NO_REMINDER
    if before is None:
        return f"{_DEFAULT}, from three days on" if not periods or len(reminding) < len(periods) else _DEFAULT
    working = "working " if any(one.unit is Unit.WORKING_DAYS for one in periods) else ""
    noun = "day" if tuple(before) == (1,) else "days"
    return f"Reminds {', '.join(str(days) for days in before)} {working}{noun} before"
