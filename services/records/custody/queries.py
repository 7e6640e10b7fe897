"""Where a nominal is and was held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.custody.models import Movement
from services.records.custody.movements import latest_movement
from services.records.custody.schemas import KINDS, Movements
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.web.schemas import Nothing
from shared.work import Work


def open_reception(session: Session, nominal_id: UUID, prison: str) -> UUID | None:
    """The reception into this prison that a request for partnership answers (D-07): the last, unless they left."""
    last = latest_movement(session, nominal_id)
    return last.id if last is not None and last.kind == "received" and last.prison == prison else None


@service.query(
    "custody.movements",
    path="/nominals/<uuid:nominal_id>/custody",
    input=Nothing,
    answer=Movements,
    page=Page("Custody", "custody/movements.html"),
)
def movements(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every reception and release, newest first."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Movement).where(Movement.nominal_id == nominal_id)
    newest = found.order_by(Movement.at.desc(), Movement.id.desc()).limit(200)
    rows = list(work.session.execute(newest).scalars())
    work.concerns(count=len(rows))
    return {
        "movements": rows,
        "kinds": KINDS,
        "prisons": read_model.units(work.session, [row.prison for row in rows]),
        "people": read_model.people(work.session, [row.entered_by for row in rows if row.entered_by]),
        "visor_number": opened.record.visor_number,
        "may_record": decide(work.principal, "custody.record", opened.record).allowed,
    }
