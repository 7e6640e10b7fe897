"""One CPC of an area, group or force, one LPC of a unit: who holds it, who is to follow, and the hand-over."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.tokens.ending import end_grant
from services.identity.tokens.models import NEXT_CPC, NEXT_LPC, ONE_CPC, ONE_LPC, TokenGrant
from services.identity.tokens.table import Token
from shared.refusals import Refusal
from shared.work import Work

CPC = "cpc"
# Two people granted the same at one moment, and this was the second.
for _index in (ONE_CPC, NEXT_CPC):
    service.constraints[_index] = lambda: Refusal("R12", area="This area", name="granted a moment ago")
for _index in (ONE_LPC, NEXT_LPC):
    service.constraints[_index] = lambda: Refusal("R35", unit="This unit", name="granted a moment ago")
service.constraints["uq_token_grant_open"] = lambda: Refusal(
    "R34", what="This person already holds that token."
)


def make_room(
    work: Work, row: Token, scope: Unit, person: Person, starts: date, *, hand_over: bool
) -> list[UUID]:
    """Raises Refusal R12 or R35 with the holder's name, unless the holder hands over on the day that this starts.

    Returns whose token ended. Whoever comes at the same moment meets the unit's lock, and the unique index behind it.
    """
    if not row.one:
        return []
    open_ones = select(TokenGrant).where(
        TokenGrant.token == row.name, TokenGrant.unit == scope.code, TokenGrant.ended_at.is_(None)
    )
    ended = []
    for held in work.session.execute(open_ones.with_for_update()).scalars():
        if held.person_id == person.id:
            raise Refusal("R34", what="This person already holds that token.")
        if held.valid_to is not None and held.started_at is not None and held.valid_to < starts:
            continue
        if not hand_over or held.started_at is None:
            raise _taken(work, row, scope, held)
        ended += _hand_over(work, held, starts)
    work.session.flush()
    return ended


def _hand_over(work: Work, held: TokenGrant, starts: date) -> list[UUID]:
    """In one transaction with what follows: at once, or with the last day before it."""
    if starts > work.today:
        held.valid_to = starts - timedelta(days=1)
        return []
    end_grant(work, held, "Handed over")
    return [held.person_id]


def _taken(work: Work, row: Token, scope: Unit, held: TokenGrant) -> Refusal:
    holder = work.session.get_one(Person, held.person_id)
    if row.name == CPC:
        return Refusal("R12", area=scope.name, name=holder.name)
    return Refusal("R35", unit=scope.name, name=holder.name)
