"""Each region's plan for enough staff, with the day on which it is looked at again (PF-4.11.4)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, case, cast, func, literal, select

from services.identity.people.models import Person, Unit
from services.identity.scope import is_national
from services.identity.service import service
from services.identity.staffing.declarations import DIRECTOR
from services.identity.staffing.models import RegionPlan
from services.identity.staffing.reach import WHOM, concerns, regions
from services.identity.staffing.rules import plan_state, wrong_review
from services.identity.staffing.schemas import PlanAnswer, PlanInput
from shared.declarations import FormPage
from shared.events.identity.staffing import REGION_PLAN_KEPT, REGION_PLAN_REPLACED
from shared.files import Arriving, Download, keep, open_file
from shared.refusals import Invalid, NotFound, Refusal
from shared.reports.columns import ReportColumn
from shared.time.calendars import start_of_day
from shared.time.periods import due
from shared.web.downloads import sent
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work

PATH = "/staffing/regions/<string:region>/plan"
LONGEST = "staffing.plan_review_within"
_COLOURS = {"In force": "green", "Review overdue": "red", "No plan": "red"}
service.constraints["uq_region_plan_current"] = lambda: Refusal(
    "R34", what="Somebody else put in this region’s plan at the same moment."
)


def _may_set(work: Work, *, region: str) -> dict[str, str]:
    return {"about": directed_region(work, region).name}


@service.command(
    "staffing.set_plan",
    path=PATH,
    input=PlanInput,
    answer=PlanAnswer,
    form=FormPage(
        path=f"{PATH}/new",
        title="Put in the region’s plan for enough staff",
        button="Put in the plan",
        done="The plan stands, and you are reminded of its review.",
        next="/reports/rpt-26-plans",
        intro="Every region has a plan for enough staff with the right vetting and training (PF-4.11). Who oversees"
        " staff in the region can read it; a plan that stood before is kept.",
        values=_may_set,
    ),
)
def set_plan(work: Work, *, region: str, document: Arriving, says: str, review_on: date) -> RegionPlan:
    """By the regional probation director, or nationally; it takes the place of the one before."""
    found = directed_region(work, region)
    last = due(start_of_day(work.today), work.policy.period(LONGEST, work.today), found.jurisdiction).day
    if wrong := wrong_review(review_on, last, work.today):
        raise Invalid(wrong)
    before = _current(work, region)
    if before is not None:
        before.superseded_at = work.system_now
        work.session.flush()
        data = {"plan_id": before.id, "region": region}
        work.emit(REGION_PLAN_REPLACED, data, aggregate=("region_plan", before.id), agencies=[found.agency])
    plan = RegionPlan(
        region=region,
        says=says.strip(),
        file_id=keep(work, document),
        review_on=review_on,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(plan)
    work.session.flush()
    work.concerns(subject=("region_plan", plan.id), region=region, review_on=review_on.isoformat())
    tell_kept(work, plan)
    return plan


def tell_kept(work: Work, plan: RegionPlan) -> None:
    """To whoever put it in, who is reminded of its review."""
    region = work.session.get_one(Unit, plan.region)
    data = {"plan_id": plan.id, "region": region.code, "review_on": plan.review_on}
    data |= {"jurisdiction": region.jurisdiction}
    to = [Concerned(plan.recorded_by, DIRECTOR, region.code, region.agency)]
    work.emit(REGION_PLAN_KEPT, data, aggregate=("region_plan", plan.id), to=to)


@service.query(
    "staffing.plan_document",
    path="/staffing/plans/<uuid:plan_id>/document",
    input=Nothing,
    answer=Done,
    send=sent,
)
def plan_document(work: Work, *, plan_id: UUID) -> Download:
    """The plan itself, also one that stood before, for whoever oversees staff in its region."""
    plan = work.session.get(RegionPlan, plan_id)
    if plan is None:
        raise NotFound
    work.concerns(subject=("region_plan", plan_id), region=plan.region)
    mine = regions(work.principal).where(Unit.code == plan.region)
    if work.session.execute(mine).first() is None:
        raise Refusal("R32", role=WHOM)
    return open_file(work, plan.file_id)


@service.report(
    "RPT-26-PLANS",
    "Regions’ plans for enough staff",
    "PF-4.11.4",
    input=Nothing,
    columns=(
        ReportColumn("region_name", "Region", sortable=True),
        ReportColumn("says", "What it comes to"),
        ReportColumn("document", "Plan", href="document_url"),
        ReportColumn("recorded_by", "Put in by", "person"),
        ReportColumn("recorded_on", "Put in on", "date", sortable=True),
        ReportColumn("review_on", "To be reviewed by", "date", sortable=True),
        ReportColumn("state", "State", "tag", colours=_COLOURS),
        ReportColumn("change", "Change", href="change_url"),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="The plan of each region in which your units lie. Its director puts it in, and reviews it in time.",
    finish=lambda work, rows: [{**row, "state": plan_state(row["review_on"], work.today)} for row in rows],
)
def plans(work: Work) -> Select[Any]:
    """A region without a plan stands there too."""
    directs = Unit.code.in_(sorted(work.principal.units_with_role(DIRECTOR)))
    may_set = literal(True) if is_national(work.principal) else directs
    there = RegionPlan.id.is_not(None)
    return (
        select(
            Unit.name.label("region_name"),
            RegionPlan.says,
            case((there, "Open")).label("document"),
            case(
                (there, literal("/identity/api/staffing/plans/") + cast(RegionPlan.id, Text) + "/document")
            ).label("document_url"),
            Person.name.label("recorded_by"),
            Person.id.label("recorded_by_id"),
            func.date(func.timezone("Europe/London", RegionPlan.recorded_at)).label("recorded_on"),
            RegionPlan.review_on,
            case((may_set, "Put in a plan")).label("change"),
            case((may_set, literal("/identity/staffing/regions/") + Unit.code + "/plan/new")).label(
                "change_url"
            ),
        )
        .outerjoin(RegionPlan, (RegionPlan.region == Unit.code) & RegionPlan.superseded_at.is_(None))
        .outerjoin(Person, Person.id == RegionPlan.recorded_by)
        .where(Unit.code.in_(regions(work.principal)), Unit.closed_on.is_(None))
        .order_by(Unit.name)
    )


def directed_region(work: Work, code: str) -> Unit:
    """Raises NotFound for what is no region, Refusal R32 for whoever neither directs it nor stands above it."""
    found = work.session.get(Unit, code)
    if found is None or found.kind != "region":
        raise NotFound
    work.concerns(region=code)
    if not (is_national(work.principal) or code in work.principal.units_with_role(DIRECTOR)):
        raise Refusal("R32", role="regional probation director")
    return found


def _current(work: Work, region: str) -> RegionPlan | None:
    found = select(RegionPlan).where(RegionPlan.region == region, RegionPlan.superseded_at.is_(None))
    return work.session.execute(found.with_for_update()).scalar_one_or_none()
