"""RPT-05, its second part: how much each person of one's area searches, and how much of it finds nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, func, select

from services.records.access.overseeing import WHOM, oversees, units_overseen
from services.records.search.limits import ACTION
from services.records.service import service
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.web.schemas import Input
from shared.work import Work

_entry, _person, _unit = service.tables.audit.entry.c, DIRECTORY.person.c, DIRECTORY.unit.c
DAYS = {1: "24 hours", 7: "7 days", 30: "30 days"}


class SearchesFilter(Input):
    days = fields.Integer(
        load_default=7,
        validate=validate.OneOf(list(DAYS), list(DAYS.values())),
        metadata={"label": "In the last", "options": list(DAYS.items()), "widget": "select"},
    )


@service.report(
    "RPT-05-SEARCHES",
    "Searches of the register",
    "PF-4.16a.2",
    input=SearchesFilter,
    columns=(
        ReportColumn("name", "Who", "person"),
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("searches", "Searches", "number", total=True, sortable=True),
        ReportColumn("nobody", "Found nobody", "number", total=True, sortable=True),
        ReportColumn("refused", "Refused", "number", total=True, sortable=True),
        ReportColumn("last_at", "Last", "moment", sortable=True),
    ),
    whom=WHOM,
    open_to=oversees,
    intro="Counted from the audit. What was searched for is not shown: it is encrypted there.",
    empty="Nobody of your area searched in this time.",
)
def searches(work: Work, *, days: int) -> Select[Any]:
    """Those of the units that one oversees, most searches first."""
    viewed = _entry.outcome == "viewed"
    made = func.count().filter(viewed)
    return (
        select(
            _person.name,
            _person.id.label("name_id"),
            func.coalesce(_unit.name, _person.unit).label("unit_name"),
            made.label("searches"),
            func.count().filter(viewed, _entry.facts["found"].astext == "0").label("nobody"),
            func.count().filter(_entry.outcome == "refused").label("refused"),
            func.max(_entry.at).label("last_at"),
        )
        .join(_person.id.table, _person.id == _entry.actor)
        .join(_unit.code.table, _unit.code == _person.unit, isouter=True)
        .where(
            _person.unit.in_(units_overseen(work)),
            _entry.action == ACTION,
            _entry.at > work.system_now - timedelta(days=days),
        )
        .group_by(_person.id, _person.name, _person.unit, _unit.name)
        .order_by(made.desc(), _person.name, _person.id)
    )
