"""What of somebody's access ends soon, the soonest first (PI-A.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from services.identity.people.models import Unit
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import counting
from shared.work import Work

# As long as a CPC is warned of a post (services/identity/coverage): one period for both.
WARN_BEFORE = "coverage.warn_before"


def ending_soon(work: Work, person_id: UUID) -> list[tuple[str, date]]:
    """What, in words, and the last day on which it counts."""
    last = work.today + timedelta(days=work.policy.period(WARN_BEFORE, work.today).amount)
    found = [*_vetting(work, person_id), *_grants(work, person_id)]
    return sorted([one for one in found if work.today <= one[1] <= last], key=lambda one: one[1])


def _vetting(work: Work, person_id: UUID) -> Iterator[tuple[str, date]]:
    """The vetting that lasts longest: what something as good outlasts is nobody's worry."""
    held = counting(clearances(work.session, person_id, work.policy), work.today)
    if held:
        yield "Vetting", max(one.expires_on for one in held) - timedelta(days=1)


def _grants(work: Work, person_id: UUID) -> Iterator[tuple[str, date]]:
    for model, name in ((TokenGrant, TokenGrant.token), (RoleGrant, RoleGrant.role)):
        query = (
            select(name, Unit.name, model.valid_to)
            .join(Unit, Unit.code == model.unit)
            .where(model.person_id == person_id, model.ended_at.is_(None), model.valid_to.is_not(None))
        )
        for held, unit, last in work.session.execute(query):
            if last is not None:
                yield f"{held.replace('_', ' ').capitalize()}, {unit}", last
