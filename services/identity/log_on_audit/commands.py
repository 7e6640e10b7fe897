"""Beginning, completing and signing off an audit of log-ons."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.identity.log_on_audit.finding import audit_or_404, draw, require_auditor, standing_to
from services.identity.log_on_audit.models import ONE_FOR_EACH_PERIOD, LogOnAudit
from services.identity.log_on_audit.rules import why_not_sign, wrong_period
from services.identity.log_on_audit.schemas import AuditIdAnswer, BeginDueInput, BeginInput, CompleteInput
from services.identity.people.models import Unit
from services.identity.service import service
from services.identity.tokens.holders import cpc_concerned, cpc_contact
from shared.declarations import FormPage
from shared.events.identity.log_on_audit import LOG_ON_AUDIT_COMPLETED, LOG_ON_AUDIT_SIGNED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

NEXT = "/log-on-audits/{id}"
service.constraints[ONE_FOR_EACH_PERIOD] = lambda: Refusal(
    "R34", what="There is an audit of this unit for a period that begins on this day."
)


def _about_unit(work: Work, *, unit: str) -> dict[str, Any]:
    return {"about": _unit(work, unit).name, "sample": 10}


def _unit(work: Work, code: str) -> Unit:
    found = work.session.get(Unit, code)
    if found is None:
        raise NotFound
    require_auditor(work, code)
    return found


def _first_begun(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    return {"about": _about(work, _due(work, audit_id)), "sample": 10}


def _first_completed(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    """Nobody writes findings that another has written meanwhile."""
    return {"about": _about(work, _begun_one(work, audit_id))}


def _first_signed(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    return {"about": _about(work, _completed_one(work, audit_id))}


def _about(work: Work, audit: LogOnAudit) -> str:
    return work.session.get_one(Unit, audit.unit).name


def _in_state(work: Work, audit_id: UUID, state: str, otherwise: str, *, lock: bool) -> LogOnAudit:
    """For who audits there. Raises Refusal R34, which says what is wrong, where it stands in another state."""
    audit = audit_or_404(work, audit_id, lock=lock)
    require_auditor(work, audit.unit)
    if audit.state != state:
        raise Refusal("R34", what=otherwise)
    return audit


def _due(work: Work, audit_id: UUID, *, lock: bool = False) -> LogOnAudit:
    return _in_state(work, audit_id, "due", "This audit has begun already.", lock=lock)


def _begun_one(work: Work, audit_id: UUID, *, lock: bool = False) -> LogOnAudit:
    once = "Findings are written once, after the sample has been drawn."
    return _in_state(work, audit_id, "begun", once, lock=lock)


def _completed_one(work: Work, audit_id: UUID, *, lock: bool = False) -> LogOnAudit:
    """By another than who completed it, or by the CPC."""
    only = "Only an audit with findings that is not signed yet can be signed off."
    audit = _in_state(work, audit_id, "completed", only, lock=lock)
    own = audit.completed_by == work.principal.person_id
    code = why_not_sign(standing_to(work, audit.unit), own=own)
    if code is not None:
        raise Refusal(code, contact=cpc_contact(work, audit.unit), subject="audit")
    return audit


@service.command(
    "log_on_audit.begin",
    path="/log-on-audits/of/<unit>",
    input=BeginInput,
    answer=AuditIdAnswer,
    form=FormPage(
        title="Begin a log-on audit",
        button="Draw the sample",
        done="The sample has been drawn.",
        next=NEXT,
        cancel="/log-on-audits",
        path="/log-on-audits/of/<unit>/new",
        values=_about_unit,
    ),
)
def begin(work: Work, *, unit: str, period_from: date, period_to: date, sample: int) -> LogOnAudit:
    """PF-4.16o.1, PF-7/Central Support Token.3: the CPC, Central Support, or the LPC for the unit."""
    _unit(work, unit)
    if wrong := wrong_period(period_from, period_to, work.today):
        raise Invalid(wrong)
    audit = LogOnAudit(unit=unit, period_from=period_from, period_to=period_to, state="begun")
    work.session.add(audit)
    return _begun(work, audit, sample)


@service.command(
    "log_on_audit.begin_due",
    path="/log-on-audits/<uuid:audit_id>/begin",
    input=BeginDueInput,
    answer=AuditIdAnswer,
    form=FormPage(
        title="Begin the log-on audit",
        button="Draw the sample",
        done="The sample has been drawn.",
        next=NEXT,
        cancel="/log-on-audits/{audit_id}",
        values=_first_begun,
    ),
)
def begin_due(work: Work, *, audit_id: UUID, sample: int) -> LogOnAudit:
    """PF-5.10.6: what the schedule asks for."""
    audit = _due(work, audit_id, lock=True)
    audit.state = "begun"
    return _begun(work, audit, sample)


def _begun(work: Work, audit: LogOnAudit, sample: int) -> LogOnAudit:
    audit.begun_by, audit.begun_at = work.principal.person_id, work.now
    work.session.flush()
    drawn = draw(work, audit, sample)
    work.concerns(subject=("log_on_audit", audit.id), unit=audit.unit, sample=drawn)
    return audit


@service.command(
    "log_on_audit.complete",
    path="/log-on-audits/<uuid:audit_id>/findings",
    input=CompleteInput,
    answer=AuditIdAnswer,
    form=FormPage(
        title="Findings of the log-on audit",
        button="Save the findings",
        done="The findings are saved, and the CPC has been told.",
        next="/log-on-audits/{audit_id}",
        path="/log-on-audits/<uuid:audit_id>/findings/new",
        values=_first_completed,
    ),
)
def complete(work: Work, *, audit_id: UUID, findings: str, complies: str, actions: str) -> LogOnAudit:
    """PF-4.16o.2: what was found, whether it complies with the business model, and what follows."""
    audit = _begun_one(work, audit_id, lock=True)
    if complies != "yes" and not actions:
        raise Invalid({"actions": ["Say what is to be done about it."]})
    audit.findings, audit.complies, audit.actions, audit.state = findings, complies, actions, "completed"
    audit.completed_by, audit.completed_at = work.principal.person_id, work.now
    work.concerns(subject=("log_on_audit", audit.id), unit=audit.unit, complies=complies)
    agency = work.session.get_one(Unit, audit.unit).agency
    data = {"audit_id": audit.id, "unit": audit.unit}
    to = [cpc_concerned(work.session, audit.unit, agency)]
    work.emit(LOG_ON_AUDIT_COMPLETED, data, aggregate=("log_on_audit", audit.id), to=to)
    return audit


@service.command(
    "log_on_audit.sign",
    path="/log-on-audits/<uuid:audit_id>/signature",
    input=Nothing,
    answer=AuditIdAnswer,
    form=FormPage(
        title="Sign the log-on audit off",
        button="Sign off",
        done="The audit is signed off.",
        next="/log-on-audits/{audit_id}",
        path="/log-on-audits/<uuid:audit_id>/signature/new",
        values=_first_signed,
    ),
)
def sign(work: Work, *, audit_id: UUID) -> LogOnAudit:
    """Once; whoever may is told of it before they press the button."""
    audit = _completed_one(work, audit_id, lock=True)
    audit.signed_by, audit.signed_at, audit.state = work.principal.person_id, work.now, "signed"
    work.concerns(subject=("log_on_audit", audit.id), unit=audit.unit)
    agency = work.session.get_one(Unit, audit.unit).agency
    data = {"audit_id": audit.id, "unit": audit.unit}
    work.emit(LOG_ON_AUDIT_SIGNED, data, aggregate=("log_on_audit", audit.id), agencies=[agency])
    return audit
