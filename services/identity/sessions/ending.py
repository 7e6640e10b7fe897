"""Ending sessions: at once here, within seconds everywhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from services.identity.service import service
from services.identity.sessions.models import SignInSession
from shared.access import revocations
from shared.access.principal import Principal
from shared.events.identity.sign_in import SESSION_REVOKED
from shared.runtime import Runtime
from shared.work import EVERY_AGENCY, About, Work


def end_sessions_of(work: Work, person_id: UUID, reason_code: str) -> int:
    """End every session of a person, and tell every service that their access tokens are dead. Returns how many."""
    ended = work.session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
        .values(ended_at=work.system_now, end_reason=reason_code)
        .returning(SignInSession.proved_at)
    ).scalars()
    proved = list(ended)
    # Whoever confirmed in this very moment has an access token that is younger than the moment it began.
    _revoke(work, person_id, reason_code, max([work.system_now, *proved]), person_id=person_id)
    return len(proved)


def end_session(work: Work, session: SignInSession, reason_code: str) -> None:
    """End one session; the person's others go on."""
    session.ended_at = work.system_now
    session.end_reason = reason_code
    _revoke(work, session.id, reason_code, work.system_now, session_id=session.id)


def sign_out_of(runtime: Runtime, principal: Principal) -> None:
    """End the session that the principal speaks from; signing out twice is as good as once."""
    with runtime.work(principal, "session.sign_out") as work:
        opened = work.session.get(SignInSession, principal.session_id)
        if opened is not None and opened.ended_at is None:
            end_session(work, opened, "signed_out")
        work.audit(work.action, About("session", principal.session_id))


def _revoke(work: Work, subject: UUID, reason_code: str, at: datetime, **whose: UUID) -> None:
    revocations.revoke(work.session, service.tables.revocation, subject, at)
    kind = "person" if "person_id" in whose else "session"
    data = {"person_id": None, "session_id": None, "at": at, "reason_code": reason_code, **whose}
    work.emit(SESSION_REVOKED, data, aggregate=(kind, subject), agencies=(EVERY_AGENCY,))
