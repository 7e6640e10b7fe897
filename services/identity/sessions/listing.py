"""Open sessions of one person, as they and those who look after them see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.sessions.credentials import limits
from services.identity.sessions.models import SignInSession
from services.identity.sessions.rules import Times, is_over
from services.identity.terminals.models import NetworkRange, Terminal
from shared.work import Work


def listed(work: Work, person_id: UUID) -> list[dict[str, Any]]:
    """Newest first; what ended by itself is left out."""
    found = select(SignInSession, Terminal.asset_tag, NetworkRange.building)
    found = found.outerjoin(Terminal, Terminal.id == SignInSession.terminal_id)
    found = found.outerjoin(NetworkRange, NetworkRange.id == SignInSession.network_id)
    theirs = found.where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    allowed, now = limits(work), work.system_now
    return [
        {
            "id": row.id,
            "opened_at": row.opened_at,
            "last_seen_at": row.last_seen_at,
            "terminal": terminal,
            "place": building,
            "current": row.id == work.principal.session_id,
        }
        for row, terminal, building in work.session.execute(theirs.order_by(SignInSession.opened_at.desc()))
        if not is_over(Times(row.opened_at, row.last_seen_at, row.ended_at), allowed, now)
    ]


def open_sessions(work: Work, person_id: UUID, *, lock: bool = False) -> list[SignInSession]:
    """Whatever has not been ended, the oldest first; with `lock`, so that none is renewed meanwhile."""
    found = select(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    found = found.order_by(SignInSession.id)
    return list(work.session.execute(found.with_for_update() if lock else found).scalars())
