"""RPT-17, terminals by prison: approved, awaiting the CPC, withdrawn, and where the yearly assurance is overdue."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from services.identity.people.models import Unit
from services.identity.scope import is_national, within
from services.identity.service import service
from services.identity.terminals.models import Terminal
from services.identity.terminals.queries import SEE, overdue
from shared.access.principal import Principal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

TOKENS = ("cpc", "lpc")
WHOM = "a CPC, a ViSOR lead, or one of those who answer for a prison or a group"
_Group = aliased(Unit)


class TerminalsFilter(Input):
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "awaiting", "overdue"]),
        metadata={
            "label": "Show",
            "widget": "radios",
            "small": True,
            "options": [
                ("all", "Every place with terminals"),
                ("awaiting", "Where one waits for the CPC"),
                ("overdue", "Where an assurance is overdue"),
            ],
        },
    )


def concerns(principal: Principal) -> bool:
    return is_national(principal) or principal.holds(*TOKENS) or principal.has_role(*SEE)


COLUMNS = (
    ReportColumn("unit_name", "Prison", sortable=True, href="terminals_url"),
    ReportColumn("group_name", "Group", sortable=True),
    ReportColumn("approved", "Approved", "number", total=True, sortable=True),
    ReportColumn("awaiting", "Awaiting approval", "number", total=True, sortable=True),
    ReportColumn("registered", "Not assessed", "number", total=True, sortable=True),
    ReportColumn("withdrawn", "Withdrawn", "number", total=True, sortable=True),
    ReportColumn("overdue", "Assurance overdue", "number", total=True, sortable=True),
)


def by_group(work: Work, *, show: str) -> list[tuple[str, int, int, int]]:
    """For each group or area: approved and assured, awaiting, overdue."""
    rows = counted(work, show).subquery()
    name = func.coalesce(rows.c.group_name, rows.c.unit_name)
    numbers = (
        func.sum(rows.c.approved) - func.sum(rows.c.overdue),
        func.sum(rows.c.awaiting),
        func.sum(rows.c.overdue),
    )
    found = work.session.execute(select(name, *numbers).group_by(name).order_by(name))
    return [(label, int(good), int(waits), int(late)) for label, good, waits, late in found]


def counted(work: Work, show: str) -> Select[Any]:
    """A row for each place with terminals that the reader answers for."""
    awaiting, late = _number(Terminal.status == "assessed"), _number(overdue(work))
    found = (
        select(
            Unit.name.label("unit_name"),
            _Group.name.label("group_name"),
            ("/identity/terminals?unit=" + Unit.code).label("terminals_url"),
            _number(Terminal.status == "approved").label("approved"),
            awaiting.label("awaiting"),
            _number(Terminal.status == "registered").label("registered"),
            _number(Terminal.status == "withdrawn").label("withdrawn"),
            late.label("overdue"),
        )
        .select_from(Terminal)
        .join(Unit, Unit.code == Terminal.unit)
        .outerjoin(_Group, _Group.code == Unit.parent)
        .where(Terminal.unit.in_(within(work.principal, tokens=TOKENS, roles=SEE)))
        .group_by(Unit.code, Unit.name, _Group.name)
    )
    wanted = {"awaiting": awaiting, "overdue": late}.get(show)
    fitting: Any = found if wanted is None else found.having(wanted > 0)
    return fitting  # type: ignore[no-any-return]


@service.report(
    "RPT-17",
    "Terminals",
    "PF-6.4.1",
    "PF-6.5.2",
    "PF-5.9.3",
    input=TerminalsFilter,
    columns=COLUMNS,
    whom=WHOM,
    open_to=concerns,
    chart=Chart("Terminals by group", ("Approved and assured", "Awaiting", "Overdue"), by_group, "stacked"),
    empty="No place fits this filter.",
)
def terminals(work: Work, *, show: str) -> Select[Any]:
    """PF-5.9.3: what the CPC and those above see of every prison's terminals."""
    return counted(work, show)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
