"""The risk assessment of a terminal's place, by the lead or the CPC, and the lead's word beside the CPC's own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.identity.service import service
from services.identity.terminals.checklist import answers, not_met
from services.identity.terminals.models import ONE_OPEN_ASSESSMENT, Assessment, Terminal
from services.identity.terminals.rules import Standing, why_not_assess, why_not_look_after, why_not_vouch
from services.identity.terminals.schemas import AssessInput, TerminalAnswer
from services.identity.terminals.standing import (
    check,
    cpc_of,
    leads_of,
    standing_to,
    terminal_or_404,
    waiting_assessment,
)
from shared.declarations import FormPage
from shared.events.identity.terminals import TERMINAL_ASSESSED
from shared.refusals import Invalid, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

_WAITS = "An assessment of this terminal waits for the CPC already."
service.constraints[ONE_OPEN_ASSESSMENT] = lambda: Refusal("R34", what=_WAITS)


def about(work: Work, terminal_id: UUID) -> dict[str, str]:
    """Which terminal a form is about."""
    found = terminal_or_404(work, terminal_id, lock=False)
    check(work, found.unit, why_not_look_after(standing_to(work.session, work.principal, found.unit)))
    return {"about": f"{found.asset_tag}, {found.room}"}


def about_vouching(work: Work, terminal_id: UUID) -> dict[str, str]:
    found = terminal_or_404(work, terminal_id, lock=False)
    check(work, found.unit, why_not_vouch(standing_to(work.session, work.principal, found.unit)))
    return {"about": f"{found.asset_tag}, {found.room}"}


@service.command(
    "terminals.assess",
    path="/terminals/<uuid:terminal_id>/assessments",
    input=AssessInput,
    answer=TerminalAnswer,
    form=FormPage(
        path="/terminals/<uuid:terminal_id>/assess",
        title="Assess a terminal",
        button="Send to the CPC",
        done="The assessment has been recorded. The CPC decides.",
        next="/terminals/{terminal_id}",
        values=about,
    ),
)
def assess(
    work: Work,
    *,
    terminal_id: UUID,
    met: list[str],
    standards: list[str],
    note: str,
    it_manager: str | None,
    it_reference: str | None,
    it_signed_on: date | None,
) -> Terminal:
    """PF-6.4.2, PF-6.5.1. A terminal that moved needs the local IT manager's signature too (PSI-5.3.8.2, C-13)."""
    terminal = terminal_or_404(work, terminal_id)
    standing = standing_to(work.session, work.principal, terminal.unit)
    check(work, terminal.unit, why_not_look_after(standing))
    waiting = waiting_assessment(work.session, terminal.id) is not None
    if why := why_not_assess(terminal.status, terminal.withdrawn_reason, waiting):
        raise Refusal("R34", what=why)
    if terminal.moved and it_manager is None:
        raise Invalid({"it_manager": ["The terminal moved: the local IT manager signs for the new place."]})
    if it_signed_on is not None and it_signed_on > work.today:
        raise Invalid({"it_signed_on": ["The date of the sign-off must not be in the future."]})
    assessment = Assessment(
        terminal_id=terminal.id,
        room=terminal.room,
        answers=answers(met, work.today),
        standards=standards,
        note=note,
        assessed_by=work.principal.person_id,
        assessed_as="lead" if standing.lead else "cpc",
        assessed_at=work.system_now,
        it_manager=it_manager,
        it_reference=it_reference,
        it_signed_on=it_signed_on,
    )
    work.session.add(assessment)
    terminal.status, terminal.withdrawn_reason = "assessed", None
    work.session.flush()
    tell_assessed(work, terminal, assessment, needs_lead=_needs_lead(standing, assessment))
    return terminal


@service.command(
    "terminals.vouch",
    path="/terminals/<uuid:terminal_id>/vouch",
    input=Nothing,
    answer=TerminalAnswer,
    form=FormPage(
        title="Assure the CPC of a terminal",
        button="I have seen the place and agree",
        done="Your assurance stands beside the assessment.",
        next="/terminals/{terminal_id}",
        values=about_vouching,
        intro="The CPC assessed this terminal and cannot approve their own assessment alone. Say that its place meets"
        " the physical security requirements of SyOPs.",
    ),
)
def vouch(work: Work, *, terminal_id: UUID) -> Terminal:
    """PF-7/ViSOR Lead.4, PF-5.10.3: the lead's assurance beside an assessment that somebody else did."""
    terminal = terminal_or_404(work, terminal_id)
    check(work, terminal.unit, why_not_vouch(standing_to(work.session, work.principal, terminal.unit)))
    assessment = waiting_assessment(work.session, terminal.id)
    if assessment is None:
        raise Refusal("R34", what="No assessment of this terminal waits for a decision.")
    if assessment.assessed_by == work.principal.person_id:
        raise Refusal("R23", subject="terminal assessment")
    if assessment.vouched_by is None:
        assessment.vouched_by, assessment.vouched_at = work.principal.person_id, work.system_now
        tell_assessed(work, terminal, assessment, needs_lead=False)
    return terminal


def tell_assessed(work: Work, terminal: Terminal, assessment: Assessment, *, needs_lead: bool) -> None:
    people = leads_of(work, terminal.unit) if needs_lead else [cpc_of(work, terminal.unit)]
    data = {
        "terminal_id": terminal.id,
        "unit": terminal.unit,
        "assessment_id": assessment.id,
        "approvable": not not_met(assessment.answers),
        "needs_lead": needs_lead,
    }
    work.emit(TERMINAL_ASSESSED, data, aggregate=("terminal", terminal.id), to=people)


def _needs_lead(standing: Standing, assessment: Assessment) -> bool:
    """The CPC's own assessment, of a place that may be approved, waits for the lead first."""
    return standing.cpc and not not_met(assessment.answers)
