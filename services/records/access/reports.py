"""RPT-05, unpartnered access: every opening with a reason, and every attempt that was refused (PF-7/Accessing.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import fields, validate
from sqlalchemy import Select, case, func, select

from services.records.access.looks import REASON
from services.records.access.models import Access
from services.records.access.overseeing import WHOM, oversees
from services.records.access.schemas import REASON_TYPES
from services.records.access.standings import standings
from services.records.nominals.models import Name, Nominal
from services.records.service import service
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

_person, _unit = DIRECTORY.person.c, DIRECTORY.unit.c
_LONDON = ZoneInfo("Europe/London")
OPENED, REFUSED = "Opened", "Refused"


class AccessFilter(Input):
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "From"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "To"})
    outcome = fields.String(
        load_default="",
        validate=validate.OneOf(["", "opened", "refused"]),
        metadata={
            "label": "Show",
            "empty": "All",
            "options": [("opened", OPENED), ("refused", REFUSED)],
            "widget": "select",
        },
    )


def _found(work: Work, since: date | None, until: date | None, outcome: str) -> Select[Any]:
    """Of the records that one oversees, whoever owned them then."""
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == Access.nominal_id, over.c.standing.in_(("cpc", "deputy"))
    )
    found = select(Access.id).where(own.exists())
    if since is not None:
        found = found.where(Access.at >= _midnight(since))
    if until is not None:
        found = found.where(Access.at < _midnight(until + timedelta(days=1)))
    return found.where(Access.outcome == outcome) if outcome else found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _LONDON)


def _by_type(
    work: Work, *, since: date | None, until: date | None, outcome: str
) -> Sequence[tuple[str, int]]:
    kind = case((Access.outcome == "refused", "refused"), else_=Access.reason_type)
    counted = _found(work, since, until, outcome).with_only_columns(kind, func.count()).group_by(kind)
    rows = work.session.execute(counted.order_by(func.count().desc(), kind)).all()
    return [(REASON_TYPES.get(name, REFUSED), int(number)) for name, number in rows]


def _readable(work: Work, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Reasons in clear, where the nominal's key still is there."""
    return [
        {**row, "kind": REASON_TYPES.get(row["reason_type"]), "reason": _reason(work, row)} for row in rows
    ]


def _reason(work: Work, row: Mapping[str, Any]) -> str | None:
    sealed = row["sealed"]
    return work.runtime.readable(row["origin_nominal_id"], REASON, sealed) if sealed is not None else None


@service.report(
    "RPT-05",
    "Access without partnership",
    "PF-7/Accessing.3",
    "PF-4.16a.2",
    input=AccessFilter,
    columns=(
        ReportColumn("at", "When", "moment", sortable=True),
        ReportColumn("visor_number", "ViSOR number", href="history_url", sortable=True),
        ReportColumn("nominal_name", "Nominal"),
        ReportColumn("person", "Who", "person"),
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("outcome", "Outcome", "tag", colours={REFUSED: "red", OPENED: "grey"}),
        ReportColumn("kind", "Why"),
        ReportColumn("reason", "In their words"),
    ),
    whom=WHOM,
    open_to=oversees,
    intro="Every time somebody opened a record of yours with a reason, and every refusal under Limited Access.",
    finish=_readable,
    chart=Chart("Access by the reason given", ("Times",), _by_type),
    empty="Nobody has opened a record of yours without being partnered to it in this time.",
)
def unpartnered_access(work: Work, *, since: date | None, until: date | None, outcome: str) -> Select[Any]:
    """Newest first."""
    main = (Name.nominal_id == Nominal.id) & (Name.kind == "main")
    return (
        _found(work, since, until, outcome)
        .with_only_columns(
            Access.at,
            Access.nominal_id,
            Access.origin_nominal_id,
            Nominal.visor_number,
            func.concat("/records/nominals/", Nominal.id, "/access-history").label("history_url"),
            func.trim(func.concat(Name.forenames, " ", Name.surname)).label("nominal_name"),
            func.coalesce(_person.name, "A user not known here").label("person"),
            Access.person_id,
            func.coalesce(_unit.name, Access.unit).label("unit_name"),
            case((Access.outcome == "refused", REFUSED), else_=OPENED).label("outcome"),
            Access.reason_type,
            Access.reason.label("sealed"),
        )
        .join(Nominal, Nominal.id == Access.nominal_id)
        .join(Name, main)
        .join(_person.id.table, _person.id == Access.person_id, isouter=True)
        .join(_unit.code.table, _unit.code == Access.unit, isouter=True)
        .order_by(Access.id.desc())
    )
