"""Audits from their assignment to the CPC's signature, and the checks of ViSOR leads (PF-0.9, PF-4.16e, PF-5.9.2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.authorise import Opened, authorise
from services.records.access.concerned import holding
from services.records.quality.drawing import asked_of, dataset_questions, draw, population
from services.records.quality.models import COMMENT, ONE_RECHECK, WORDS, Audit, Item, Template
from services.records.quality.reach import LEAD, overseen, owner_of, refuse
from services.records.quality.rules import (
    AGENCY_OF_UNIT,
    differences,
    may_sign,
    recheck_size,
    wrong_answers,
)
from services.records.quality.schemas import (
    Answered,
    AuditAnswer,
    ItemAnswer,
    NewAudit,
    NewLeadCheck,
    NewTemplate,
    SentBack,
    Submitted,
    TemplateAnswer,
)
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.quality import (
    AUDIT_ASSIGNED,
    AUDIT_RETURNED,
    AUDIT_SIGNED,
    AUDIT_SUBMITTED,
    ROUND_DONE,
    dataset_round,
)
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Concerned, Work

PATH = "/quality/audits"
ONE = f"{PATH}/<uuid:audit_id>"
PAGE = "/quality/audits/{audit_id}"
NO_RECORDS = "This unit has no live record"
# The rounds of D-27 are of areas and prison groups.
ROUNDS = ("mappa_area", "prison_group")

service.constraints[ONE_RECHECK] = lambda: Refusal("R34", what="This check was looked at again already.")


def may_oversee(work: Work) -> dict[str, Any]:
    if not overseen(work.principal):
        raise refuse(work, work.principal.unit)
    return {}


# ---- Audit tools. ----


@service.command(
    "quality.write_template",
    path="/quality/templates",
    input=NewTemplate,
    answer=TemplateAnswer,
    status=201,
    form=FormPage(
        title="Write an audit tool",
        button="Save audit tool",
        done="The audit tool is there. Audits of your area can use it.",
        next="/quality",
        path="/quality/templates/new",
        intro="A formal audit tool besides the minimum dataset. It is never altered: write a new one instead.",
        values=may_oversee,
    ),
)
def write_template(work: Work, *, title: str, questions: str) -> Template:
    """Write a formal audit tool for one's own area, group or force (PF-4.16e.2)."""
    may_oversee(work)
    one = Template(
        id=new_id(),
        owner=min(overseen(work.principal)),
        title=title.strip(),
        questions=[line.strip() for line in questions.splitlines() if line.strip()],
        written_by=work.principal.person_id,
        written_at=work.now,
    )
    work.session.add(one)
    work.concerns(subject=("quality_template", one.id))
    return one


@service.command(
    "quality.retire_template",
    path="/quality/templates/<uuid:template_id>/retirement",
    input=Nothing,
    answer=TemplateAnswer,
    form=FormPage(
        title="Take an audit tool out of use",
        button="Take out of use",
        done="New audits cannot use it any more.",
        next="/quality",
        path="/quality/templates/<uuid:template_id>/retire",
    ),
)
def retire_template(work: Work, *, template_id: UUID) -> Template:
    """No new audit uses it; those that did keep it."""
    one = work.session.get(Template, template_id, with_for_update=True)
    if one is None or one.owner not in overseen(work.principal):
        raise NotFound
    if one.retired_at is not None:
        raise Refusal("R34", what="It is out of use already.")
    one.retired_at = work.now
    work.concerns(subject=("quality_template", template_id))
    return one


# ---- Beginning one. ----


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
        values=may_oversee,
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
    if due_on is not None and due_on < work.today:
        raise Invalid({"due_on": ["The report cannot be due before today"]})
    template = _template(work, template_id, owner)
    auditor = _auditor(work, auditor_id, owner)
    audit = _new(work, "audit", card, owner, auditor.id, due_on)
    if template is not None:
        audit.template_id, audit.title = template.id, template.title
        audit.questions = [[f"q{number}", text] for number, text in enumerate(template.questions, 1)]
    _drawn(work, audit, population(work, card), sample)
    if auditor.id != work.principal.person_id:
        _tell(work, AUDIT_ASSIGNED, audit, [Concerned(auditor.id, "auditor", auditor.unit, auditor.agency)])
    return audit


