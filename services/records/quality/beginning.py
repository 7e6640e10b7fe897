"""Audits, leads' checks and the CPC's of them are begun: a sample is drawn (PF-0.9, PF-4.16e, PF-5.9.2, PF-5.10.9)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.quality.drawing import dataset_questions, draw, population
from services.records.quality.models import ONE_RECHECK, Audit, Item, Template
from services.records.quality.reach import LEAD, own_owner, owner_of, refuse
from services.records.quality.rules import (
    AGENCY_OF_UNIT,
    LARGEST_SEED,
    SAMPLE,
    may_recheck,
    recheck_size,
    wrong_due,
)
from services.records.quality.schemas import AuditAnswer, NewAudit, NewLeadCheck
from services.records.quality.steps import ONE, PATH, auditor_of, overseen_audit, tell
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.quality import AUDIT_ASSIGNED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

NO_RECORDS = "This unit has no live record"

service.constraints[ONE_RECHECK] = lambda: Refusal("R34", what="This check was looked at again already.")


def may_begin(work: Work) -> dict[str, Any]:
    own_owner(work)
    return {"sample": SAMPLE}


@service.command(
    "quality.begin",
    path=PATH,
    input=NewAudit,
    answer=AuditAnswer,
    status=201,
    form=FormPage(
        title="Begin an audit",
        button="Draw the sample",
        done="The sample is drawn.",
        next="/quality/audits/{id}",
        path=f"{PATH}/new",
        intro="The CPC audits, or has somebody audit who reports back (PF-0.9).",
        values=may_begin,
    ),
)
def begin(
    work: Work,
    *,
    unit: str,
    template_id: UUID | None,
    auditor_id: UUID | None,
    sample: int,
    due_on: date | None,
) -> Audit:
    """Draw a sample of a unit's records for an audit, by oneself or by whom one assigns (PF-4.16e, PF-0.9.1)."""
    owner = owner_of(work, unit)
    card = read_model.unit(work.session, unit)
    if owner is None:
        raise refuse(work, unit)
    if card is None or card.kind not in AGENCY_OF_UNIT:
        raise Invalid({"unit": ["Choose a unit from the list"]})
    if wrong := wrong_due(due_on, work.today):
        raise Invalid(wrong)
    template = _template(work, template_id, owner)
    auditor = _auditor(work, auditor_id, owner)
    audit = _new(work, "audit", card, owner, auditor.id, due_on)
    if template is not None:
        audit.template_id, audit.title = template.id, template.title
        audit.questions = [[f"q{number}", text] for number, text in enumerate(template.questions, 1)]
    _drawn(work, audit, population(work, card), sample)
    if auditor.id != work.principal.person_id:
        tell(work, AUDIT_ASSIGNED, audit, auditor_of(work, audit))
    return audit


def may_begin_check(work: Work) -> dict[str, Any]:
    _led(work)
    return {"sample": SAMPLE}


@service.command(
    "quality.begin_lead_check",
    path="/quality/lead-checks",
    input=NewLeadCheck,
    answer=AuditAnswer,
    status=201,
    form=FormPage(
        title="Begin a check of minimum datasets",
        button="Draw the sample",
        done="The sample is drawn.",
        next="/quality/audits/{id}",
        path="/quality/lead-checks/new",
        intro="ViSOR leads check the minimum datasets of those whom their prison holds, and tell the CPC (PF-5.9.2).",
        values=may_begin_check,
    ),
)
def begin_lead_check(work: Work, *, sample: int) -> Audit:
    """Draw a sample of those whom one's prison holds (PF-5.9.2.1)."""
    unit = _led(work)
    group = unit.parent or unit.code
    audit = _new(work, "lead_check", unit, group, work.principal.person_id, None)
    _drawn(work, audit, population(work, unit), sample)
    return audit


