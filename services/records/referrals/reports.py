"""RPT-10: how soon records are created for those registered, and who still has none (PF-4.10, PF-2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, Text, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from services.records.access.standings import hidden_from
from services.records.nominals.models import Nominal
from services.records.referrals.models import AreaStaffing, Referral
from services.records.service import service
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import start_of_day
from shared.time.columns import london_day_of
from shared.time.periods import due
from shared.web.schemas import Input
from shared.work import Work

TOKENS = ("cpc", "lpc")
ROLES = ("head_of_public_protection", "regional_probation_director", "tasked_with_creation")
WHOM = "a CPC, an LPC, who is tasked with creation, or a Head of Public Protection or Regional Director"
SHOWN = {"open": "Waiting for a record", "created": "Record created", "closed": "Closed without a record"}
# What each deadline counts from.
_FROM = {"D-02": "release_on", "D-03": "sentenced_on"}
COLOURS = {"In time": "green", "Late": "orange", "Overdue": "red", "Waiting": "yellow"}
_unit = DIRECTORY.unit


class CreationFilter(Input):
    show = fields.String(
        load_default="",
        validate=validate.OneOf(["", *SHOWN]),
        metadata={"label": "Show", "widget": "select", "empty": "All", "options": list(SHOWN.items())},
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Registered from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Registered until"})


def answers(principal: Principal) -> bool:
    return principal.holds(*TOKENS) or principal.has_role(*ROLES) or bool(principal.deputy_for)


def held_by(me: Principal) -> frozenset[str]:
    """The units of whose records the reader answers for the creation."""
    return frozenset(me.units_with(*TOKENS) | me.units_with_role(*ROLES) | me.deputy_for)


def _found(work: Work, show: str, since: date | None, until: date | None) -> Select[Any]:
    held = held_by(work.principal)
    codes = sorted({code for unit in held for code in read_model.below(work.session, unit)})
    found = select(Referral.id).where(or_(Referral.unit.in_(codes), Referral.owner_unit.in_(codes)))
    if show:
        found = found.where(Referral.status == show)
    if since is not None:
        found = found.where(Referral.registered_on >= since)
    return found if until is None else found.where(Referral.registered_on <= until)


def _by_area(work: Work, *, show: str, since: date | None, until: date | None) -> Sequence[tuple[Any, ...]]:
    name = func.coalesce(_unit.c.name, Referral.owner_unit)
    counts = [func.count().filter(Referral.status == one) for one in SHOWN]
    grouped = (
        _found(work, show, since, until)
        .with_only_columns(name, *counts)
        .outerjoin(_unit, _unit.c.code == Referral.owner_unit)
        .group_by(name)
        .order_by(func.count().desc(), name)
        .limit(20)
    )
    return [tuple(row) for row in work.session.execute(grouped)]


def _with_due(work: Work, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The day on which the record was due, by today's policy, and what became of it."""
    return [{**row, **_timely(work, row)} for row in rows]


def _timely(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    start = row[_FROM.get(str(row["duty"]), "registered_on")]
    created = row["created_on"]
    if row["duty"] is None or start is None:
        return {"due_on": None, "state": "Created" if created else "No deadline"}
    period = work.policy.period(f"deadline.{row['duty']}", work.today)
    last = due(start_of_day(start), period, row["jurisdiction"]).day
    if created is not None:
        return {"due_on": last, "state": "In time" if created <= last else "Late"}
    if row["status"] != "open":
        return {"due_on": last, "state": "Closed"}
    return {"due_on": last, "state": "Overdue" if work.today > last else "Waiting"}


@service.report(
    "RPT-10",
    "Record creation timeliness",
    "PF-4.10.2",
    "PF-2.4.1",
    input=CreationFilter,
    columns=(
        ReportColumn("visor_number", "Record", href="url"),
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("category", "Category", sortable=True),
        ReportColumn("level", "Level", "number", sortable=True),
        ReportColumn("registered_on", "Registered", "date", sortable=True),
        ReportColumn("duty", "Deadline", sortable=True),
        ReportColumn("due_on", "Due", "date"),
        ReportColumn("created_on", "Created", "date", sortable=True),
        ReportColumn("days", "Days it took, or takes", "number", sortable=True),
        ReportColumn("staffed_from", "Area has sufficient staff since", "date"),
        ReportColumn("state", "State", "tag", colours=COLOURS),
    ),
    whom=WHOM,
    open_to=answers,
    intro="Everybody registered who is to have a record: who has none yet, and whether the others got theirs in time."
    " Category 2 at level 1 counts only where the area has declared sufficient staff.",
    finish=_with_due,
    chart=Chart("Registrations by area", tuple(SHOWN.values()), _by_area, kind="stacked"),
    empty="No registration fits this filter.",
)
def creation(work: Work, *, show: str, since: date | None, until: date | None) -> Select[Any]:
    """Those who wait first, the longest first; without a name of anybody."""
    nominal = aliased(Nominal)
    created = london_day_of(nominal.created_at)
    hidden = nominal.id.in_(hidden_from(work.principal))
    switch = case((AreaStaffing.sufficient, AreaStaffing.from_day))
    return (
        _found(work, show, since, until)
        .with_only_columns(
            case((hidden, None), else_=nominal.visor_number).label("visor_number"),
            case((hidden, None), else_=literal("/records/nominals/") + cast(nominal.id, Text)).label("url"),
            func.coalesce(_unit.c.name, Referral.unit).label("unit_name"),
            Referral.category.label("category"),
            Referral.level.label("level"),
            Referral.registered_on.label("registered_on"),
            Referral.release_on.label("release_on"),
            Referral.sentenced_on.label("sentenced_on"),
            Referral.jurisdiction.label("jurisdiction"),
            Referral.status.label("status"),
            Referral.duty.label("duty"),
            created.label("created_on"),
            (func.coalesce(created, work.today) - Referral.registered_on).label("days"),
            switch.label("staffed_from"),
        )
        .outerjoin(nominal, nominal.id == Referral.nominal_id)
        .outerjoin(AreaStaffing, AreaStaffing.area == Referral.owner_unit)
        .outerjoin(_unit, _unit.c.code == Referral.unit)
        .order_by(Referral.status != "open", Referral.registered_on, Referral.id)
    )
