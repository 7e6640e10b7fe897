"""RPT-12: how soon the minutes of meetings come, for the strategic management board (PF-4.20)."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, select

from services.records.access.standings import standings
from services.records.meetings.models import Meeting
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.access.principal import Principal
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Points
from shared.reports.tallying import tallied
from shared.time.columns import london_day_of
from shared.web.schemas import Input
from shared.work import Work

_unit, _person = DIRECTORY.unit, DIRECTORY.person
ANSWERING = ("manager", "supervisor", "lpc", "cpc", "deputy")
STATES = ("Overdue", "Awaited", "In time", "Late", "Added, no period")
COLOURS = {"Overdue": "red", "Late": "orange", "In time": "green", "Awaited": "yellow"}


class MinutesFilter(Input):
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *STATES]),
        metadata={
            "label": "State",
            "widget": "select",
            "empty": "All",
            "options": [(one, one) for one in STATES],
        },
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Held from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Held until"})


def answers(principal: Principal) -> bool:
    return principal.holds("manager", "supervisor", "lpc", "cpc") or bool(principal.deputy_for)


def _state(work: Work) -> ColumnElement[str]:
    added, due = london_day_of(Meeting.minutes_added_at), Meeting.minutes_due_on
    return case(
        (added.is_(None) & (due < work.today), "Overdue"),
        (added.is_(None), "Awaited"),
        (due.is_(None), "Added, no period"),
        (added <= due, "In time"),
        else_="Late",
    )


def _found(work: Work, state: str, since: date | None, until: date | None) -> Select[Any]:
    mine = standings(work.principal)
    answered = select(mine.c.nominal_id).where(mine.c.standing.in_(ANSWERING))
    found = select(Meeting.id).where(Meeting.nominal_id.in_(answered))
    if state:
        found = found.where(_state(work) == state)
    if since is not None:
        found = found.where(Meeting.held_on >= since)
    return found if until is None else found.where(Meeting.held_on <= until)


def _by_unit(work: Work, *, state: str, since: date | None, until: date | None) -> Points:
    rows = minutes(work, state=state, since=since, until=until)
    return tallied(work, rows, "unit_name", "state", STATES)


@service.report(
    "RPT-12",
    "MAPPA minutes timeliness",
    "PF-4.20.2",
    "PF-4.20.3",
    "PF-4.20.4",
    input=MinutesFilter,
    columns=(
        ReportColumn("visor_number", "Record", href="url"),
        ReportColumn("meeting", "Meeting", sortable=True),
        ReportColumn("unit_name", "Managing unit", sortable=True),
        ReportColumn("held_on", "Held", "date", sortable=True),
        ReportColumn("due_on", "Minutes due", "date", sortable=True),
        ReportColumn("received_on", "Came", "date", sortable=True),
        ReportColumn("added_on", "Added", "date", sortable=True),
        ReportColumn("added_by", "By", "person"),
        ReportColumn("days", "Calendar days it took, or takes", "number", sortable=True),
        ReportColumn("state", "State", "tag", colours=COLOURS),
    ),
    whom="a manager, a supervisor, an LPC or a CPC",
    open_to=answers,
    intro="Minutes of a level 3 meeting are due within 5 working days, of a level 2 meeting within 10; those of a core"
    " group as soon as they come. The unit that manages the person owes them.",
    chart=Chart("Minutes by managing unit", STATES, _by_unit, kind="stacked"),
    empty="No meeting fits this filter.",
)
def minutes(work: Work, *, state: str, since: date | None, until: date | None) -> Select[Any]:
    """Of the records that the reader answers for; those that are owed longest first, then the newest meetings."""
    added = london_day_of(Meeting.minutes_added_at)
    return (
        _found(work, state, since, until)
        .with_only_columns(
            Nominal.visor_number.label("visor_number"),
            (literal("/records/nominals/") + cast(Nominal.id, Text) + "/meetings").label("url"),
            case(
                (Meeting.level.is_(None), "Core group"), else_=literal("Level ") + cast(Meeting.level, Text)
            ).label("meeting"),
            func.coalesce(_unit.c.name, Meeting.managing_unit).label("unit_name"),
            Meeting.held_on.label("held_on"),
            Meeting.minutes_due_on.label("due_on"),
            Meeting.minutes_received_on.label("received_on"),
            added.label("added_on"),
            _person.c.name.label("added_by"),
            Meeting.minutes_added_by.label("added_by_id"),
            (func.coalesce(added, work.today) - Meeting.held_on).label("days"),
            _state(work).label("state"),
        )
        .join(Nominal, Nominal.id == Meeting.nominal_id)
        .outerjoin(_unit, _unit.c.code == Meeting.managing_unit)
        .outerjoin(_person, _person.c.id == Meeting.minutes_added_by)
        .order_by(added.is_not(None), Meeting.minutes_due_on, Meeting.held_on.desc(), Meeting.id)
    )
