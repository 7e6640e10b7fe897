"""The conflicts of interest that were declared with one nominal, for its CPC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.looks import CONFLICT_ENDED, CONFLICT_REASON
from services.records.access.models import Conflict
from services.records.access.record import Record
from services.records.access.rules import reach
from services.records.conflicts.commands import END, PATH
from services.records.conflicts.schemas import ConflictsAnswer
from services.records.nominals.parts import summary_part
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.read_model import card_url
from shared.web.schemas import Nothing
from shared.work import Work

UNKNOWN = "A user not known here"


@summary_part("places")
def place(work: Work, record: Record) -> Mapping[str, Any]:
    """Everybody may declare one; its CPC sees those that were."""
    units = reach(work.principal)
    here = f"/records/nominals/{record.id}/conflicts"
    if record.owner_unit in units.cpc | units.deputy:
        return {"text": "Conflicts of interest", "href": here}
    return {"text": "Declare a conflict of interest", "href": f"{here}/declare"}


@service.query(
    "conflicts.list",
    path=PATH,
    input=Nothing,
    answer=ConflictsAnswer,
    page=Page("Conflicts of interest", "conflicts/list.html"),
)
def conflicts(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Newest first, those that ended too."""
    record = authorise(work, END, nominal_id).record
    found = select(Conflict).where(Conflict.nominal_id == nominal_id).order_by(Conflict.declared_at.desc())
    rows = work.session.execute(found).scalars().all()
    people = read_model.people(
        work.session, [one for row in rows for one in (row.person_id, row.ended_by) if one is not None]
    )
    units = read_model.units(work.session, [row.unit for row in rows])
    names = {id: card.name for id, card in people.items()}
    work.concerns(count=len(rows))
    return {
        "visor_number": record.visor_number,
        "conflicts": [
            {
                **_sealed(work, row),
                "conflict_id": row.id,
                "name": names.get(row.person_id, UNKNOWN),
                "card_url": card_url(row.person_id),
                "unit_name": units[row.unit].name if row.unit in units else row.unit,
                "declared_at": row.declared_at,
                "ended_at": row.ended_at,
                "ended_by": names.get(row.ended_by, UNKNOWN) if row.ended_by else None,
            }
            for row in rows
        ],
    }


def _sealed(work: Work, row: Conflict) -> dict[str, str | None]:
    readable, whose = work.runtime.readable, row.origin_nominal_id
    return {
        "reason": readable(whose, CONFLICT_REASON, row.reason),
        "end_reason": readable(whose, CONFLICT_ENDED, row.end_reason) if row.end_reason else None,
    }
