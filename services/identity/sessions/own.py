"""One's own open sessions: seeing them, and ending one that was left open somewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.service import service
from services.identity.sessions.credentials import idle_time
from services.identity.sessions.ending import end_session
from services.identity.sessions.models import SignInSession
from services.identity.sessions.rules import Times, is_over
from services.identity.sessions.schemas import SessionsAnswer
from services.identity.terminals.models import NetworkRange, Terminal
from shared.declarations import FormPage, Page
from shared.refusals import NotFound
from shared.web.schemas import Done, Nothing
from shared.work import Work


@service.query(
    "sessions.mine",
    path="/sessions",
    input=Nothing,
    answer=SessionsAnswer,
    page=Page("Your open sessions", "sessions/mine.html"),
)
def mine(work: Work) -> dict[str, Any]:
    """Newest first; what ended by itself is left out."""
    found = select(SignInSession, Terminal.asset_tag, NetworkRange.building)
    found = found.outerjoin(Terminal, Terminal.id == SignInSession.terminal_id)
    found = found.outerjoin(NetworkRange, NetworkRange.id == SignInSession.network_id)
    own = found.where(
        SignInSession.person_id == work.principal.person_id, SignInSession.ended_at.is_(None)
    ).order_by(SignInSession.opened_at.desc())
    idle, now = idle_time(work), work.system_now
    return {
        "sessions": [
            {
                "id": row.id,
                "opened_at": row.opened_at,
                "last_seen_at": row.last_seen_at,
                "terminal": terminal,
                "place": building,
                "current": row.id == work.principal.session_id,
            }
            for row, terminal, building in work.session.execute(own)
            if not is_over(Times(row.opened_at, row.last_seen_at, row.ended_at), idle, now)
        ]
    }


@service.command(
    "sessions.end",
    path="/sessions/<uuid:session_id>/end",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="End this session",
        button="End the session",
        done="The session has been ended.",
        next="/sessions",
        intro="Whoever uses it is signed out within seconds.",
    ),
)
def end(work: Work, *, session_id: UUID) -> None:
    """Only one's own; anybody else's is as good as none."""
    found = work.session.get(SignInSession, session_id, with_for_update=True)
    if found is None or found.person_id != work.principal.person_id:
        raise NotFound
    work.concerns(subject=("session", found.id))
    if found.ended_at is None:
        end_session(work, found, "ended_by_owner")


def open_sessions(work: Work, person_id: UUID, *, lock: bool = False) -> list[SignInSession]:
    """Whatever has not been ended, the oldest first; with `lock`, so that none is renewed meanwhile."""
    found = select(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    found = found.order_by(SignInSession.id)
    return list(work.session.execute(found.with_for_update() if lock else found).scalars())
