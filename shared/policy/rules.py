"""How a national policy value is changed: one person proposes, another approves (requirements.md, section 31).

No area changes policy (PI-REIA.4), so who may propose at all is the access table's business, not this module's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.policy.policy import Policy
from shared.policy.values import Entry, PolicyValue, shape
from shared.refusals import Invalid, Refusal
from shared.time.periods import Period

_SHORTEST_REASON = 20


@dataclass(frozen=True)
class Change:
    """A proposed value, in force from a day on; `reason` becomes its source once it is approved."""

    key: str
    value: PolicyValue
    in_force_from: date
    reason: str
    proposed_by: UUID


def propose(policy: Policy, change: Change, today: date) -> Change:
    """The change, if it can be put to a second person; else raises `Invalid` with every field's message."""
    errors = {
        "key": _about_key(policy, change),
        "value": _about_value(policy, change),
        "in_force_from": _about_day(change, today),
        "reason": _about_reason(change),
    }
    if found := {field: messages for field, messages in errors.items() if messages}:
        raise Invalid(found)
    return change


def approve(policy: Policy, change: Change, approver: UUID, today: date) -> Entry:
    """The entry that now stands. Raises `Refusal` R23 for the proposer, `Invalid` for what has gone stale since."""
    if approver == change.proposed_by:
        raise Refusal("R23", subject="policy change")
    propose(policy, change, today)
    return Entry(change.key, change.value, change.in_force_from, None, change.reason.strip())


def _about_key(policy: Policy, change: Change) -> list[str]:
    return [] if change.key in policy.subjects else ["No policy value has this key."]


def _about_value(policy: Policy, change: Change) -> list[str]:
    if not (known := policy.entries.get(change.key)):
        return []
    wanted = shape(known[-1].value)
    if shape(change.value) != wanted:
        return [f"The value must be {wanted}."]
    if _is_period(known[-1].value) and not _is_period(change.value):
        return ["The value must be a period, like '5 working days'."]
    if isinstance(change.value, int) and not isinstance(change.value, bool) and change.value < 0:
        return ["The value must not be below nought."]
    return ["This value stands already."] if _stands_already(policy, change) else []


def _stands_already(policy: Policy, change: Change) -> bool:
    return (
        policy.is_in_force(change.key, change.in_force_from)
        and policy.value(change.key, change.in_force_from) == change.value
    )


def _about_day(change: Change, today: date) -> list[str]:
    # What stood in the past is what deadlines were counted by; it is never rewritten.
    return [] if change.in_force_from >= today else ["The value cannot come into force before today."]


def _about_reason(change: Change) -> list[str]:
    enough = len(change.reason.strip()) >= _SHORTEST_REASON
    return (
        [] if enough else [f"Give a reason of at least {_SHORTEST_REASON} characters, and name its source."]
    )


def _is_period(value: PolicyValue) -> bool:
    try:
        Period.parse(str(value))
    except ValueError:
        return False
    return True
