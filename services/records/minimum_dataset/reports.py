"""RPT-06: how complete the records of each unit, force and prison are, counted in SQL."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
    values,
)

from services.records.attachments.clearance import is_current
from services.records.attachments.models import Entry, NothingKnown
from services.records.intelligence_returns.models import IntelligenceReturn
from services.records.intelligence_returns.rules import month_before
from services.records.minimum_dataset.own import each_folder
from services.records.minimum_dataset.rules import AGENCIES, codes_of, datasets
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.time.calendars import start_of_day
from shared.web.schemas import Input
from shared.work import Work

TOKENS = ("cpc", "lpc")
ROLES = (
    "visor_lead",
    "governor",
    "prison_group_director",
    "head_of_public_protection",
    "regional_probation_director",
)
_unit = DIRECTORY.unit.c


class DatasetFilter(Input):
    agency = fields.String(
        load_default="",
        validate=validate.OneOf(["", *AGENCIES], ["All", *AGENCIES.values()]),
        metadata={"label": "Agency"},
    )
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", "gaps"], ["All", "With gaps only"]),
        metadata={"label": "Units"},
    )


def answers(principal: Principal) -> bool:
    return principal.holds(*TOKENS) or principal.has_role(*ROLES) or bool(principal.deputy_for)


def units_of(work: Work) -> list[str]:
    """The units, forces and prisons that the reader answers for."""
    who = work.principal
    held = who.units_with(*TOKENS) | who.units_with_role(*ROLES) | who.deputy_for
    return sorted({code for unit in held for code in read_model.below(work.session, unit)})


def _points(work: Work, *, agency: str, state: str) -> list[tuple[Any, ...]]:
    found = by_unit(work, agency=agency, state=state).limit(20)
    return [(row.unit_name, row.percent) for row in work.session.execute(found)]


@service.report(
    "RPT-06",
    "Minimum dataset",
    "PF-5.9.1",
    "PF-5.10.4",
    "PF-4.23",
    "PF-5.8",
    input=DatasetFilter,
    columns=(
        ReportColumn("unit_name", "Unit or prison", sortable=True),
        ReportColumn("agency_name", "Dataset", sortable=True),
        ReportColumn("records", "Live records", "number", total=True, sortable=True),
        ReportColumn("complete", "Complete", "number", total=True, sortable=True),
        ReportColumn("gaps", "Gaps", "number", total=True, sortable=True),
        ReportColumn("percent", "Held, of all that is wanted (%)", "number", sortable=True),
        ReportColumn("no_manager", "Without offender manager", "number", total=True, sortable=True),
        ReportColumn("raised", "Intelligence raised last month", "number", total=True, sortable=True),
        ReportColumn("added", "Of prisons, added last month", "number", total=True, sortable=True),
    ),
    whom="a CPC, an LPC, a ViSOR lead, a Governor or who is above them",
    open_to=answers,
    intro="A folder counts as held when it has a current entry, when the record itself holds what it asks for (names"
    " and numbers, say), or when its agency said with a date that nothing is known."
    " A prison is measured by the prison's dataset for those it holds, a delivery unit or force by its own for those it"
    " manages.",
    chart=Chart("Held, of all that is wanted", ("Percent",), _points),
    empty="No record is managed or held there.",
)
def by_unit(work: Work, *, agency: str, state: str) -> Select[Any]:
    """Counts without a name, for the units that the reader answers for; those with the most gaps first."""
    measured = _measured(work, agency).subquery()
    gaps = func.sum(measured.c.wanted - measured.c.held)
    found = (
        select(
            func.coalesce(_unit.name, measured.c.unit).label("unit_name"),
            case(AGENCIES, value=measured.c.agency, else_="").label("agency_name"),
            func.count().label("records"),
            func.count().filter(measured.c.wanted == measured.c.held).label("complete"),
            gaps.label("gaps"),
            func.coalesce(
                func.floor(100 * func.sum(measured.c.held) / func.nullif(func.sum(measured.c.wanted), 0)), 100
            ).label("percent"),
            func.count().filter(measured.c.no_manager).label("no_manager"),
            _raised(work, measured).label("raised"),
            _added(work, measured).label("added"),
        )
        .outerjoin(DIRECTORY.unit, _unit.code == measured.c.unit)
        .group_by(_unit.name, measured.c.unit, measured.c.agency)
        .order_by(gaps.desc(), measured.c.unit, measured.c.agency)
    )
    return found.having(gaps > 0) if state == "gaps" else found


def _raised(work: Work, measured: Any) -> Any:
    """What the prison said it raised in the last month that is over; nothing where it said none (PF-5.8)."""
    return (
        select(IntelligenceReturn.raised)
        .where(
            measured.c.agency == "prison",
            IntelligenceReturn.prison == measured.c.unit,
            IntelligenceReturn.month == month_before(work.today),
        )
        .correlate(measured)
        .scalar_subquery()
    )


def _added(work: Work, measured: Any) -> Any:
    """What the prison added here in that month; none of anybody else's."""
    first = month_before(work.today)
    counted = (
        select(func.count())
        .select_from(Entry)
        .where(
            Entry.folder == "intelligence",
            Entry.unit == measured.c.unit,
            Entry.state != "removed",
            Entry.entered_at >= start_of_day(first),
            Entry.entered_at < start_of_day(work.today.replace(day=1)),
        )
        .correlate(measured)
        .scalar_subquery()
    )
    return case((measured.c.agency == "prison", counted))


