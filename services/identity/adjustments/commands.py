"""Making and ending a plan of adjustments, exempting somebody and ending that."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import by_user_name, person_or_404, reach_of
from services.identity.adjustments.models import AdjustmentPlan, MandateExemption
from services.identity.adjustments.rules import MANAGERS, WHOM, why_not_manage, wrong_days
from services.identity.adjustments.schemas import ExemptInput, KeptAnswer, PlanInput
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.refusals import Invalid, Refusal
from shared.web.about import about
from shared.web.schemas import Nothing
from shared.work import Work

PURPOSE = "adjustments"
PAGE = "/people/{person_id}/adjustments"
for _name in ("uq_adjustment_plan_open", "uq_mandate_exemption_open"):
    service.constraints[_name] = lambda: Refusal("R34", what="Somebody has just written this.")


def is_manager_of(work: Work, person: Person) -> bool:
    reach = reach_of(work, person)
    own = person.line_manager == work.principal.person_id
    return own or reach.is_cpc or reach.is_deputy or reach.has_role(*MANAGERS)


def managed(work: Work, person_id: UUID) -> Person:
    """Raises Refusal R32 for who is no manager of theirs, R23 for oneself."""
    person = person_or_404(work, person_id)
    oneself = person.id == work.principal.person_id
    code = why_not_manage(oneself=oneself, manager=is_manager_of(work, person))
    if code is not None:
        contact = cpc_contact(work, person.unit)
        raise Refusal(code, role=WHOM, subject="exemption or adjustment", contact=contact)
    work.concerns(subject=("person", person.id))
    return person


def open_plan(work: Work, person_id: UUID, *, lock: bool = False) -> AdjustmentPlan | None:
    query = select(AdjustmentPlan).where(
        AdjustmentPlan.person_id == person_id, AdjustmentPlan.ended_on.is_(None)
    )
    return work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def open_exemption(work: Work, person_id: UUID, *, lock: bool = False) -> MandateExemption | None:
    query = select(MandateExemption).where(
        MandateExemption.person_id == person_id, MandateExemption.ended_on.is_(None)
    )
    return work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def _about(work: Work, *, person_id: UUID) -> dict[str, Any]:
    return {"about": about(managed(work, person_id))}


def _about_exemption(work: Work, *, person_id: UUID) -> dict[str, Any]:
    return {"about": about(managed(work, person_id)), "exempt_from": work.today}


@service.command(
    "adjustments.plan",
    path="/people/<uuid:person_id>/adjustments",
    input=PlanInput,
    answer=KeptAnswer,
    form=FormPage(
        title="Plan adjustments",
        button="Save the plan",
        done="The plan is saved.",
        next=PAGE,
        path="/people/<uuid:person_id>/adjustments/plan",
        intro="A new plan takes the place of the one before it.",
        values=_about,
    ),
)
def plan(work: Work, *, person_id: UUID, need: str, adjustment: str, administrator: str) -> AdjustmentPlan:
    """PF-0.2.1, PF-6.7: what is needed and done, and which administrator reads and enters for them."""
    person = managed(work, person_id)
    named = by_user_name(work, administrator, "administrator")
    if named is None or named.id == person.id or not named.is_active:
        raise Invalid({"administrator": ["Name somebody else who has an account in use."]})
    before = open_plan(work, person_id, lock=True)
    if before is not None:
        before.ended_on = work.today
        work.session.flush()
    kept = AdjustmentPlan(
        person_id=person.id,
        need=work.runtime.encrypt(None, PURPOSE, need),
        adjustment=work.runtime.encrypt(None, PURPOSE, adjustment),
        administrator=named.id,
        made_by=work.principal.person_id,
        made_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


@service.command(
    "adjustments.end_plan",
    path="/people/<uuid:person_id>/adjustments/end",
    input=Nothing,
    answer=KeptAnswer,
    form=FormPage(
        title="End the plan of adjustments",
        button="End the plan",
        done="The plan has ended.",
        next=PAGE,
        values=_about,
    ),
)
def end_plan(work: Work, *, person_id: UUID) -> AdjustmentPlan:
    """It is needed no more."""
    managed(work, person_id)
    kept = open_plan(work, person_id, lock=True)
    if kept is None:
        raise Refusal("R34", what="There is no plan to end.")
    kept.ended_on = work.today
    return kept


@service.command(
    "adjustments.exempt",
    path="/people/<uuid:person_id>/exemption",
    input=ExemptInput,
    answer=KeptAnswer,
    form=FormPage(
        title="Exempt from using ViSOR",
        button="Record the exemption",
        done="The exemption is recorded.",
        next=PAGE,
        path="/people/<uuid:person_id>/exemption/new",
        intro="Only when all options are exhausted and access is impossible for technical reasons.",
        values=_about_exemption,
    ),
)
def exempt_person(
    work: Work, *, person_id: UUID, options_tried: str, exempt_from: date, review_on: date
) -> MandateExemption:
    """PF-0.2.3: the evidence, by whom, from when, and when it is reviewed; a new one takes the place of the last."""
    person = managed(work, person_id)
    if wrong := wrong_days(exempt_from, review_on, work.today):
        raise Invalid(wrong)
    before = open_exemption(work, person_id, lock=True)
    if before is not None:
        before.ended_on = work.today
        work.session.flush()
    kept = MandateExemption(
        person_id=person.id,
        options_tried=work.runtime.encrypt(None, PURPOSE, options_tried),
        exempt_from=exempt_from,
        review_on=review_on,
        made_by=work.principal.person_id,
        made_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


@service.command(
    "adjustments.end_exemption",
    path="/people/<uuid:person_id>/exemption/end",
    input=Nothing,
    answer=KeptAnswer,
    form=FormPage(
        title="End the exemption",
        button="End the exemption",
        done="The exemption has ended.",
        next=PAGE,
        values=_about,
    ),
)
def end_exemption(work: Work, *, person_id: UUID) -> MandateExemption:
    """The person can use ViSOR now."""
    managed(work, person_id)
    kept = open_exemption(work, person_id, lock=True)
    if kept is None:
        raise Refusal("R34", what="There is no exemption to end.")
    kept.ended_on = work.today
    return kept
