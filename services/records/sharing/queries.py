"""With whom a record's risk information was shared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.service import service
from services.records.sharing.commands import ACTION, PATH
from services.records.sharing.models import NAMED, WHAT, Sharing
from services.records.sharing.rules import DEPARTMENTS
from services.records.sharing.schemas import SharingList
from shared.declarations import Page
from shared.directory import read_model
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

MOST = 200


@service.query(
    "sharing.list",
    path=PATH,
    input=Nothing,
    answer=SharingList,
    page=Page("Shared with", "sharing/list.html"),
)
def sharings(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Newest first."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(Sharing).where(Sharing.nominal_id == nominal_id).order_by(Sharing.id.desc()).limit(MOST)
    rows = list(work.session.scalars(found))
    people = read_model.people(work.session, [row.shared_by for row in rows])
    units = read_model.units(work.session, [row.unit for row in rows])
    work.concerns(count=len(rows))
    return {
        "sharings": [_shown(work, row) for row in rows],
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "units": {code: unit.name for code, unit in units.items()},
        "departments": DEPARTMENTS,
        "visor_number": opened.record.visor_number,
        "may_note": decide(work.principal, ACTION, opened.record).allowed,
    }


def _shown(work: Work, row: Sharing) -> dict[str, Any]:
    columns = {column.key: getattr(row, column.key) for column in Sharing.__table__.columns}
    readable, whose = work.runtime.readable, row.origin_nominal_id
    name = readable(whose, NAMED, row.department_name) if row.department_name else None
    return columns | {"what": readable(whose, WHAT, row.what), "department_name": name}
