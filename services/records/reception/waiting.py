"""Receptions whose prison number was on no record: searched for by PNC number on the same day (PF-5.12.2, D-08)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.records.custody.models import Incoming
from services.records.custody.movements import PRISON_SERVICE
from services.records.reception.schemas import WaitingAnswer
from services.records.service import service
from shared.declarations import Page
from shared.events.records.reception import RECEPTION_SEARCHED
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

MOST = 200


@service.query(
    "reception.waiting",
    path="/reception/waiting",
    input=Nothing,
    answer=WaitingAnswer,
    page=Page("Received, and not searched for yet", "reception/waiting.html"),
)
def waiting(work: Work) -> dict[str, Any]:
    """Those of one's own prison, the longest waiting first."""
    if work.principal.agency_kind != "prison":
        raise Refusal("R32", role="a user of a prison")
    rows = _unsearched(work, work.principal.unit)
    work.concerns(count=len(rows))
    return {
        "receptions": [
            {"reception_id": row.id, "noms": _number(row), "received_at": row.occurred_at} for row in rows
        ]
    }


def searched(work: Work, noms: str) -> None:
    """Somebody of the prison searched with this number: whatever receptions of it waited there are done."""
    for row in _unsearched(work, work.principal.unit):
        if _number(row) == noms:
            _settle(work, row)


def _settle(work: Work, row: Incoming) -> None:
    row.searched_at = work.now
    data = {"reception_id": row.id}
    work.emit(RECEPTION_SEARCHED, data, aggregate=("reception", row.id), agencies=[PRISON_SERVICE])


def _unsearched(work: Work, prison: str) -> list[Incoming]:
    found = (
        select(Incoming)
        .where(Incoming.prison == prison, Incoming.searched_at.is_(None), Incoming.outcome == "no_record")
        .order_by(Incoming.received_at, Incoming.id)
        .limit(MOST)
    )
    return list(work.session.scalars(found))


def _number(row: Incoming) -> str:
    """The fact is type, number and time (custody/rules.py)."""
    return row.fact.split("|")[1]
