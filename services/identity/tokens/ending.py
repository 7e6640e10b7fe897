"""Ending a grant, whoever or whatever ends it."""

from __future__ import annotations

from services.identity.sessions.ending import end_sessions_of
from services.identity.tokens.models import TokenGrant
from shared.events.identity.tokens import TOKEN_REVOKED
from shared.work import EVERY_AGENCY, Work


def end_grant(work: Work, grant: TokenGrant, reason: str) -> None:
    """The sessions that carry the token end with it. The directory is for the caller to change."""
    grant.ended_at, grant.ended_by = work.system_now, work.principal.person_id
    grant.end_reason = reason
    data = {"person_id": grant.person_id, "token": grant.token, "unit": grant.unit}
    work.emit(TOKEN_REVOKED, data, aggregate=("person", grant.person_id), agencies=(EVERY_AGENCY,))
    end_sessions_of(work, grant.person_id, "token_ended")
