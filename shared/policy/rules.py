"""How a national policy value is changed: one person proposes, another confirms (requirements.md, section 31).

No area changes policy (PI-REIA.4): it is changed by a national administrator or by the Senior Responsible Officer,
as the only other national list that people edit is (PF-4.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.policy.kinds import typed
from shared.policy.policy import Policy
from shared.policy.values import Entry, PolicyValue
from shared.refusals import Invalid, Refusal

_SHORTEST_SOURCE = 20
# Who changes policy, in the words of a refusal.
DECIDERS = "a national administrator or the Senior Responsible Officer"


@dataclass(frozen=True)
class Change:
    """A proposed value, in force from a day on, to a last day where it has one; `source` says where it comes from."""

    key: str
    value: PolicyValue
    in_force_from: date
    source: str
    proposed_by: UUID
    in_force_to: date | None = None


def why_not_change(*, administrator: bool, responsible_officer: bool) -> Refusal | None:
    """R32 for everybody else, whatever they hold for an area, a group or a force (PI-REIA.4)."""
    return None if administrator or responsible_officer else Refusal("R32", role=DECIDERS)


def propose(policy: Policy, change: Change, today: date) -> Change:
    """The change, if it can be put to a second person; else raises `Invalid` with every field's message."""
    errors = {
        "key": _about_key(policy, change),
        "value": _about_value(policy, change),
        "in_force_from": _about_first_day(change, today),
        "in_force_to": _about_last_day(change),
        "source": _about_source(change),
    }
    if found := {field: messages for field, messages in errors.items() if messages}:
        raise Invalid(found)
    return change


def confirm(policy: Policy, change: Change, confirmer: UUID, today: date) -> Entry:
    """The entry that now stands. Raises `Refusal` R23 for the proposer, `Invalid` for what has gone stale since."""
    if confirmer == change.proposed_by:
        raise Refusal("R23", subject="policy change")
    propose(policy, change, today)
    return Entry(change.key, change.value, change.in_force_from, change.in_force_to, change.source.strip())


def _about_key(policy: Policy, change: Change) -> list[str]:
    return [] if change.key in policy.subjects else ["No policy value has this key."]


def _about_value(policy: Policy, change: Change) -> list[str]:
    if not policy.entries.get(change.key):
        return []
    if wrong := typed(policy, change.key).wrong(change.value):
        return [wrong]
    return ["This value stands already."] if _stands_already(policy, change) else []


def _stands_already(policy: Policy, change: Change) -> bool:
    return (
        policy.is_in_force(change.key, change.in_force_from)
        and policy.value(change.key, change.in_force_from) == change.value
    )


def _about_first_day(change: Change, today: date) -> list[str]:
    # What stood in the past is what deadlines were counted by; it is never rewritten.
    return [] if change.in_force_from >= today else ["The value cannot come into force before today."]


def _about_last_day(change: Change) -> list[str]:
    ends = change.in_force_to
    return ["The last day must not be before the first."] if ends and ends < change.in_force_from else []


def _about_source(change: Change) -> list[str]:
    enough = len(change.source.strip()) >= _SHORTEST_SOURCE
    return [] if enough else [f"Say where it comes from in at least {_SHORTEST_SOURCE} characters."]