def _measured(work: Work, agency: str) -> Select[Any]:
    """(unit, agency, wanted, held, no_manager): a row for each live record and the unit that is measured by it."""
    places = _places(units_of(work), agency)
    wants = _wants(work)
    asked = and_(
        wants.c.agency == places.c.agency,
        or_(wants.c.category == "", wants.c.category == places.c.category),
    )
    held = _held(work, places)
    of_want = and_(
        held.c.nominal_id == places.c.nominal_id,
        held.c.agency == places.c.agency,
        held.c.folder == wants.c.folder,
    )
    return (
        select(
            places.c.unit,
            places.c.agency,
            func.count(wants.c.folder).label("wanted"),
            func.count(held.c.folder).label("held"),
            places.c.no_manager,
        )
        .select_from(places.outerjoin(wants, asked).outerjoin(held, of_want))
        .group_by(places.c.nominal_id, places.c.unit, places.c.agency, places.c.no_manager)
    )


def _places(units: list[str], agency: str) -> Any:
    manages = case((Nominal.managing_unit.like("force-%"), "police"), else_="probation")
    no_manager = (Nominal.pom_id.is_(None) & Nominal.com_id.is_(None)).label("no_manager")
    about = (Nominal.id.label("nominal_id"), Nominal.category, no_manager)
    managed = select(*about, Nominal.managing_unit.label("unit"), manages.label("agency")).where(
        Nominal.managing_unit.in_(units), Nominal.status == "live"
    )
    in_custody = select(
        *about, Nominal.custody_prison.label("unit"), literal("prison", String()).label("agency")
    ).where(Nominal.custody_prison.in_(units), Nominal.status == "live")
    both = union_all(managed, in_custody).subquery("places")
    if not agency:
        return both
    return select(both).where(both.c.agency == agency).subquery("places")


def _wants(work: Work) -> Any:
    """A row for each agency, folder and category; an empty category stands for every one."""
    rows = [
        (name, want.folder, category)
        for name, dataset in datasets(work.today).items()
        for want in dataset.wants
        for category in want.categories or ("",)
    ]
    columns = (column("agency", String), column("folder", String), column("category", String))
    return values(*columns, name="wants").data(rows)


def _held(work: Work, places: Any) -> Any:
    """(nominal_id, agency, folder) of all that is answered, each once.

    Of what only its readers may know, an agency is measured by its own alone.
    """
    entries = (
        select(places.c.nominal_id, places.c.agency, Entry.folder)
        .join(Entry, Entry.nominal_id == places.c.nominal_id)
        .where(is_current(work.today), or_(Entry.readers.is_(None), _by(places, Entry.agency)))
    )
    said = select(places.c.nominal_id, places.c.agency, NothingKnown.folder).join(
        NothingKnown, NothingKnown.nominal_id == places.c.nominal_id
    )
    own = each_folder()
    itself = (
        select(places.c.nominal_id, places.c.agency, own.c.folder)
        .join(Nominal, Nominal.id == places.c.nominal_id)
        .join(own, own.c.held)
    )
    return union(entries, said.where(_by(places, NothingKnown.agency)), itself).subquery("held")


def _by(places: Any, agency: Any) -> ColumnElement[bool]:
    """Whether an agency is of the kind that the place is measured as."""
    return or_(*(and_(places.c.agency == kind, agency.in_(codes_of(kind))) for kind in AGENCIES))
