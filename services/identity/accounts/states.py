"""Closing and opening accounts: the one place that changes an account's state."""

from __future__ import annotations

from services.identity.accounts.rules import LIFTED_BY_VETTING
from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from shared.work import Work


def disable(work: Work, person: Person, reason: str) -> None:
    """Nobody signs in with it any more, its sessions end within seconds, and it is skipped when people are told.

    An account already disabled for a graver reason keeps that reason. The directory is for the caller to change.
    """
    if person.state == "archived":
        return
    if person.state != "disabled" or person.disabled_reason in LIFTED_BY_VETTING:
        person.state, person.disabled_reason = "disabled", reason
    end_sessions_of(work, person.id, reason)


def lift_after_vetting(person: Person) -> bool:
    """Renewed vetting opens an account that was closed for want of it; its tokens were never taken (PF-4.16/A.2)."""
    if person.state == "disabled" and person.disabled_reason in LIFTED_BY_VETTING:
        person.state, person.disabled_reason = "active", None
        return True
    return False
