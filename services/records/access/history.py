"""Who opened records without being partnered to them, and why: for the CPC who owns them (PF-7/Accessing.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from services.records.access.authorise import authorise
from services.records.access.looks import REASON
from services.records.access.models import Access
from services.records.access.rules import reach
from services.records.access.schemas import REASON_TYPES, HistoryAnswer, HistoryInput
from services.records.access.standings import standings
from services.records.nominals.models import Name, Nominal
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.contacts import your_cpc
from shared.directory.read_model import card_url
from shared.keys import KeyProblem
from shared.refusals import Refusal
from shared.work import Work

PAGE = 25
ACTION = "nominals.access_history"


@service.query(
    "access.history",
    path="/access-history",
    input=HistoryInput,
    answer=HistoryAnswer,
    page=Page("Opened without partnership", "access/history.html"),
)
def history(work: Work, *, before: UUID | None = None) -> dict[str, Any]:
    """The looks at every record of one's own area or force, newest first."""
    units = reach(work.principal)
    if not units.cpc | units.deputy:
        raise Refusal("R11", token="cpc", contact=your_cpc(work))  # noqa: S106 - a token is an access right here
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == Access.nominal_id, over.c.standing.in_(("cpc", "deputy"))
    )
    return _page(work, _looks().where(own.exists()), before)


@service.query(
    "access.history_of_nominal",
    path="/nominals/<uuid:nominal_id>/access-history",
    input=HistoryInput,
    answer=HistoryAnswer,
    page=Page("Access history", "access/history.html"),
)
def history_of_nominal(work: Work, *, nominal_id: UUID, before: UUID | None = None) -> dict[str, Any]:
    """The looks at one record, for its CPC."""
    authorise(work, ACTION, nominal_id)
    return _page(work, _looks().where(Access.nominal_id == nominal_id), before)


def reason_of(work: Work, row: Row[Any]) -> str | None:
    """The reason in clear, or None where none was given or the nominal, and with it its key, is gone."""
    if row.reason is None:
        return None
    try:
        return work.runtime.decrypt(row.origin_nominal_id, REASON, row.reason)
    except KeyProblem:
        return None


def _looks() -> Any:
    name = (Name.nominal_id == Nominal.id) & (Name.kind == "main")
    return (
        select(
            Access.id,
            Access.nominal_id,
            Access.origin_nominal_id,
            Access.person_id,
            Access.agency,
            Access.unit,
            Access.at,
            Access.outcome,
            Access.reason_type,
            Access.reason,
            Nominal.visor_number,
            Name.forenames,
            Name.surname,
        )
        .join(Nominal, Nominal.id == Access.nominal_id)
        .join(Name, name)
    )


def _page(work: Work, found: Select[Any], before: UUID | None) -> dict[str, Any]:
    if before is not None:
        found = found.where(Access.id < before)
    rows = work.session.execute(found.order_by(Access.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    work.concerns(count=len(shown))
    return {"looks": _said(work, shown), "next_before": shown[-1].id if len(rows) > PAGE else None}


def _said(work: Work, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    people = read_model.people(work.session, [row.person_id for row in rows])
    units = read_model.units(work.session, [row.unit for row in rows])
    return [
        {
            "access_id": row.id,
            "nominal_id": row.nominal_id,
            "visor_number": row.visor_number,
            "nominal_name": f"{row.forenames} {row.surname}".strip(),
            "at": row.at,
            "refused": row.outcome == "refused",
            "person_id": row.person_id,
            "person_name": people[row.person_id].name if row.person_id in people else None,
            "card_url": card_url(row.person_id),
            "agency": row.agency,
            "unit": row.unit,
            "unit_name": units[row.unit].name if row.unit in units else row.unit,
            "reason_type": REASON_TYPES.get(row.reason_type),
            "reason": reason_of(work, row),
        }
        for row in rows
    ]
