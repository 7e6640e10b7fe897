"""One's own open sessions: seeing them, and ending one that was left open somewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.service import service
from services.identity.sessions.ending import end_session
from services.identity.sessions.listing import listed, open_sessions
from services.identity.sessions.models import SignInSession
from services.identity.sessions.schemas import SessionsAnswer
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
    """Where, since when and last used when, the newest first."""
    work.concerns(subject=("person", work.principal.person_id))
    return {"sessions": listed(work, work.principal.person_id)}


def _first_ended(work: Work, *, session_id: UUID) -> dict[str, object]:
    _own(work, session_id)
    return {}


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
        values=_first_ended,
    ),
)
def end(work: Work, *, session_id: UUID) -> None:
    """Only one's own; anybody else's is as good as none."""
    found = _own(work, session_id, lock=True)
    if found.ended_at is None:
        end_session(work, found, "ended_by_owner")


def _own(work: Work, session_id: UUID, *, lock: bool = False) -> SignInSession:
    found = work.session.get(SignInSession, session_id, with_for_update=lock)
    if found is None or found.person_id != work.principal.person_id:
        raise NotFound
    work.concerns(subject=("session", found.id))
    return found


@service.command(
    "sessions.end_others",
    path="/sessions/end-others",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="End your other sessions",
        button="End them",
        done="Your other sessions have been ended.",
        next="/sessions",
        intro="Whoever uses them is signed out within seconds. This session goes on.",
    ),
)
def end_others(work: Work) -> None:
    work.concerns(subject=("person", work.principal.person_id))
    for opened in open_sessions(work, work.principal.person_id, lock=True):
        if opened.id != work.principal.session_id:
            end_session(work, opened, "ended_by_owner")
