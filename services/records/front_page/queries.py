"""The front page of a record (PF-7/Nominal Summary.1): its summary, who works with it, and what happened last."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.authorise import Opened, authorise
from services.records.access.models import Partnership
from services.records.access.openings import look
from services.records.access.rules import decide
from services.records.activity_log.queries import authors
from services.records.activity_log.reading import ShownEntry, read, wanted
from services.records.activity_log.rules import KINDS
from services.records.front_page.schemas import FrontPageAnswer
from services.records.nominals.followed import tell_seen
from services.records.nominals.parts import gathered
from services.records.nominals.summary import SUMMARY, summary_of
from services.records.service import service
from shared.directory import read_model
from shared.reference import mappa
from shared.web.schemas import Nothing
from shared.work import Work

RECENT = 3
# What the page offers, by the action that each needs.
OFFERED = {
    "add": "activity_log.add",
    "change": "nominals.change",
    "categorise": "nominals.categorise",
    "hand_over": "nominals.hand_over",
    "request": "partnership.request",
    "decide": "partnership.decide",
    "meetings": "meetings.record",
    "history": "nominals.access_history",
}


@service.query(
    "front_page.read",
    path="/nominals/<uuid:nominal_id>/front-page",
    input=Nothing,
    answer=FrontPageAnswer,
    reads="Summary",
)
def front_page(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """The summary with partners and recent activity. To who is not partnered each request is an access."""
    return _shown(work, _open(work, nominal_id))


def page(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """The same with what other capabilities show on the page (nominals/parts.py): asked for by the page alone."""
    opened = _open(work, nominal_id)
    return {**_shown(work, opened), "parts": gathered(work, opened.record)}


def _open(work: Work, nominal_id: UUID) -> Opened:
    opened = authorise(work, "nominals.read", nominal_id, statement=SUMMARY)
    look(work, opened)
    tell_seen(work, opened)
    return opened


def _shown(work: Work, opened: Opened) -> dict[str, Any]:
    nominal_id = opened.nominal_id
    recent = _recent(work, opened)
    cpc = read_model.owning_cpc(work.session, opened.record.owner_unit)
    return {
        **summary_of(work, opened),
        "owning_cpc": cpc,
        "partners": _partners(work, nominal_id),
        "recent": recent,
        "authors": authors(work, [entry.author_id for entry in recent if entry.author_id is not None]),
        "kinds": KINDS,
        "lead_agencies": mappa.lead_agencies(),
        "today": work.today,
        "may": _may(work, opened),
    }


def _recent(work: Work, opened: Opened) -> list[ShownEntry]:
    return read(work, wanted(work, opened, {}), RECENT)


def _partners(work: Work, nominal_id: UUID) -> list[dict[str, Any]]:
    """How many partners each unit has; their names are on the page of the partners."""
    counted = (
        select(Partnership.unit, func.count().label("count"))
        .where(Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None))
        .group_by(Partnership.unit)
        .order_by(func.count().desc(), Partnership.unit)
    )
    rows = work.session.execute(counted).all()
    known = read_model.units(work.session, [row.unit for row in rows])
    named = [(row.unit, known[row.unit].name if row.unit in known else row.unit) for row in rows]
    return [
        {"unit": code, "name": name, "count": row[1]} for (code, name), row in zip(named, rows, strict=True)
    ]


def _may(work: Work, opened: Opened) -> dict[str, bool]:
    may = {name: decide(work.principal, action, opened.record).allowed for name, action in OFFERED.items()}
    may["request"] = may["request"] and not opened.standings & {"manager", "supervisor", "partner", "cpc"}
    return may
