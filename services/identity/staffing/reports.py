"""RPT-26, staff sufficiency: units, trainers, and the programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Integer, Select, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.staffing.models import ProgrammeDate, StaffingTarget
from services.identity.staffing.numbers import actual, exempt_here, has_trained, in_training, mandated
from services.identity.staffing.programme import milestones
from services.identity.staffing.reach import WHOM, concerns, seen, upwards
from services.identity.training.models import Trainer
from services.identity.vetting.covered import covered
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input, Nothing
from shared.work import Work

_KINDS = {"all": ("delivery_unit", "prison"), "probation": ("delivery_unit",), "prison": ("prison",)}
_COLOURS = {"Short": "red", "Sufficient": "green", "No target": "grey"}


class SufficiencyFilter(Input):
    kind = fields.String(
        load_default="all",
        validate=validate.OneOf(list(_KINDS)),
        metadata={
            "label": "Units",
            "widget": "radios",
            "small": True,
            "options": [("all", "All"), ("probation", "Delivery units"), ("prison", "Prisons")],
        },
    )
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", "Short", "Sufficient", "No target"]),
        metadata={
            "label": "State",
            "widget": "select",
            "empty": "Any",
            "options": [(one, one) for one in ("Short", "Sufficient", "No target")],
        },
    )


def _needed(work: Work) -> Any:
    """All posts together; and what was agreed, else all posts but for those who are exempt (PF-0.2.3)."""
    value = func.jsonb_each_text(StaffingTarget.posts).table_valued("key", "value").lateral()
    total = (
        select(func.coalesce(func.sum(cast(value.c.value, Integer)), 0)).select_from(value).scalar_subquery()
    )
    ideal = case((StaffingTarget.id.is_(None), None), else_=total)
    rest = func.greatest(ideal - exempt_here(work), 0)
    needed = case((StaffingTarget.id.is_(None), None), else_=func.coalesce(StaffingTarget.agreed, rest))
    return ideal, needed


def _by_area(work: Work, *, kind: str, state: str) -> Sequence[tuple[Any, ...]]:
    """Needed and actual of each area or group."""
    rows = sufficiency(work, kind=kind, state=state).subquery()
    found = select(
        rows.c.parent_name, func.coalesce(func.sum(rows.c.needed), 0), func.sum(rows.c.actual)
    ).group_by(rows.c.parent_name)
    return [tuple(row) for row in work.session.execute(found.order_by(rows.c.parent_name))]


@service.report(
    "RPT-26",
    "Staff sufficiency",
    "PF-4.2",
    "PF-5.3",
    "PF-7/Sufficient numbers.1",
    "PF-7/Sufficient numbers.2",
    input=SufficiencyFilter,
    columns=(
        ReportColumn("unit_name", "Unit", sortable=True, href="unit_url"),
        ReportColumn("parent_name", "Area or group", sortable=True),
        ReportColumn("ideal", "Staff in listed posts", "number", total=True),
        ReportColumn("exempt", "Exempt", "number", total=True),
        ReportColumn("needed", "Needed", "number", total=True),
        ReportColumn("actual", "Vetted and trained", "number", total=True),
        ReportColumn("waiting", "Vetted, not trained", "number", total=True),
        ReportColumn("short", "Missing", "number", total=True, sortable=True),
        ReportColumn("state", "State", "tag", colours=_COLOURS),
        ReportColumn("factor", "What keeps people from it"),
        ReportColumn("plan", "Plan"),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="Who is counted is active, with current vetting and passed training. Who is exempt from using ViSOR is "
    "neither counted nor needed.",
    chart=Chart(
        "Needed, and vetted and trained, by area or group", ("Needed", "Vetted and trained"), _by_area
    ),
    empty="You oversee no delivery unit or prison.",
)
def sufficiency(work: Work, *, kind: str, state: str) -> Select[Any]:
    """Delivery units and prisons that the reader oversees."""
    parent = aliased(Unit)
    ideal, needed = _needed(work)
    have = actual(work)
    standing = case((needed.is_(None), "No target"), (have >= needed, "Sufficient"), else_="Short")
    found = (
        select(
            Unit.code.label("unit"),
            Unit.name.label("unit_name"),
            (literal("/identity/staffing/units/") + Unit.code).label("unit_url"),
            parent.name.label("parent_name"),
            ideal.label("ideal"),
            exempt_here(work).label("exempt"),
            needed.label("needed"),
            have.label("actual"),
            in_training(work).label("waiting"),
            func.greatest(needed - have, 0).label("short"),
            standing.label("state"),
            StaffingTarget.factor,
            StaffingTarget.plan,
        )
        .outerjoin(parent, parent.code == Unit.parent)
        .outerjoin(
            StaffingTarget, (StaffingTarget.unit == Unit.code) & StaffingTarget.superseded_at.is_(None)
        )
        .where(Unit.kind.in_(_KINDS[kind]), Unit.closed_on.is_(None), Unit.code.in_(seen(work.principal)))
        .order_by(Unit.name)
    )
    return found.where(standing == state) if state else found


def _trainers_by_region(work: Work) -> Sequence[tuple[Any, ...]]:
    rows = trainers_per_region(work).subquery()
    found = select(rows.c.region_name, rows.c.listed).where(rows.c.listed > 0)
    return [tuple(row) for row in work.session.execute(found.order_by(rows.c.region_name))]


@service.report(
    "RPT-26-TRAINERS",
    "Approved trainers per region",
    "PF-4.5.1",
    input=Nothing,
    columns=(
        ReportColumn("region_name", "Region, group or force", sortable=True),
        ReportColumn("listed", "On the list today", "number", total=True, sortable=True),
        ReportColumn("ending", "Of those, ending within 90 days", "number", total=True, sortable=True),
        ReportColumn("newest", "Last Train the Trainer", "date", sortable=True),
        ReportColumn("last_day", "Last day of the one listed longest", "date", sortable=True),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="Every region is shown to all: regions help each other out with trainers.",
    chart=Chart("Approved trainers on the list today", ("Trainers",), _trainers_by_region),
)
def trainers_per_region(work: Work) -> Any:
    """A shared view across regions (PF-4.5.1)."""
    today = work.today
    on_list = (Trainer.first_day <= today) & (Trainer.last_day >= today)
    on_list &= Trainer.removed_on.is_(None) | (Trainer.removed_on > today)
    ending = on_list & (Trainer.last_day < today + timedelta(days=90))
    return (
        select(
            Unit.code,
            Unit.name.label("region_name"),
            func.count(Trainer.id).filter(on_list).label("listed"),
            func.count(Trainer.id).filter(ending).label("ending"),
            func.max(Trainer.trained_on).filter(on_list).label("newest"),
            func.max(Trainer.last_day).filter(on_list).label("last_day"),
        )
        .outerjoin(Trainer, Trainer.region == Unit.code)
        .where(Unit.kind.in_(("region", "prison_group", "force")), Unit.closed_on.is_(None))
        .group_by(Unit.code, Unit.name)
        .order_by(Unit.name)
    )


def _by_aim(work: Work) -> Sequence[tuple[Any, ...]]:
    """Each region's aims one below the other."""
    return [
        (f"{row['region_name']}: {row['aim']}", row["reached"], row["people"] - row["reached"])
        for row in programme(work)
    ]


