"""National policy values: what the file says, what was changed since, and who may change it."""

from __future__ import annotations

from shared.policy.policy import NotInForce, Policy, UnknownPolicy
from shared.policy.published import published_entries, published_policy
from shared.policy.rules import Change, confirm, propose
from shared.policy.values import Entry, PolicyValue, Subject

__all__ = [
    "Change",
    "Entry",
    "NotInForce",
    "Policy",
    "PolicyValue",
    "Subject",
    "UnknownPolicy",
    "confirm",
    "propose",
    "published_entries",
    "published_policy",
]
