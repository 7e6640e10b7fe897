"""Where a nominal is and was held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.access.authorise import authorise
from services.records.custody.models import Movement
from services.records.custody.schemas import Movements
from services.records.service import service
from shared.web.schemas import Nothing
from shared.work import Work


def latest_movement(session: Session, nominal_id: UUID) -> Movement | None:
    """The newest by when it happened."""
    newest = (
        select(Movement)
        .where(Movement.nominal_id == nominal_id)
        .order_by(Movement.at.desc(), Movement.id.desc())
    )
    return session.execute(newest.limit(1)).scalar_one_or_none()


def open_reception(session: Session, nominal_id: UUID, prison: str) -> UUID | None:
    """The reception into this prison that a request for partnership answers (D-07): the last, unless they left."""
    last = latest_movement(session, nominal_id)
    return last.id if last is not None and last.kind == "received" and last.prison == prison else None


@service.query(
    "custody.movements", path="/nominals/<uuid:nominal_id>/custody", input=Nothing, answer=Movements
)
def movements(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every reception and release, newest first."""
    authorise(work, "nominals.read", nominal_id)
    found = select(Movement).where(Movement.nominal_id == nominal_id).order_by(Movement.at.desc()).limit(200)
    return {"movements": list(work.session.execute(found).scalars())}
