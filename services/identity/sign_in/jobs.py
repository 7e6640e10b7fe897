"""What is swept away behind sign-ins."""

from __future__ import annotations

from sqlalchemy import delete, update

from services.identity.service import service
from services.identity.sessions.credentials import limits
from services.identity.sessions.models import SignInSession
from services.identity.sign_in import throttling
from services.identity.sign_in.models import SignInStep
from services.identity.terminals.device_keys import forget_old as forget_old_keys
from shared.work import Work


@service.each_tick
def sweep(work: Work) -> None:
    """Marks sessions that ended by themselves, and forgets old attempts and steps that were never finished.

    Nobody waits for it: each trade of a session looks at its times itself.
    """
    now, allowed, open_ones = work.system_now, limits(work), SignInSession.ended_at.is_(None)
    unused = SignInSession.last_seen_at <= now - allowed.idle
    too_long = SignInSession.opened_at <= now - allowed.longest
    ended = update(SignInSession).where(open_ones, unused | too_long)
    work.session.execute(ended.values(ended_at=now, end_reason="unused"))
    work.session.execute(delete(SignInStep).where(SignInStep.expires_at <= now))
    throttling.forget_old(work.session, now)
    forget_old_keys(work.session, now)
