"""A row of the catalogue in words: how long it takes, what meets it, when it reminds, when it stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.offers import VARIANTS
from shared.policy import NotInForce, Policy, UnknownPolicy

_DEFAULT = "at half the period and the day before, from three days on"


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
    said = []
    for variant in entry.variants or ("",):
        try:
            period = str(entry.period(policy, on, variant))
        except (NotInForce, UnknownPolicy):
            continue
        said.append(f"{period} ({VARIANTS[variant]})" if variant else period)
    return "; ".join(said)


def _met(entry: Entry) -> str:
    facts = [fact_words(one.event) for one in entry.meets]
    if entry.by_hand is not None and entry.by_hand.done:
        facts.append(f"by hand: {entry.by_hand.done[:1].lower()}{entry.by_hand.done[1:]}")
    return "; ".join(dict.fromkeys(facts))


def _reminders(entry: Entry, policy: Policy, on: date) -> str:
    if not entry.runs:
        return ""
    before = entry.manner(policy, on).before
    if before is None:
        return _DEFAULT
    return f"{', '.join(str(days) for days in before)} days before"
