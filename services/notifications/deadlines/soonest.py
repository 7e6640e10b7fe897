"""The next deadline of a record, for its summary: asked by records with the reader's own access token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.notifications.deadlines import shown
from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.schemas import SoonestAnswer
from services.notifications.service import service
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "deadlines.next",
    path="/nominals/<uuid:nominal_id>/deadlines/next",
    input=Nothing,
    answer=SoonestAnswer,
)
def soonest(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Of the deadlines that run, the one due first, as far as this person may see them."""
    work.concerns(nominal_id=nominal_id)
    mine = (Clock.nominal_id == nominal_id, Clock.state == "running", shown.visible(work.principal))
    count = work.session.execute(select(func.count()).select_from(Clock).where(*mine)).scalar_one()
    found = select(Clock).where(*mine).order_by(Clock.due_on, Clock.id).limit(1)
    clock = work.session.execute(found).scalar_one_or_none()
    if clock is None:
        return {"running": 0, "duty": None, "due_on": None, "state": None}
    said = shown.shown(clock, work.now)
    return {"running": count, "duty": said.duty, "due_on": clock.due_on, "state": said.code_of_state}
