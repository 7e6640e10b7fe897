"""RPT-10, its part on areas: since when each creates every category 2 record at level 1 (PF-0.11.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from services.records.referrals.models import AreaStaffing, Referral
from services.records.referrals.reports import WHOM, answers, held_by
from services.records.service import service
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Nothing
from shared.work import Work

_unit = DIRECTORY.unit
_COLOURS = {"Created for all": "green", "Not yet": "grey"}
_CHARTED = 20


def _drawn(work: Work) -> Sequence[tuple[Any, ...]]:
    """The areas with the most people registered so; none where nobody is."""
    row = areas(work).order_by(None).subquery().c
    people = row.waiting + row.created
    drawn = select(row.area_name, row.created, row.waiting).where(people > 0)
    busiest = drawn.order_by(people.desc(), row.area_name).limit(_CHARTED)
    return [tuple(point) for point in work.session.execute(busiest)]


@service.report(
    "RPT-10-AREAS",
    "Areas that create category 2 records at level 1",
    "PF-0.11.2",
    "PF-4.11.1",
    input=Nothing,
    columns=(
        ReportColumn("area_name", "Area", sortable=True),
        ReportColumn("state", "Category 2 at level 1", "tag", colours=_COLOURS),
        ReportColumn("since", "Since", "date", sortable=True),
        ReportColumn("waiting", "Waiting for a record", "number", total=True, sortable=True),
        ReportColumn("created", "Records created", "number", total=True, sortable=True),
    ),
    whom=WHOM,
    open_to=answers,
    intro="An area creates a record for everybody in category 2 at level 1 once its staff are vetted and trained: from"
    " the day on which its regional director signs it. Until then those registered are listed without a deadline.",
    chart=Chart("Category 2 at level 1 by area", ("Record created", "Waiting"), _drawn, kind="stacked"),
    empty="You answer for no MAPPA area.",
)
def areas(work: Work) -> Select[Any]:
    """Those of the areas in which the reader answers for the creation of records."""
    counted = (
        select(
            Referral.owner_unit,
            func.count().filter(Referral.status == "open").label("waiting"),
            func.count().filter(Referral.status == "created").label("created"),
        )
        .where(Referral.category == "2", Referral.level == 1)
        .group_by(Referral.owner_unit)
        .subquery()
    )
    return (
        select(
            _unit.c.name.label("area_name"),
            case((AreaStaffing.sufficient, "Created for all"), else_="Not yet").label("state"),
            case((AreaStaffing.sufficient, AreaStaffing.from_day)).label("since"),
            func.coalesce(counted.c.waiting, 0).label("waiting"),
            func.coalesce(counted.c.created, 0).label("created"),
        )
        .outerjoin(AreaStaffing, AreaStaffing.area == _unit.c.code)
        .outerjoin(counted, counted.c.owner_unit == _unit.c.code)
        .where(_unit.c.kind == "mappa_area", _unit.c.code.in_(_near(work, work.principal)))
        .order_by(_unit.c.name)
    )


def _near(work: Work, reader: Principal) -> list[str]:
    """What lies below the units that the reader answers for, and what they lie in."""
    codes: set[str] = set()
    for unit in held_by(reader):
        codes |= {*read_model.below(work.session, unit), *read_model.above(work.session, unit)}
    return sorted(codes)