def may_begin_check(work: Work) -> dict[str, Any]:
    _led(work)
    return {}


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
    ),
)
def recheck(work: Work, *, audit_id: UUID) -> Audit:
    """Look again at a random tenth of what a lead checked, three at least (PF-5.10.9). Once for each check."""
    audit = _overseen(work, audit_id, lock=True)
    if audit.kind != "lead_check" or audit.state != "submitted":
        raise Refusal("R34", what="Only a lead’s check that was submitted is looked at again.")
    card = read_model.unit(work.session, audit.unit)
    if card is None:
        raise NotFound
    one = _new(work, "recheck", card, audit.owner, work.principal.person_id, None)
    one.of_id, one.questions, one.title = audit.id, audit.questions, audit.title
    checked = list(work.session.execute(select(Item.nominal_id).where(Item.audit_id == audit_id)).scalars())
    percent = int(work.policy.number("lead_checks.sample_percent", work.today))
    fewest = int(work.policy.number("lead_checks.sample_fewest", work.today))
    _drawn(work, one, checked, recheck_size(len(checked), percent, fewest))
    return one


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
        seed=secrets.randbelow(2**62),
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


# ---- Doing it. ----


@service.command("quality.answer", path=f"{ONE}/items/<int:place>", input=Answered, answer=ItemAnswer)
def answer(work: Work, *, audit_id: UUID, place: int, answers: Mapping[str, str], comment: str) -> Item:
    """Say of one record of the sample what is in order, missing or out of date (PF-5.9.2.1)."""
    audit = own_audit(work, audit_id, lock=True)
    item, opened = item_of(work, audit, place)
    asked = [key for key, _title in asked_of(work, audit, opened.record)]
    if wrong := wrong_answers(answers, asked):
        raise Invalid(wrong)
    item.answers = dict(answers)
    item.comment = work.runtime.encrypt(item.origin_nominal_id, COMMENT, comment) if comment.strip() else None
    item.checked_by, item.checked_at = work.principal.person_id, work.now
    work.concerns(subject=("quality_audit", audit_id), private=comment or None, place=place)
    return item


def own_audit(work: Work, audit_id: UUID, *, lock: bool = False) -> Audit:
    """An audit that one is doing. Raises NotFound for another's, R34 once it is out of hand."""
    audit = work.session.get(Audit, audit_id, with_for_update=lock or None, populate_existing=True)
    if audit is None or audit.auditor_id != work.principal.person_id:
        raise NotFound
    if audit.state not in {"assigned", "returned"}:
        raise Refusal("R34", what="This audit was handed in already.")
    return audit


def item_of(work: Work, audit: Audit, place: int) -> tuple[Item, Opened]:
    """One record of the sample, which its auditor must be able to open."""
    found = select(Item).where(Item.audit_id == audit.id, Item.place == place)
    item = work.session.execute(found).scalar_one_or_none()
    if item is None:
        raise NotFound
    return item, authorise(work, "nominals.read", item.nominal_id)


