"""What follows when somebody's vetting begins, changes or ends."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.accounts.states import disable, lift_after_vetting
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import HIGHEST, TOKEN_LEVELS, level_held, may_hold
from services.identity.vetting.telling import tell_of_token
from shared.work import Work

VETTING = "vetting"


def after_vetting_changed(work: Work, person: Person, reason: str) -> None:
    """Disable the account where nothing counts any more; suspend or give back tokens by level (PF-6.1.3)."""
    level = level_held(clearances(work.session, person.id, work.policy), work.today)
    suspended = tokens_by_level(work, person, level)
    if not level:
        disable(work, person, reason)
        return
    lift_after_vetting(work, person)
    if suspended:
        end_sessions_of(work, person.id, reason)


def tokens_at_log_on(work: Work, person: Person) -> None:
    """PF-6.1.3: looked at again each time somebody signs in, before the session is given its tokens."""
    held = clearances(work.session, person.id, work.policy)
    if tokens_by_level(work, person, level_held(held, work.today)):
        log.changed(work, people=[person.id])


def tokens_by_level(work: Work, person: Person, level: int) -> bool:
    """Suspend what needs more, and give back exactly what want of vetting had suspended (PF-4.16/A.2).

    True where a token was suspended now: the sessions that carry it must end. The directory is for the caller.
    """
    held = select(TokenGrant).where(TokenGrant.person_id == person.id, TokenGrant.ended_at.is_(None))
    lost = False
    for grant in work.session.execute(held.with_for_update()).scalars():
        if not may_hold(grant.token, level):
            lost |= _suspend(work, person, grant)
        elif grant.suspended_for == VETTING:
            _restore(work, person, grant)
    return lost


def _suspend(work: Work, person: Person, grant: TokenGrant) -> bool:
    if grant.suspended_at is not None:
        return False
    grant.suspended_at, grant.suspended_for = work.system_now, VETTING
    if TOKEN_LEVELS[grant.token] == HIGHEST:
        tell_of_token(work, person, grant, suspended=True)
    return True


def _restore(work: Work, person: Person, grant: TokenGrant) -> None:
    grant.suspended_at = grant.suspended_for = None
    if TOKEN_LEVELS[grant.token] == HIGHEST:
        tell_of_token(work, person, grant, suspended=False)
