"""Somebody else's open sessions: seen and ended by those who look after the account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.identity.accounts.finding import first_authority, person_or_404, reach_of, require_authority
from services.identity.authority import may_look_after
from services.identity.people.cards import cards
from services.identity.service import service
from services.identity.sessions.ending import end_sessions_of
from services.identity.sessions.listing import listed
from services.identity.sessions.schemas import EndAllInput, SessionsOfAnswer
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage, Page
from shared.refusals import Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Work


@service.query(
    "sessions.of",
    path="/people/<uuid:person_id>/sessions",
    input=Nothing,
    answer=SessionsOfAnswer,
    page=Page("Open sessions", "sessions/of.html"),
)
def sessions_of(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """For the CPC of the person's area, group or force, a deputy, and administrators."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    if not may_look_after(reach_of(work, person)):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))
    return {"person": cards(work.session, [person])[0], "sessions": listed(work, person.id)}


@service.command(
    "sessions.end_all",
    path="/people/<uuid:person_id>/sessions/end",
    input=EndAllInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        values=first_authority("account"),
        title="End a person’s sessions",
        button="End the sessions",
        done="The person’s sessions have been ended.",
        next="/people/{person_id}/sessions",
        intro="They are signed out within seconds, and can sign in again. To keep them out, disable the account.",
    ),
)
def end_all(work: Work, *, person_id: UUID, reason: str) -> None:
    """For a session left open, or a doubt who sits there. Raises Refusal R24, or R23 for one's own."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), private=reason)
    require_authority(work, person, "account")
    work.concerns(ended=end_sessions_of(work, person.id, "ended_by_another"))
