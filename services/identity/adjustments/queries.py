"""One person's plan and exemption, and RPT-22."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import aliased

from services.identity.accounts.finding import person_or_404
from services.identity.adjustments.commands import PURPOSE, is_manager_of, open_exemption, open_plan
from services.identity.adjustments.models import AdjustmentPlan, MandateExemption
from services.identity.adjustments.rules import WHOM
from services.identity.adjustments.schemas import AdjustmentsAnswer
from services.identity.people.models import Person, Unit
from services.identity.scope import is_national, within
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.refusals import Refusal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.display import Person as Shown
from shared.web.schemas import Input, Nothing
from shared.work import Work

TOKENS = ("cpc", "central_support")
ROLES = (
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
    "governor",
    "visor_lead",
    "spo",
)
EXEMPT, OVERDUE, ADJUSTED = "Exempt", "Review overdue", "Adjusted"


@service.query(
    "adjustments.read",
    path="/people/<uuid:person_id>/adjustments",
    input=Nothing,
    answer=AdjustmentsAnswer,
    page=Page("Assistive technology", "adjustments/person.html"),
)
def read(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """For the person, their managers, and the administrator who reads and enters for them."""
    person = person_or_404(work, person_id)
    kept, exemption = open_plan(work, person_id), open_exemption(work, person_id)
    me, manages = work.principal.person_id, is_manager_of(work, person)
    if not (person.id == me or manages or (kept is not None and kept.administrator == me)):
        raise Refusal("R32", role=WHOM)
    work.concerns(subject=("person", person.id))
    return {
        "person_id": person.id,
        "name": person.name,
        "plan": None if kept is None else _plan(work, kept),
        "exemption": None if exemption is None else _exemption(work, exemption),
        "may_change": manages and person.id != me,
    }


def _plan(work: Work, kept: AdjustmentPlan) -> dict[str, Any]:
    return {
        "need": work.runtime.decrypt(None, PURPOSE, kept.need),
        "adjustment": work.runtime.decrypt(None, PURPOSE, kept.adjustment),
        "administrator": _who(work, kept.administrator),
        "made_by": _who(work, kept.made_by),
        "made_at": kept.made_at,
    }


def _exemption(work: Work, kept: MandateExemption) -> dict[str, Any]:
    return {
        "options_tried": work.runtime.decrypt(None, PURPOSE, kept.options_tried),
        "exempt_from": kept.exempt_from,
        "review_on": kept.review_on,
        "overdue": kept.review_on < work.today,
        "made_by": _who(work, kept.made_by),
        "made_at": kept.made_at,
    }


def _who(work: Work, person_id: UUID) -> Shown:
    person = work.session.get_one(Person, person_id)
    return Shown(person.id, person.name)


class AssistiveFilter(Input):
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "exempt", "overdue"]),
        metadata={
            "label": "Show",
            "widget": "radios",
            "small": True,
            "options": [("all", "All"), ("exempt", "Exempt"), ("overdue", "Review overdue")],
        },
    )


def _concerns(principal: Principal) -> bool:
    return is_national(principal) or principal.holds(*TOKENS) or principal.has_role(*ROLES)


def _by_unit(work: Work, *, show: str) -> list[tuple[Any, ...]]:
    rows = assistive(work, show=show).subquery()
    numbers = [func.count().filter(rows.c.state == state) for state in (ADJUSTED, EXEMPT, OVERDUE)]
    counted = select(rows.c.unit_name, *numbers).group_by(rows.c.unit_name).order_by(rows.c.unit_name)
    return [tuple(row) for row in work.session.execute(counted)]


@service.report(
    "RPT-22",
    "Assistive technology",
    "PF-0.2.1",
    "PF-0.2.3",
    input=AssistiveFilter,
    columns=(
        ReportColumn("name", "Name", "person", sortable=True),
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("administrator", "Reads and enters for them", "person", sortable=True),
        ReportColumn("state", "State", "tag", colours={EXEMPT: "blue", OVERDUE: "red", ADJUSTED: "green"}),
        ReportColumn("exempt_from", "Exempt from", "date", sortable=True),
        ReportColumn("review_on", "Review on", "date", sortable=True),
        ReportColumn("manager", "Exempted by", "person"),
    ),
    whom="those who manage users, and the CPC",
    open_to=_concerns,
    intro="What each person needs stands only on their own page.",
    chart=Chart("People by unit", (ADJUSTED, EXEMPT, OVERDUE), _by_unit, "stacked"),
    empty="Nobody has a plan of adjustments or an exemption.",
)
def assistive(work: Work, *, show: str) -> Select[Any]:
    """Who has adjustments, who is exempt, and whose exemption is to be reviewed; needs are not shown."""
    administrator, manager = aliased(Person), aliased(Person)
    late = MandateExemption.review_on < work.today
    state = case(
        (MandateExemption.id.is_(None), literal(ADJUSTED)), (late, literal(OVERDUE)), else_=literal(EXEMPT)
    )
    query = (
        select(
            Person.name,
            Person.id.label("name_id"),
            Unit.name.label("unit_name"),
            administrator.name.label("administrator"),
            administrator.id.label("administrator_id"),
            state.label("state"),
            MandateExemption.exempt_from,
            MandateExemption.review_on,
            manager.name.label("manager"),
            manager.id.label("manager_id"),
        )
        .join(Unit, Unit.code == Person.unit)
        .outerjoin(
            AdjustmentPlan, (AdjustmentPlan.person_id == Person.id) & AdjustmentPlan.ended_on.is_(None)
        )
        .outerjoin(administrator, administrator.id == AdjustmentPlan.administrator)
        .outerjoin(
            MandateExemption,
            (MandateExemption.person_id == Person.id) & MandateExemption.ended_on.is_(None),
        )
        .outerjoin(manager, manager.id == MandateExemption.made_by)
        .where(
            func.coalesce(AdjustmentPlan.id, MandateExemption.id).is_not(None),
            Person.unit.in_(within(work.principal, tokens=TOKENS, roles=ROLES)),
        )
        .order_by(MandateExemption.review_on.asc().nulls_last(), Person.name, Person.id)
    )
    if show == "exempt":
        query = query.where(MandateExemption.id.is_not(None))
    return query.where(late) if show == "overdue" else query
