"""The live records that nobody has touched for long, for those who answer for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.records.access.standings import standings
from services.records.nominals.models import Name, Nominal
from services.records.service import service
from services.records.staleness.jobs import cutoff
from services.records.staleness.schemas import StaleAnswer
from services.records.staleness.touched import last_touch, untouched_since
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work

MOST = 200
ANSWERS = ("manager", "lpc", "cpc", "deputy")


@service.query(
    "staleness.list",
    path="/stale-records",
    input=Nothing,
    answer=StaleAnswer,
    page=Page("Records not touched", "staleness/list.html"),
)
def stale(work: Work) -> dict[str, Any]:
    """Of the records that one manages, or is LPC or CPC of; the longest untouched first (SC-17.10)."""
    over = standings(work.principal)
    mine = select(over.c.nominal_id).where(over.c.nominal_id == Nominal.id, over.c.standing.in_(ANSWERS))
    touch = last_touch().label("touched_at")
    found = (
        select(Nominal.id.label("nominal_id"), Nominal.visor_number, Name.forenames, Name.surname, touch)
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .where(mine.exists(), Nominal.status == "live", untouched_since(cutoff(work)))
        .order_by(touch, Nominal.visor_number)
        .limit(MOST)
    )
    rows = work.session.execute(found).all()
    work.concerns(count=len(rows))
    return {
        "records": [
            {**row._mapping, "name": f"{row.forenames} {row.surname}".strip()}  # noqa: SLF001 - its public name
            for row in rows
        ]
    }
