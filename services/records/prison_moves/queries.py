"""The moves of one record with what is missing, and those that a prison has before it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.access.standings import hidden_from
from services.records.prison_moves.checklist import missing
from services.records.prison_moves.commands import ACTION, LEAD, PATH
from services.records.prison_moves.models import REASON, PrisonMove
from services.records.prison_moves.rules import OPEN, STATES
from services.records.prison_moves.schemas import ComingMoves, MoveList
from services.records.search.finding import lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.web.display import Person
from shared.web.schemas import Nothing
from shared.work import Work

ROLES = (LEAD, "prison_administrator", "pom")


@service.query(
    "prison_moves.list",
    path=PATH,
    input=Nothing,
    answer=MoveList,
    page=Page("Moves to other prisons", "prison_moves/list.html"),
)
def moves(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Newest first; of the one that is booked what is still missing (PF-5.9.6)."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = select(PrisonMove).where(PrisonMove.nominal_id == nominal_id).order_by(PrisonMove.id.desc())
    rows = list(work.session.scalars(found.limit(100)))
    waiting = next((row for row in rows if row.state == OPEN), None)
    people = read_model.people(
        work.session, [one for row in rows for one in (row.booked_by, row.ended_by) if one]
    )
    prisons = read_model.units(
        work.session, [one for row in rows for one in (row.from_prison, row.to_prison)]
    )
    work.concerns(count=len(rows))
    return {
        "moves": rows,
        "missing": missing(work, opened.record, waiting.from_prison) if waiting else [],
        "states": STATES,
        "reasons": {row.id: _reason(work, row) for row in rows if row.reason is not None},
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "prisons": {code: unit.name for code, unit in prisons.items()},
        "leads": waiting is not None and waiting.from_prison in work.principal.units_with_role(LEAD),
        "may": decide(work.principal, ACTION, opened.record).allowed,
        "in_prison": opened.record.custody_prison is not None,
        "visor_number": opened.record.visor_number,
    }


def _reason(work: Work, row: PrisonMove) -> str | None:
    return work.runtime.readable(row.origin_nominal_id, REASON, row.reason) if row.reason else None


@service.query(
    "prison_moves.coming",
    path="/prison-moves",
    input=Nothing,
    answer=ComingMoves,
    page=Page("Moves to other prisons", "prison_moves/coming.html"),
)
def coming(work: Work) -> dict[str, Any]:
    """What is booked from one's own prisons, the next first, for those who prepare records there."""
    units = work.principal.units_with_role(*ROLES)
    if not units:
        raise Refusal("R32", role="administrator, offender manager or ViSOR lead of a prison")
    found = (
        select(PrisonMove)
        .where(
            PrisonMove.from_prison.in_(units),
            PrisonMove.state == OPEN,
            PrisonMove.nominal_id.not_in(hidden_from(work.principal)),
        )
        .order_by(PrisonMove.departs_at, PrisonMove.id)
        .limit(200)
    )
    rows = list(work.session.scalars(found))
    named = {
        line.nominal_id: line
        for line in lines(work.session, work.principal, [row.nominal_id for row in rows])
    }
    prisons = read_model.units(work.session, [row.to_prison for row in rows])
    work.concerns(count=len(rows))
    return {
        "moves": [_coming(row, named.get(row.nominal_id)) for row in rows],
        "prisons": {code: unit.name for code, unit in prisons.items()},
        "leads": work.principal.units_with_role(LEAD),
    }


def _coming(row: PrisonMove, line: Any) -> dict[str, Any]:
    columns = {column.key: getattr(row, column.key) for column in PrisonMove.__table__.columns}
    return columns | {
        "name": line.name if line is not None else None,
        "visor_number": line.visor_number if line is not None else None,
    }
