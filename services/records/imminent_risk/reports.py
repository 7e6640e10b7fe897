"""RPT-29: every imminent risk of the records that one answers for, and how fast it was acknowledged."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, Text, case, cast, extract, func, literal, select

from services.records.access.standings import standings
from services.records.imminent_risk.models import ImminentRisk, Told
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.access.principal import Principal
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Points
from shared.reports.tallying import tallied
from shared.time.calendars import end_of_day, start_of_day
from shared.web.schemas import Input
from shared.work import Work

_person, _unit = DIRECTORY.person, DIRECTORY.unit
ANSWERING = ("supervisor", "lpc", "cpc", "deputy")
STATES = {"open": "Open", "stood_down": "Stood down"}


class RiskFilter(Input):
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *STATES]),
        metadata={"label": "State", "widget": "select", "empty": "All", "options": list(STATES.items())},
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Raised from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Raised until"})


def answers(principal: Principal) -> bool:
    return principal.holds("supervisor", "lpc", "cpc") or bool(principal.deputy_for)


def _minutes(start: Any, end: Any) -> ColumnElement[int]:
    return func.floor(extract("epoch", end - start) / 60)


def _state() -> ColumnElement[str]:
    return case((ImminentRisk.stood_down_at.is_(None), STATES["open"]), else_=STATES["stood_down"])


def _by_unit(work: Work, *, state: str, since: date | None, until: date | None) -> Points:
    rows = imminent_risks(work, state=state, since=since, until=until)
    return tallied(work, rows, "unit_name", "state", tuple(STATES.values()))


@service.report(
    "RPT-29",
    "Imminent risk",
    "PF-4.30.2",
    "PF-4.36.1",
    input=RiskFilter,
    columns=(
        ReportColumn("visor_number", "Record", href="url"),
        ReportColumn("raised_at", "Raised", "moment", sortable=True),
        ReportColumn("raised_by", "By", "person"),
        ReportColumn("unit_name", "Managing unit", sortable=True),
        ReportColumn("line_manager_before", "Line manager told, minutes before", "number"),
        ReportColumn("police_before", "Police told, minutes before", "number"),
        ReportColumn("told", "Told", "number", total=True),
        ReportColumn("acknowledged", "Acknowledged", "number", total=True),
        ReportColumn("first_after", "First, minutes after", "number", sortable=True),
        ReportColumn("last_after", "Last, minutes after", "number", sortable=True),
        ReportColumn("state", "State", "tag", colours={"Open": "red", "Stood down": "green"}),
        ReportColumn("stood_down_at", "Stood down", "moment"),
    ),
    whom="a supervisor, an LPC or a CPC",
    open_to=answers,
    intro="An imminent risk is to be acknowledged by everybody told within the hour; until then it goes to the LPC,"
    " the CPC and the Head of Public Protection in turn.",
    chart=Chart("Imminent risks by managing unit", tuple(STATES.values()), _by_unit, kind="stacked"),
    empty="No imminent risk fits this filter.",
)
def imminent_risks(work: Work, *, state: str, since: date | None, until: date | None) -> Select[Any]:
    """Newest first, of the records that the reader supervises or answers for."""
    mine = standings(work.principal)
    allowed = select(mine.c.nominal_id).where(mine.c.standing.in_(ANSWERING))
    counted = (
        select(
            Told.risk_id,
            func.count().label("told"),
            func.count(Told.acknowledged_at).label("acknowledged"),
            func.min(Told.acknowledged_at).label("first"),
            func.max(Told.acknowledged_at).label("last"),
        )
        .group_by(Told.risk_id)
        .subquery()
    )
    raised = ImminentRisk.raised_at
    found = (
        select(
            Nominal.visor_number.label("visor_number"),
            (literal("/records/nominals/") + cast(Nominal.id, Text) + "/imminent-risk").label("url"),
            raised.label("raised_at"),
            _person.c.name.label("raised_by"),
            ImminentRisk.raised_by.label("raised_by_id"),
            func.coalesce(_unit.c.name, ImminentRisk.managing_unit).label("unit_name"),
            _minutes(ImminentRisk.line_manager_at, raised).label("line_manager_before"),
            _minutes(ImminentRisk.police_at, raised).label("police_before"),
            func.coalesce(counted.c.told, 0).label("told"),
            func.coalesce(counted.c.acknowledged, 0).label("acknowledged"),
            _minutes(raised, counted.c.first).label("first_after"),
            _minutes(raised, counted.c.last).label("last_after"),
            _state().label("state"),
            ImminentRisk.stood_down_at.label("stood_down_at"),
        )
        .join(Nominal, Nominal.id == ImminentRisk.nominal_id)
        .outerjoin(counted, counted.c.risk_id == ImminentRisk.id)
        .outerjoin(_person, _person.c.id == ImminentRisk.raised_by)
        .outerjoin(_unit, _unit.c.code == ImminentRisk.managing_unit)
        .where(Nominal.id.in_(allowed))
        .order_by(raised.desc(), ImminentRisk.id)
    )
    if state:
        found = found.where(_state() == STATES[state])
    if since:
        found = found.where(raised >= start_of_day(since))
    return found.where(raised <= end_of_day(until)) if until else found