def _led(work: Work) -> read_model.UnitCard:
    """The prison that one is ViSOR lead of. Raises R32."""
    held = work.principal.units_with_role(LEAD)
    code = work.principal.unit if work.principal.unit in held else min(held, default="")
    unit = read_model.unit(work.session, code)
    if unit is None or unit.kind != "prison":
        raise Refusal("R32", role="the ViSOR lead of a prison")
    return unit


def may_look_again(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    _to_recheck(work, audit_id)
    return {}


@service.command(
    "quality.recheck",
    path=f"{ONE}/recheck",
    input=Nothing,
    answer=AuditAnswer,
    status=201,
    form=FormPage(
        title="Check a sample of it again",
        button="Draw the sample",
        done="The sample is drawn.",
        next="/quality/audits/{id}",
        path=f"{ONE}/recheck/new",
        intro="One in ten of what the lead checked, and three at least, drawn at random (PF-5.10.9).",
        values=may_look_again,
    ),
)
def recheck(work: Work, *, audit_id: UUID) -> Audit:
    """Look again at a random tenth of what a lead checked, three at least (PF-5.10.9). Once for each handing in."""
    audit = _to_recheck(work, audit_id, lock=True)
    card = read_model.unit(work.session, audit.unit)
    if card is None:
        raise NotFound
    one = _new(work, "recheck", card, audit.owner, work.principal.person_id, None)
    one.of_id, one.submission = audit.id, audit.submission
    one.questions, one.title = audit.questions, audit.title
    done = select(Item.nominal_id).where(Item.audit_id == audit_id, Item.checked_at.is_not(None))
    checked = list(work.session.execute(done).scalars())
    percent = int(work.policy.number("lead_checks.sample_percent", work.today))
    fewest = int(work.policy.number("lead_checks.sample_fewest", work.today))
    _drawn(work, one, checked, recheck_size(len(checked), percent, fewest))
    return one


def _to_recheck(work: Work, audit_id: UUID, *, lock: bool = False) -> Audit:
    audit = overseen_audit(work, audit_id, lock=lock)
    why = may_recheck(audit.state, own=audit.auditor_id == work.principal.person_id, kind=audit.kind)
    if why == "R23":
        raise Refusal("R23", subject="check")
    if why is not None:
        raise Refusal(why, what="Only a lead’s check that was submitted is looked at again.")
    return audit


def _new(
    work: Work, kind: str, unit: read_model.UnitCard, owner: str, auditor_id: UUID, due_on: date | None
) -> Audit:
    agency = AGENCY_OF_UNIT[unit.kind]
    return Audit(
        id=new_id(),
        kind=kind,
        unit=unit.code,
        owner=owner,
        title="Minimum dataset",
        questions=dataset_questions(work, agency),
        seed=work.runtime.randbelow(LARGEST_SEED),
        state="assigned",
        auditor_id=auditor_id,
        assigned_by=work.principal.person_id,
        assigned_at=work.now,
        due_on=due_on,
    )


def _drawn(work: Work, audit: Audit, ids: list[UUID], size: int) -> None:
    if not ids:
        raise Invalid({"unit" if audit.kind == "audit" else "sample": [NO_RECORDS]})
    audit.population = len(ids)
    draw(work, audit, ids, size)
    work.concerns(
        subject=("quality_audit", audit.id), kind=audit.kind, unit=audit.unit, sample=min(size, len(ids))
    )


def _template(work: Work, template_id: UUID | None, owner: str) -> Template | None:
    if template_id is None:
        return None
    one = work.session.get(Template, template_id)
    if one is None or one.owner != owner or one.retired_at is not None:
        raise Invalid({"template_id": ["Choose an audit tool from the list"]})
    return one


def _auditor(work: Work, person_id: UUID | None, owner: str) -> read_model.PersonCard:
    card = read_model.person(work.session, person_id or work.principal.person_id)
    if card is None or not card.active:
        raise Invalid({"auditor_id": ["Choose a current user"]})
    if person_id is not None and card.unit not in read_model.below(work.session, owner):
        raise Invalid({"auditor_id": ["Choose a user of the area, group or force"]})
    return card
