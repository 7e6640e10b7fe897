"""What comes back to the CPC is signed off, or returned to be done again (PF-0.9.1, PF-5.9.2.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.quality.models import WORDS, Audit
from services.records.quality.rules import looks_at, may_sign
from services.records.quality.schemas import AuditAnswer, SentBack
from services.records.quality.steps import ONE, PAGE, auditor_of, overseen_audit, sign_off, tell
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.quality import AUDIT_RETURNED
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work


def may_decide(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    _to_sign(work, overseen_audit(work, audit_id))
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
    audit = overseen_audit(work, audit_id, lock=True)
    _to_sign(work, audit)
    sign_off(work, audit)
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
        values=lambda work, *, audit_id: _submitted(overseen_audit(work, audit_id)),
    ),
)
def send_back(work: Work, *, audit_id: UUID, words: str) -> Audit:
    """Not good enough: what is to be done again, in words."""
    audit = overseen_audit(work, audit_id, lock=True)
    _submitted(audit)
    audit.state, audit.answer = "returned", work.runtime.encrypt(None, WORDS, words)
    tell(work, AUDIT_RETURNED, audit, auditor_of(work, audit))
    return audit


def _submitted(audit: Audit) -> dict[str, Any]:
    if audit.state != "submitted":
        raise Refusal("R34", what="It is not with the CPC.")
    return {}


def _to_sign(work: Work, audit: Audit) -> None:
    again = select(Audit.submission).where(Audit.of_id == audit.id, Audit.state == "signed")
    rechecks = work.session.execute(again).scalars()
    why = may_sign(
        audit.state,
        own=audit.auditor_id == work.principal.person_id,
        kind=audit.kind,
        rechecked=any(looks_at(one, audit.submission) for one in rechecks),
    )
    if why == "R23":
        raise Refusal("R23", subject="audit")
    if why is not None:
        what = "It is not with the CPC." if why == "R34" else "Check a sample of it again first (PF-5.10.9)."
        raise Refusal("R34", what=what)
