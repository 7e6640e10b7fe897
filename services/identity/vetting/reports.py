"""RPT-01, vetting and training status: everybody, and how many by region, unit and grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, literal_column, null, select
from sqlalchemy.orm import aliased

from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.vetting.covered import covered
from services.identity.vetting.models import VettingException, VettingRecord
from services.identity.vetting.scope import ISSUES, issued, may_issue, oversees_somebody
from services.identity.vetting.status import STATUSES, WORDS, has_priority, has_trained, status
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

_COLOURS = {
    WORDS["expired"]: "red",
    WORDS["refused"]: "red",
    WORDS["not_started"]: "orange",
    WORDS["in_progress"]: "blue",
    WORDS["excepted"]: "purple",
    WORDS["cleared"]: "green",
    "Passed": "green",
    "To do": "orange",
}
# What a region, a unit and a grade are called by, over `Person` and its unit.
_GROUPS = {"region": "Region", "unit": "Unit", "grade": "Role or job title"}


class StatusFilter(Input):
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *STATUSES]),
        metadata={
            "label": "Vetting",
            "widget": "select",
            "empty": "Any",
            "options": [(code, WORDS[code]) for code in STATUSES],
        },
    )
    training = fields.String(
        load_default="",
        validate=validate.OneOf(["", "passed", "to_do"]),
        metadata={
            "label": "Training",
            "widget": "select",
            "empty": "Any",
            "options": [("passed", "Passed"), ("to_do", "To do")],
        },
    )


class GroupFilter(Input):
    by = fields.String(
        load_default="region",
        validate=validate.OneOf(list(_GROUPS)),
        metadata={"label": "By", "small": True, "options": list(_GROUPS.items())},
    )


def _status_counts(work: Work, *, state: str, training: str) -> Sequence[tuple[Any, ...]]:
    """How many in each status, in the order in which they are looked at."""
    rows = vetting_status(work, state=state, training=training).subquery()
    counted = select(rows.c.status, func.count()).group_by(rows.c.status)
    found = [tuple(row) for row in work.session.execute(counted)]
    return sorted(found, key=lambda row: list(WORDS.values()).index(row[0]))


@service.report(
    "RPT-01",
    "Vetting and training status",
    "PF-4.3.1",
    "PF-5.6.2",
    "PF-4.16/A.3",
    "PI-3.9.3",
    input=StatusFilter,
    columns=(
        ReportColumn("name", "Who", "person", sortable=True),
        ReportColumn("job_title", "Role or job title", sortable=True),
        ReportColumn("unit_name", "Where", sortable=True),
        ReportColumn("account", "Account"),
        ReportColumn("status", "Vetting", "tag", colours=_COLOURS, href="vetting_url"),
        ReportColumn("until", "Ends on", "date", sortable=True),
        ReportColumn("training", "Training", "tag", colours=_COLOURS),
        ReportColumn("excepted_to", "Exception until", "date", sortable=True),
        ReportColumn("priority", "Business critical", "yes_no"),
    ),
    whom=ISSUES,
    open_to=may_issue,
    intro="Who is overdue comes first. Every enabled account should be cleared: a gap is told to its CPC each night.",
    chart=Chart("People by vetting status", ("People",), _status_counts),
    empty="Nobody fits.",
)
def vetting_status(work: Work, *, state: str, training: str) -> Select[Any]:
    """Everybody whom the reader oversees but those archived."""
    found_status, has = status(work.policy, work.today), has_trained(work.today)
    words = case(*((found_status == code, WORDS[code]) for code in STATUSES))
    order = case({code: number for number, code in enumerate(STATUSES)}, value=found_status)
    until = _until()
    found = (
        select(
            Person.id.label("name_id"),
            Person.name,
            Person.job_title,
            Unit.name.label("unit_name"),
            func.initcap(Person.state).label("account"),
            words.label("status"),
            _vetting_url(work).label("vetting_url"),
            until.label("until"),
            case((has, "Passed"), else_="To do").label("training"),
            _excepted_to(work).label("excepted_to"),
            has_priority().label("priority"),
        )
        .join(Unit, Unit.code == Person.unit)
        .where(issued(work.principal), Person.state != "archived")
        .order_by(order, until.nulls_first(), Person.name, Person.id)
    )
    if state:
        found = found.where(found_status == state)
    if training:
        found = found.where(has if training == "passed" else ~has)
    return found


def _vetting_url(work: Work) -> ColumnElement[Any]:
    """Nowhere for an LPC, who sees how their unit stands and not what is recorded of somebody's vetting."""
    if not oversees_somebody(work.principal):
        return cast(null(), String)
    return literal("/identity/people/") + cast(Person.id, String) + literal("/vetting")


