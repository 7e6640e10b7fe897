"""What follows when somebody's vetting begins, changes or ends."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.accounts.states import disable, lift_after_vetting
from services.identity.people.models import Person
from services.identity.sessions.ending import end_sessions_of
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held, may_hold
from shared.work import Work


def after_vetting_changed(work: Work, person: Person, reason: str) -> None:
    """Disable the account where nothing counts any more; suspend or give back tokens by level (PF-6.1.3)."""
    level = level_held(clearances(work.session, person.id), work.today)
    if not level:
        disable(work, person, reason)
        return
    lift_after_vetting(work, person)
    if _tokens_by_level(work, person, level):
        end_sessions_of(work, person.id, reason)


def _tokens_by_level(work: Work, person: Person, level: int) -> bool:
    """Whether a token was suspended now: the sessions that carry it must end."""
    held = select(TokenGrant).where(TokenGrant.person_id == person.id, TokenGrant.ended_at.is_(None))
    lost = False
    for grant in work.session.execute(held).scalars():
        if may_hold(grant.token, level):
            grant.suspended_at = None
        elif grant.suspended_at is None:
            grant.suspended_at = work.system_now
            lost = True
    return lost