def may_submit(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    _ready(work, own_audit(work, audit_id))
    return {}


@service.command(
    "quality.submit",
    path=f"{ONE}/submission",
    input=Submitted,
    answer=AuditAnswer,
    form=FormPage(
        title="Hand the audit in",
        button="Hand in",
        done="Handed in.",
        next=PAGE,
        path=f"{ONE}/submit",
        values=may_submit,
    ),
)
def submit(work: Work, *, audit_id: UUID, words: str) -> Audit:
    """Report back to the CPC (PF-0.9.1, PF-5.9.2.2). The CPC's own audit is signed with that."""
    audit = own_audit(work, audit_id, lock=True)
    _ready(work, audit)
    audit.words = work.runtime.encrypt(None, WORDS, words) if words.strip() else None
    audit.submitted_at, audit.answer = work.now, None
    work.concerns(subject=("quality_audit", audit_id))
    if audit.kind == "recheck":
        audit.differing = _differing(work, audit)
    if audit.kind == "recheck" or (audit.kind == "audit" and audit.owner in overseen(work.principal)):
        _sign(work, audit)
        return audit
    audit.state = "submitted"
    card = read_model.owning_cpc(work.session, audit.owner)
    unit = read_model.unit(work.session, audit.owner)
    agency = unit.agency if unit else work.principal.agency
    _tell(work, AUDIT_SUBMITTED, audit, holding([card] if card else [], "cpc", audit.owner, agency))
    return audit


def _ready(work: Work, audit: Audit) -> None:
    left = select(func.count()).where(Item.audit_id == audit.id, Item.checked_at.is_(None))
    if number := work.session.execute(left).scalar_one():
        raise Refusal(
            "R34", what=f"{number} {'record is' if number == 1 else 'records are'} still to be checked."
        )


def _differing(work: Work, audit: Audit) -> int:
    def answers(audit_id: UUID | None) -> dict[UUID, Any]:
        found = select(Item.nominal_id, Item.answers).where(Item.audit_id == audit_id)
        return {row.nominal_id: row.answers or {} for row in work.session.execute(found)}

    theirs, mine = answers(audit.of_id), answers(audit.id)
    return sum(differences(theirs.get(one, {}), said) for one, said in mine.items())


# ---- The CPC. ----


def may_decide(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    _to_sign(work, _overseen(work, audit_id))
    return {}


@service.command(
    "quality.sign",
    path=f"{ONE}/signature",
    input=Nothing,
    answer=AuditAnswer,
    form=FormPage(
        title="Sign the audit off",
        button="Sign off",
        done="Signed off.",
        next=PAGE,
        path=f"{ONE}/sign",
        values=may_decide,
    ),
)
def sign(work: Work, *, audit_id: UUID) -> Audit:
    """The report came back to the CPC, who signs it off (PF-0.9.1); a lead's only after a sample was checked again."""
    audit = _overseen(work, audit_id, lock=True)
    _to_sign(work, audit)
    _sign(work, audit)
    return audit


@service.command(
    "quality.return",
    path=f"{ONE}/return",
    input=SentBack,
    answer=AuditAnswer,
    form=FormPage(
        title="Return the audit",
        button="Return",
        done="Returned to who did it.",
        next=PAGE,
        path=f"{ONE}/return/new",
        values=lambda work, *, audit_id: _submitted(_overseen(work, audit_id)),
    ),
)
def send_back(work: Work, *, audit_id: UUID, words: str) -> Audit:
    """Not good enough: what is to be done again, in words."""
    audit = _overseen(work, audit_id, lock=True)
    _submitted(audit)
    audit.state, audit.answer = "returned", work.runtime.encrypt(None, WORDS, words)
    card = read_model.person(work.session, audit.auditor_id)
    to = [Concerned(card.id, "auditor", card.unit, card.agency)] if card and card.active else []
    _tell(work, AUDIT_RETURNED, audit, to)
    return audit


def _submitted(audit: Audit) -> dict[str, Any]:
    if audit.state != "submitted":
        raise Refusal("R34", what="It is not with the CPC.")
    return {}


def _overseen(work: Work, audit_id: UUID, *, lock: bool = False) -> Audit:
    """For the CPC of its area, group or force. Raises NotFound, or R24 for anybody else."""
    if lock:
        work.together()
    audit = work.session.get(Audit, audit_id, with_for_update=lock or None, populate_existing=True)
    if audit is None:
        raise NotFound
    work.concerns(subject=("quality_audit", audit_id))
    if audit.owner not in overseen(work.principal):
        raise refuse(work, audit.owner)
    return audit


def _to_sign(work: Work, audit: Audit) -> None:
    again = select(Audit.id).where(Audit.of_id == audit.id, Audit.state == "signed")
    why = may_sign(
        audit.state,
        own=audit.auditor_id == work.principal.person_id,
        kind=audit.kind,
        rechecked=work.session.execute(again).first() is not None,
    )
    if why == "R23":
        raise Refusal("R23", subject="audit")
    if why is not None:
        what = "It is not with the CPC." if why == "R34" else "Check a sample of it again first (PF-5.10.9)."
        raise Refusal("R34", what=what)


def _sign(work: Work, audit: Audit) -> None:
    audit.state, audit.signed_by, audit.signed_at = "signed", work.principal.person_id, work.now
    unit = read_model.unit(work.session, audit.owner)
    if audit.kind != "recheck":
        _tell(work, AUDIT_SIGNED, audit, _auditor_told(work, audit))
    if audit.template_id is None and audit.kind == "audit" and unit is not None and unit.kind in ROUNDS:
        data = {"round_id": dataset_round(unit.code), "audit_id": audit.id, "unit": unit.code}
        work.emit(ROUND_DONE, data, aggregate=("quality_audit", audit.id), agencies=[unit.agency])


def _auditor_told(work: Work, audit: Audit) -> list[Concerned]:
    card = read_model.person(work.session, audit.auditor_id)
    if card is None or not card.active or card.id == work.principal.person_id:
        return []
    return [Concerned(card.id, "auditor", card.unit, card.agency)]


def _tell(work: Work, kind: EventKind, audit: Audit, to: list[Concerned]) -> None:
    data = {"audit_id": audit.id, "kind": audit.kind, "unit": audit.unit}
    agencies = () if to else [work.principal.agency]
    work.emit(kind, data, aggregate=("quality_audit", audit.id), to=to, agencies=agencies)
