"""RPT-07, checks of records by SPOs, and RPT-06-AUDITS, what audits and leads' checks found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, null, or_, select

from services.records.access.standings import standings
from services.records.nominals.models import Nominal
from services.records.quality.models import Audit, Item, RecordCheck
from services.records.quality.reach import LEAD, overseen
from services.records.quality.rules import ITEMS, KINDS, RESULTS, STATES
from services.records.service import service
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import end_of_day, start_of_day
from shared.web.schemas import Input
from shared.work import Work

_unit, _person = DIRECTORY.unit, DIRECTORY.person
OWN = ("supervisor", "lpc", "cpc", "deputy")
COLOURS = {RESULTS["same"]: "green", RESULTS["differs"]: "red", RESULTS["not_on_record"]: "orange"}


class ChecksFilter(Input):
    show = fields.String(
        load_default="",
        validate=validate.OneOf(["", "differing"]),
        metadata={
            "label": "Show",
            "widget": "select",
            "empty": "All",
            "options": [("differing", "With a difference")],
        },
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Checked from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Checked until"})


def reads_checks(principal: Principal) -> bool:
    tokens = principal.holds("supervisor", "lpc", "cpc") or bool(principal.deputy_for)
    return tokens or principal.has_role("spo", "head_of_pdu")


def _checks(work: Work, show: str, since: date | None, until: date | None) -> Select[Any]:
    """Of the records that the reader answers for, and of the units whose SPO they are: of those they may read."""
    mine = standings(work.principal)
    own = select(mine.c.nominal_id).where(mine.c.standing.in_(OWN))
    units = sorted(work.principal.units_with_role("spo", "head_of_pdu"))
    any_standing = select(mine.c.nominal_id)
    found = select(RecordCheck.id).where(
        or_(
            RecordCheck.nominal_id.in_(own),
            RecordCheck.unit.in_(units) & RecordCheck.nominal_id.in_(any_standing),
        )
    )
    if show:
        found = found.where(RecordCheck.differing > 0)
    if since is not None:
        found = found.where(RecordCheck.checked_at >= start_of_day(since))
    return found if until is None else found.where(RecordCheck.checked_at <= end_of_day(until))


def _result(item: str) -> ColumnElement[str]:
    return case(dict(RESULTS), value=RecordCheck.results[item].astext, else_="")


def _by_item(work: Work, *, show: str, since: date | None, until: date | None) -> Sequence[tuple[Any, ...]]:
    counts = [
        func.count().filter(RecordCheck.results[item].astext == result)
        for item in ITEMS
        for result in RESULTS
    ]
    row = list(work.session.execute(_checks(work, show, since, until).with_only_columns(*counts)).one())
    width = len(RESULTS)
    return [(title, *row[place * width : (place + 1) * width]) for place, title in enumerate(ITEMS.values())]


@service.report(
    "RPT-07",
    "Record quality checks by SPOs",
    "PF-7/QA checks.2",
    "PF-4.37.2",
    input=ChecksFilter,
    columns=(
        ReportColumn("visor_number", "Record", href="url"),
        ReportColumn("unit_name", "Managing unit", sortable=True),
        ReportColumn("checked_at", "Checked", "moment", sortable=True),
        ReportColumn("checked_by", "By", "person"),
        ReportColumn("supervision_on", "Supervision", "date", sortable=True),
        *(ReportColumn(item, title, "tag", colours=COLOURS) for item, title in ITEMS.items()),
        ReportColumn("differing", "Differences", "number", total=True, sortable=True),
    ),
    whom="an SPO, a head of a delivery unit, a supervisor, an LPC or a CPC",
    open_to=reads_checks,
    intro="What SPOs entered from nDelius and OASys, beside what the record held at that moment.",
    chart=Chart("Results by item", tuple(RESULTS.values()), _by_item, kind="stacked"),
    empty="No check fits this filter.",
)
def record_checks(work: Work, *, show: str, since: date | None, until: date | None) -> Select[Any]:
    """Newest first."""
    base = literal("/records/nominals/") + cast(RecordCheck.nominal_id, Text) + "/record-checks/"
    return (
        _checks(work, show, since, until)
        .with_only_columns(
            Nominal.visor_number.label("visor_number"),
            (base + cast(RecordCheck.id, Text)).label("url"),
            func.coalesce(_unit.c.name, RecordCheck.unit).label("unit_name"),
            RecordCheck.checked_at.label("checked_at"),
            _person.c.name.label("checked_by"),
            RecordCheck.checked_by.label("checked_by_id"),
            RecordCheck.supervision_on.label("supervision_on"),
            *(_result(item).label(item) for item in ITEMS),
            RecordCheck.differing.label("differing"),
        )
        .join(Nominal, Nominal.id == RecordCheck.nominal_id)
        .outerjoin(_unit, _unit.c.code == RecordCheck.unit)
        .outerjoin(_person, _person.c.id == RecordCheck.checked_by)
        .order_by(RecordCheck.checked_at.desc(), RecordCheck.id.desc())
    )


class AuditsFilter(Input):
    kind = fields.String(
        load_default="",
        validate=validate.OneOf(["", *KINDS]),
        metadata={"label": "Kind", "widget": "select", "empty": "All", "options": list(KINDS.items())},
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Begun from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Begun until"})


ROLES = (
    "visor_lead",
    "governor",
    "prison_group_director",
    "head_of_public_protection",
    "regional_probation_director",
)


def reads_audits(principal: Principal) -> bool:
    return bool(overseen(principal)) or principal.has_role(*ROLES)


def _audits(work: Work, kind: str, since: date | None, until: date | None) -> Select[Any]:
    me = work.principal
    held = overseen(me) | me.units_with_role(*ROLES)
    codes = sorted({code for unit in held for code in read_model.below(work.session, unit)})
    found = select(Audit.id).where(Audit.unit.in_(codes))
    if kind:
        found = found.where(Audit.kind == kind)
    if since is not None:
        found = found.where(Audit.assigned_at >= start_of_day(since))
    return found if until is None else found.where(Audit.assigned_at <= end_of_day(until))


def _answered(verdict: str | None = None) -> Any:
    """How many answers an audit has, or how many of one verdict."""
    each = func.jsonb_each_text(Item.answers).table_valued("key", "value").lateral("each")
    counted = (
        select(func.count()).select_from(Item).join(each, literal(True)).where(Item.audit_id == Audit.id)
    )
    return (counted if verdict is None else counted.where(each.c.value == verdict)).scalar_subquery()


def _in_order() -> Any:
    return func.floor(100.0 * _answered("ok") / func.nullif(_answered(), 0))


def _by_unit(work: Work, *, kind: str, since: date | None, until: date | None) -> Sequence[tuple[Any, ...]]:
    """The last twenty."""
    name = func.coalesce(_unit.c.name, Audit.unit)
    found = _audits(work, kind, since, until).with_only_columns(
        name, _answered("ok"), _answered("stale"), _answered("missing")
    )
    found = found.outerjoin(_unit, _unit.c.code == Audit.unit).order_by(Audit.id.desc()).limit(20)
    return [tuple(row) for row in work.session.execute(found)]


@service.report(
    "RPT-06-AUDITS",
    "Audits of records by sample",
    "PF-4.16e.1",
    "PF-5.9.2.2",
    "PF-5.10.9",
    input=AuditsFilter,
    columns=(
        ReportColumn("title", "Audit", href="url"),
        ReportColumn("kind_name", "Kind", sortable=True),
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("auditor", "Auditor", "person"),
        ReportColumn("assigned_at", "Begun", "moment", sortable=True),
        ReportColumn("population", "Records there", "number"),
        ReportColumn("drawn", "In the sample", "number", total=True),
        ReportColumn("missing", "Missing", "number", total=True),
        ReportColumn("stale", "Out of date", "number", total=True),
        ReportColumn("in_order", "In order (%)", "number"),
        ReportColumn("differing", "Differ from the lead’s", "number", total=True),
        ReportColumn(
            "state", "State", "tag", colours={STATES["signed"]: "green", STATES["submitted"]: "blue"}
        ),
        ReportColumn("signed_at", "Signed off", "moment", sortable=True),
    ),
    whom="a CPC, a ViSOR lead, a Governor or who is above them",
    open_to=reads_audits,
    intro="Each audit of minimum datasets or by another tool, each lead’s check, and the CPC’s checks of those.",
    chart=Chart(
        "Answers of the last audits", ("In order", "Out of date", "Missing"), _by_unit, kind="stacked"
    ),
    empty="No audit fits this filter.",
)
def audits(work: Work, *, kind: str, since: date | None, until: date | None) -> Select[Any]:
    """Newest first, without a name of anybody on the register."""
    me = work.principal
    seen = or_(Audit.owner.in_(sorted(overseen(me))), Audit.unit.in_(sorted(me.units_with_role(LEAD))))
    drawn = select(func.count()).where(Item.audit_id == Audit.id).scalar_subquery()
    return (
        _audits(work, kind, since, until)
        .with_only_columns(
            Audit.title.label("title"),
            case((seen, literal("/records/quality/audits/") + cast(Audit.id, Text)), else_=null()).label(
                "url"
            ),
            case(dict(KINDS), value=Audit.kind, else_="").label("kind_name"),
            func.coalesce(_unit.c.name, Audit.unit).label("unit_name"),
            _person.c.name.label("auditor"),
            Audit.auditor_id.label("auditor_id"),
            Audit.assigned_at.label("assigned_at"),
            Audit.population.label("population"),
            drawn.label("drawn"),
            _answered("missing").label("missing"),
            _answered("stale").label("stale"),
            _in_order().label("in_order"),
            Audit.differing.label("differing"),
            case(dict(STATES), value=Audit.state, else_="").label("state"),
            Audit.signed_at.label("signed_at"),
        )
        .outerjoin(_unit, _unit.c.code == Audit.unit)
        .outerjoin(_person, _person.c.id == Audit.auditor_id)
        .order_by(Audit.assigned_at.desc(), Audit.id.desc())
    )
