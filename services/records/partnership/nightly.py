"""Each night: whom probation supervises, matched with the records of the police (PF-4.26.1, PF-4.26.2)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.nominals.models import Identifier, Nominal
from services.records.partnership.drafts import draft_request
from services.records.partnership.models import Supervision
from services.records.service import service
from shared.directory import read_model
from shared.work import Work

_AT_ONCE = 200


class NightlyMatch:
    """A tick, in steps: so many cases at once, until the night's are through. Two at one moment draft nothing twice.

    A step that fails is done again with the next tick.
    """

    __name__ = "nightly_match"

    def __init__(self) -> None:
        self._night: date | None = None
        self._through: UUID | None = None

    def __call__(self, work: Work) -> int:
        """How many requests were drafted."""
        if self._night == work.today and self._through is None:
            return 0
        through = self._through if self._night == work.today else None
        rows = _next(work, through or UUID(int=0))
        drafted = sum(match(work, nominal_id, unit) for _, nominal_id, unit in rows)
        self._night, self._through = work.today, rows[-1][0] if len(rows) == _AT_ONCE else None
        return drafted


def _next(work: Work, after: UUID) -> list[tuple[UUID, UUID, str]]:
    """(case, nominal, unit) of those who have a live record; whose it is, draft_request sees."""
    found = (
        select(Supervision.id, Identifier.nominal_id, Supervision.unit)
        .join(Identifier, (Identifier.kind == "crn") & (Identifier.value == Supervision.crn))
        .join(Nominal, Nominal.id == Identifier.nominal_id)
        .where(Supervision.ended_at.is_(None), Supervision.id > after, Nominal.status == "live")
        .order_by(Supervision.id)
        .limit(_AT_ONCE)
    )
    return [(row.id, row.nominal_id, row.unit) for row in work.session.execute(found)]


def match(work: Work, nominal_id: UUID, unit: str) -> bool:
    place = read_model.unit(work.session, unit)
    if place is None:
        return False
    return draft_request(work, facts(work, nominal_id, lock=True), place) == "drafted"


service.each_tick(NightlyMatch())
