"""What an account's state lets its holder do, and why it was disabled."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Why an account is disabled or archived, in words for its holder.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "vetting_expired": "vetting has expired",
        "vetting_revoked": "vetting has been revoked",
        "suspended": "suspended",
        "left": "left the role",
        "not_used": "not used",
        "not_authorised": "not yet authorised",
    }
)
# Renewed vetting lifts these by itself (PF-4.16/A.2); the others somebody must lift.
LIFTED_BY_VETTING = frozenset({"vetting_expired", "vetting_revoked"})


def why_closed(state: str, reason: str | None) -> str | None:
    """Why nobody can sign in with this account, in words; None where they can (R08)."""
    if state in {"created", "active"}:
        return None
    if state in {"requested", "authorised"}:
        return REASONS["not_authorised"]
    return REASONS.get(reason or "", "closed")