@service.report(
    "RPT-26-PROGRAMME",
    "Programme targets",
    "PS-17",
    "PS-10",
    input=Nothing,
    columns=(
        ReportColumn("region_name", "Region", sortable=True),
        ReportColumn("aim", "Aim"),
        ReportColumn("day", "By", "date"),
        ReportColumn("whose", "Set by"),
        ReportColumn("people", "People concerned", "number", total=True),
        ReportColumn("reached", "Reached", "number", total=True),
        ReportColumn("share", "Per cent", "number"),
        ReportColumn("state", "State", "tag", colours={"Reached": "green", "Running": "blue", "Late": "red"}),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="The aims are national; a region may set its own day.",
    chart=Chart("People who reached each aim", ("Reached", "Not yet"), _by_aim, "stacked"),
)
def programme(work: Work) -> list[dict[str, Any]]:
    """PS-10 and PS-17 for each probation region that the reader's units lie in."""
    own_days = {
        (row.region, row.milestone): row.day for row in work.session.execute(select(ProgrammeDate)).scalars()
    }
    return [
        _milestone(work, row, code, own_days.get((row.region, code)))
        for row in work.session.execute(_regions(work))
        for code in milestones()
    ]


def _regions(work: Work) -> Any:
    """People of each region, counted in one query: those concerned by each aim and those who reached it."""
    mine = seen(work.principal).subquery()
    up = upwards()
    region = aliased(Unit)
    there = mandated(work)
    officer = there & (Person.position == "senior_probation_officer")
    return (
        select(
            region.code.label("region"),
            region.name.label("region_name"),
            func.count(Person.id).filter(officer).label("spo_vetted_people"),
            func.count(Person.id)
            .filter(officer & covered(work.policy, work.today))
            .label("spo_vetted_reached"),
            func.count(Person.id).filter(there).label("all_trained_people"),
            func.count(Person.id).filter(there & has_trained(work)).label("all_trained_reached"),
        )
        .select_from(up)
        .join(region, (region.code == up.c.code) & (region.kind == "region"))
        .outerjoin(Person, Person.unit == up.c.unit)
        .where(up.c.unit.in_(select(mine)))
        .group_by(region.code, region.name)
        .order_by(region.name)
    )


def _milestone(work: Work, row: Any, code: str, own: Any) -> dict[str, Any]:
    aim = milestones()[code]
    people, reached = getattr(row, f"{code}_people"), getattr(row, f"{code}_reached")
    day = own or aim.day
    late = "Late" if work.today > day else "Running"
    return {
        "region_name": row.region_name,
        "aim": aim.label,
        "day": day,
        "whose": "The region" if own else f"National ({aim.clause})",
        "people": people,
        "reached": reached,
        "share": 100 * reached // people if people else None,
        "state": "Reached" if people and reached == people else late,
    }
