"""RPT-13: every transfer, one by one or in bulk, from and to whom one answers for, and how long each took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from services.records.access.rules import reach
from services.records.access.standings import hidden_from, standings
from services.records.nominals.models import Nominal
from services.records.service import service
from services.records.transfers.models import Transfer
from services.records.transfers.rules import OPEN, STATES, answers_for
from shared.access.principal import Principal
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import end_of_day, start_of_day
from shared.web.schemas import Input
from shared.work import Work

# Whose the record is sees how its transfer goes (PF-7/To do list.4).
OWN = ("manager", "supervisor", "lpc", "cpc", "deputy")
COLOURS = {
    "Requested": "yellow",
    "Seen": "blue",
    "Question asked": "purple",
    "Completed": "green",
    "Refused": "red",
    "Withdrawn": "grey",
}
SHOWN = {"open": "Open", "completed": "Completed", "ended": "Refused or withdrawn"}
_person, _unit = DIRECTORY.person, DIRECTORY.unit
_ENDED = ("refused", "withdrawn")


class TransferReportFilter(Input):
    show = fields.String(
        load_default="",
        validate=validate.OneOf(["", *SHOWN]),
        metadata={"label": "State", "widget": "select", "empty": "All", "options": list(SHOWN.items())},
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Asked for from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Asked for until"})


def answers(principal: Principal) -> bool:
    holds = principal.holds("manager", "supervisor", "lpc", "cpc", "central_support")
    return holds or bool(reach(principal).deputy)


def _found(work: Work, show: str, since: date | None, until: date | None) -> Select[Any]:
    mine = standings(work.principal)
    own = select(mine.c.nominal_id).where(mine.c.standing.in_(OWN))
    owners = sorted(answers_for(work.principal))
    found = select(Transfer.id).where(
        or_(
            Transfer.from_owner.in_(owners),
            Transfer.to_owner.in_(owners),
            Transfer.nominal_id.in_(own),
        )
    )
    if show:
        found = found.where(_group() == show)
    if since is not None:
        found = found.where(Transfer.requested_at >= start_of_day(since))
    return found if until is None else found.where(Transfer.requested_at <= end_of_day(until))


def _group() -> ColumnElement[str]:
    return case((Transfer.state.in_(OPEN), "open"), (Transfer.state.in_(_ENDED), "ended"), else_="completed")


def _by_receiver(
    work: Work, *, show: str, since: date | None, until: date | None
) -> Sequence[tuple[Any, ...]]:
    """The twenty areas and forces that were asked for most."""
    name = func.coalesce(_unit.c.name, Transfer.to_owner)
    counts = [func.count().filter(_group() == one) for one in SHOWN]
    grouped = (
        _found(work, show, since, until)
        .with_only_columns(name, *counts)
        .outerjoin(_unit, _unit.c.code == Transfer.to_owner)
        .group_by(name)
        .order_by(func.count().desc(), name)
        .limit(20)
    )
    return [tuple(row) for row in work.session.execute(grouped)]


@service.report(
    "RPT-13",
    "Transfers",
    "PF-4.16k.1",
    "PF-4.16f",
    "PF-7/To do list.4",
    input=TransferReportFilter,
    columns=(
        ReportColumn("visor_number", "Record", href="url"),
        ReportColumn("from_name", "From", sortable=True),
        ReportColumn("to_name", "To", sortable=True),
        ReportColumn("state", "State", "tag", colours=COLOURS),
        ReportColumn("requested_at", "Asked for", "moment", sortable=True),
        ReportColumn("requested_by", "By", "person"),
        ReportColumn("ended_at", "Ended", "moment", sortable=True),
        ReportColumn("days", "Days it took, or takes", "number", sortable=True),
        ReportColumn("in_bulk", "In bulk", "yes_no"),
    ),
    whom="a manager, a supervisor, an LPC, Central Support or a CPC",
    open_to=answers,
    intro="Transfers from and to your area or force, and those of records that are yours. Days are counted from the"
    " request to its end, or to today.",
    chart=Chart("Transfers by receiving area or force", tuple(SHOWN.values()), _by_receiver, kind="stacked"),
    empty="No transfer fits this filter.",
)
def transfers(work: Work, *, show: str, since: date | None, until: date | None) -> Select[Any]:
    """Newest first. Of a record that is hidden from the reader no more than that it is one."""
    origin, target, nominal = _unit.alias("origin"), _unit.alias("target"), aliased(Nominal)
    hidden = nominal.id.in_(hidden_from(work.principal))
    end = func.coalesce(Transfer.ended_at, work.now)
    return (
        _found(work, show, since, until)
        .with_only_columns(
            case((hidden, null()), else_=nominal.visor_number).label("visor_number"),
            (literal("/records/transfers/") + cast(Transfer.id, Text)).label("url"),
            func.coalesce(origin.c.name, Transfer.from_owner).label("from_name"),
            func.coalesce(target.c.name, Transfer.to_owner).label("to_name"),
            case(STATES, value=Transfer.state, else_="").label("state"),
            Transfer.requested_at.label("requested_at"),
            _person.c.name.label("requested_by"),
            Transfer.requested_by.label("requested_by_id"),
            Transfer.ended_at.label("ended_at"),
            func.floor(func.extract("epoch", end - Transfer.requested_at) / 86_400).label("days"),
            Transfer.bulk_id.is_not(None).label("in_bulk"),
        )
        .join(nominal, nominal.id == Transfer.nominal_id)
        .outerjoin(origin, origin.c.code == Transfer.from_owner)
        .outerjoin(target, target.c.code == Transfer.to_owner)
        .outerjoin(_person, _person.c.id == Transfer.requested_by)
        .order_by(Transfer.requested_at.desc(), Transfer.id.desc())
    )
