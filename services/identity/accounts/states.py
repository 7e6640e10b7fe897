"""Closing and opening accounts: the one place that changes an account's state."""

from __future__ import annotations

from uuid import UUID

from services.identity.accounts import telling
from services.identity.accounts.rules import LIFTED_BY_VETTING, NO_ACCOUNT_YET
from services.identity.accounts.unused import note_closed, note_used
from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from shared.events.identity.accounts import ACCOUNT_ACTIVATED, ACCOUNT_DISABLED, ACCOUNT_REACTIVATED
from shared.work import Work


def disable(work: Work, person: Person, reason: str) -> None:
    """Nobody signs in with it any more, its sessions end within seconds, and it is skipped when people are told.

    An account already disabled for a graver reason keeps that reason; a newcomer has none that could be disabled. The
    directory is for the caller to change.
    """
    if person.state == "archived":
        return
    end_sessions_of(work, person.id, reason)
    if person.state in NO_ACCOUNT_YET:
        return
    note_closed(work, person)
    if person.state != "disabled" or person.disabled_reason in LIFTED_BY_VETTING:
        person.state, person.disabled_reason = "disabled", reason
        to = [
            telling.cpc(work, person),
            *telling.line_manager(work, person),
            *telling.leads(work.session, person),
        ]
        telling.tell(work, ACCOUNT_DISABLED, person, to, reason_code=reason)


def open_again(work: Work, person: Person, leaver_id: UUID | None = None) -> None:
    """As it was before: an account that nobody has yet signed in with goes back to waiting for that."""
    person.state = "active" if person.activated_at else "created"
    person.disabled_reason, person.left_on = None, None
    to = [telling.cpc(work, person), telling.themselves(person), *telling.line_manager(work, person)]
    telling.tell(work, ACCOUNT_REACTIVATED, person, to, leaver_id=leaver_id)


def lift_after_vetting(work: Work, person: Person) -> bool:
    """Renewed vetting opens an account that was closed for want of it; its tokens were never taken (PF-4.16/A.2)."""
    if person.state == "disabled" and person.disabled_reason in LIFTED_BY_VETTING:
        open_again(work, person)
        return True
    return False


def note_whole_session(work: Work, person: Person) -> bool:
    """The first one makes the account active: all that PSI-5.3.4.2 asks for is in place.

    Says whether it is the day's first.
    """
    if person.last_signed_in_on == work.today and person.state != "created":
        return False
    # Two may sign in as one person at a moment; the row's version must be the newest.
    work.session.refresh(person, with_for_update=True)
    person.last_signed_in_on = work.today
    note_used(work, person)
    if person.state == "created":
        person.state, person.activated_at = "active", work.system_now
        telling.tell(
            work,
            ACCOUNT_ACTIVATED,
            person,
            [telling.cpc(work, person), *telling.line_manager(work, person)],
        )
    return True
