"""An audit is done, record by record, and handed in (PF-0.9.1, PF-5.9.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.records.access.authorise import Opened, authorise
from services.records.access.concerned import holding
from services.records.nominals.models import Nominal
from services.records.quality.drawing import asked_of
from services.records.quality.models import COMMENT, WORDS, Audit, Item
from services.records.quality.reach import overseen
from services.records.quality.rules import differences, wrong_answers
from services.records.quality.schemas import Answered, AuditAnswer, ItemAnswer, Submitted
from services.records.quality.steps import ONE, PAGE, own_audit, sign_off, tell
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.quality import AUDIT_SUBMITTED
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work


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
    if audit.kind != "recheck":
        audit.submission += 1
    else:
        audit.differing = _differing(work, audit)
    if audit.kind == "recheck" or (audit.kind == "audit" and audit.owner in overseen(work.principal)):
        sign_off(work, audit)
        return audit
    audit.state = "submitted"
    card = read_model.owning_cpc(work.session, audit.owner)
    unit = read_model.unit(work.session, audit.owner)
    agency = unit.agency if unit else work.principal.agency
    tell(work, AUDIT_SUBMITTED, audit, holding([card] if card else [], "cpc", audit.owner, agency))
    return audit


def unchecked(audit_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """The records still to be looked at. What was archived or hidden after the draw keeps nobody from handing in."""
    open_to_audit = select(Nominal.id).where(Nominal.status == "live", ~Nominal.limited_access)
    return Item.audit_id == audit_id, Item.checked_at.is_(None), Item.nominal_id.in_(open_to_audit)


def _ready(work: Work, audit: Audit) -> None:
    if number := work.session.execute(select(func.count()).where(*unchecked(audit.id))).scalar_one():
        raise Refusal(
            "R34", what=f"{number} {'record is' if number == 1 else 'records are'} still to be checked."
        )


def _differing(work: Work, audit: Audit) -> int:
    def answers(audit_id: UUID | None) -> dict[UUID, Any]:
        found = select(Item.nominal_id, Item.answers).where(Item.audit_id == audit_id)
        return {row.nominal_id: row.answers or {} for row in work.session.execute(found)}

    theirs, mine = answers(audit.of_id), answers(audit.id)
    return sum(differences(theirs.get(one, {}), said) for one, said in mine.items())