def _by_group(work: Work, *, by: str) -> Sequence[tuple[Any, ...]]:
    rows = vetting_groups(work, by=by).subquery()
    found = select(rows.c.grouped, rows.c.both, rows.c.vetted, rows.c.neither).order_by(rows.c.people.desc())
    return [tuple(row) for row in work.session.execute(found.limit(20))]


@service.report(
    "RPT-01-GROUPS",
    "Vetted and trained, by region, unit or grade",
    "PS-7",
    input=GroupFilter,
    columns=(
        ReportColumn("grouped", "Group", sortable=True),
        ReportColumn("people", "People", "number", total=True, sortable=True),
        ReportColumn("both", "Vetted and trained", "number", total=True, sortable=True),
        ReportColumn("vetted", "Vetted, not trained", "number", total=True, sortable=True),
        ReportColumn("trained", "Trained, not vetted", "number", total=True, sortable=True),
        ReportColumn("neither", "Neither", "number", total=True, sortable=True),
    ),
    whom=ISSUES,
    open_to=may_issue,
    chart=Chart(
        "Vetted and trained",
        ("Vetted and trained", "Vetted, not trained", "Neither"),
        _by_group,
        kind="stacked",
    ),
)
def vetting_groups(work: Work, *, by: str) -> Select[Any]:
    """PS-7: some vetted and trained, some vetted and not trained, some neither."""
    vetted, trained = covered(work.policy, work.today), has_trained(work.today)
    people = (
        select(_group(by).label("grouped"), vetted.label("v"), trained.label("t"))
        .select_from(Person)
        .join(Unit, Unit.code == Person.unit)
        .where(issued(work.principal), Person.state != "archived")
        .subquery()
    )

    def count(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(which)

    return (
        select(
            people.c.grouped,
            func.count().label("people"),
            count(people.c.v & people.c.t).label("both"),
            count(people.c.v & ~people.c.t).label("vetted"),
            count(~people.c.v & people.c.t).label("trained"),
            count(~people.c.v & ~people.c.t).label("neither"),
        )
        .group_by(people.c.grouped)
        .order_by(people.c.grouped)
    )


def _group(by: str) -> ColumnElement[str]:
    """A unit's region is its parent's parent; for whatever has none, the furthest above."""
    if by == "grade":
        return literal_column("person.job_title")
    if by == "unit":
        return literal_column("unit.name")
    parent, region = aliased(Unit), aliased(Unit)
    return (
        select(func.coalesce(region.name, parent.name, Unit.name))
        .select_from(Unit)
        .outerjoin(parent, parent.code == Unit.parent)
        .outerjoin(region, region.code == parent.parent)
        .where(Unit.code == Person.unit)
        .correlate(Person)
        .scalar_subquery()
    )


def _until() -> ColumnElement[Any]:
    """The day on which the newest vetting that was not revoked ends, or ended."""
    found = select(func.max(VettingRecord.expires_on)).where(
        VettingRecord.person_id == Person.id, VettingRecord.revoked_at.is_(None)
    )
    return found.correlate(Person).scalar_subquery()


def _excepted_to(work: Work) -> ColumnElement[Any]:
    found = select(func.max(VettingException.last_day)).where(
        VettingException.person_id == Person.id,
        VettingException.ended_at.is_(None),
        VettingException.last_day >= work.today,
    )
    return found.correlate(Person).scalar_subquery()
