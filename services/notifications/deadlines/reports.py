"""RPT-08, deadlines met and missed, by unit and clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from services.notifications.deadlines import shown
from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.service import service
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import add_months
from shared.web.schemas import Input
from shared.work import Work

_unit = DIRECTORY.unit
_CODES = [("", "All"), *((one.code, f"{one.code}: {one.duty}") for one in catalogue().values())]


class MetFilter(Input):
    duty = fields.String(
        load_default="",
        validate=validate.OneOf([code for code, _ in _CODES]),
        metadata={"label": "Deadline", "widget": "select", "options": _CODES},
    )
    place = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"label": "Area, unit, prison or force", "hint": "Part of its name", "width": 20},
    )
    due_from = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Due from", "hint": "A year back, if left empty"},
    )
    due_to = fields.Date(load_default=None, allow_none=True, metadata={"label": "Due to"})


def _asked(work: Work, filters: Mapping[str, Any]) -> ColumnElement[bool]:
    """Clocks of the units that the reader oversees, due within these days."""
    since: date = filters["due_from"] or add_months(work.today, -12)
    asked = [shown.overseen(work.principal), Clock.started_at.is_not(None), Clock.due_on >= since]
    asked.append(Clock.ended_at.is_(None))
    if filters["due_to"]:
        asked.append(Clock.due_on <= filters["due_to"])
    if filters["duty"]:
        asked.append(Clock.code == filters["duty"])
    if filters["place"]:
        asked.append(func.lower(_unit.c.name).contains(filters["place"].lower(), autoescape=True))
    return and_(*asked)


def _counts(work: Work) -> dict[str, ColumnElement[Any]]:
    is_open = Clock.state != "met"
    late = and_(is_open, Clock.late_from <= work.now)
    return {
        "due": func.count().filter(is_open) - func.count().filter(late),
        "overdue": func.count().filter(late),
        "met": func.count().filter(Clock.in_time.is_(True)),
        "met_late": func.count().filter(Clock.in_time.is_(False)),
    }


def by_clause(
    work: Work, *, duty: str, place: str, due_from: date | None, due_to: date | None
) -> list[tuple[str, int, int]]:
    """For each deadline how many were met in time, and how many were missed: met late, or overdue now."""
    filters = {"duty": duty, "place": place, "due_from": due_from, "due_to": due_to}
    counts = _counts(work)
    missed = counts["met_late"] + counts["overdue"]
    found = (
        select(Clock.code, counts["met"], missed)
        .outerjoin(_unit, _unit.c.code == Clock.unit)
        .where(_asked(work, filters))
        .group_by(Clock.code)
        .having(counts["met"] + missed > 0)
        .order_by(missed.desc(), Clock.code)
        .limit(20)
    )
    return [(code, int(met), int(not_met)) for code, met, not_met in work.session.execute(found)]


def _in_words(points: Sequence[tuple[Any, ...]]) -> str:
    met, missed = sum(point[1] for point in points), sum(point[2] for point in points)
    worst = points[0]
    return (
        f"{met} deadlines were met in time and {missed} missed; most missed are of {worst[0]} ({worst[2]})."
    )


def _named(_work: Work, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    known = catalogue()
    return [
        {
            **row,
            "duty": f"{row['code']}: {known[row['code']].duty}" if row["code"] in known else row["code"],
            "clause": known[row["code"]].clause if row["code"] in known else "",
        }
        for row in rows
    ]


@service.report(
    "RPT-08",
    "Deadlines met and missed",
    "PF-4.20",
    "PF-4.25",
    "PF-5.13",
    input=MetFilter,
    columns=(
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("duty", "Deadline"),
        ReportColumn("clause", "Clause"),
        ReportColumn("due", "Running", "number", total=True, sortable=True),
        ReportColumn("overdue", "Overdue", "number", total=True, sortable=True),
        ReportColumn("met", "Met in time", "number", total=True, sortable=True),
        ReportColumn("met_late", "Met late", "number", total=True, sortable=True),
    ),
    whom="the CPC or LPC of the unit, or one of those to whom its deadlines are escalated",
    open_to=shown.oversees,
    intro="What was ended because nobody need do it any more is left out.",
    finish=_named,
    chart=Chart("Deadlines met and missed", ("Met in time", "Missed"), by_clause, "stacked", _in_words),
    empty="No deadline of your units was due in this time.",
)
def met_and_missed(
    work: Work, *, duty: str, place: str, due_from: date | None, due_to: date | None
) -> Select[Any]:
    """A line for each unit and deadline: what runs, what is overdue, what was met in time and what late."""
    filters = {"duty": duty, "place": place, "due_from": due_from, "due_to": due_to}
    counts = {name: counted.label(name) for name, counted in _counts(work).items()}
    return (
        select(
            func.coalesce(_unit.c.name, Clock.unit).label("unit_name"),
            Clock.code.label("code"),
            *counts.values(),
        )
        .outerjoin(_unit, _unit.c.code == Clock.unit)
        .where(_asked(work, filters))
        .group_by(func.coalesce(_unit.c.name, Clock.unit), Clock.code)
        .order_by("unit_name", Clock.code)
    )
