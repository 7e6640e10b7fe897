"""The CPC's decision about an assessed terminal (PF-6.5.2): nobody else's, Central Support's and admin's included."""

from __future__ import annotations

from uuid import UUID

from services.identity.service import service
from services.identity.terminals.checklist import not_met
from services.identity.terminals.models import Assessment, Terminal
from services.identity.terminals.rules import Assessed, why_not_approve, why_not_decide
from services.identity.terminals.schemas import DecideInput, DeclineInput, TerminalAnswer
from services.identity.terminals.standing import (
    check,
    leads_of,
    others,
    standing_to,
    terminal_or_404,
    waiting_assessment,
)
from shared.declarations import FormPage
from shared.events.identity.terminals import TERMINAL_APPROVED, TERMINAL_DECLINED
from shared.events.registry import EventKind
from shared.refusals import Refusal
from shared.time.calendars import start_of_day
from shared.time.periods import due
from shared.work import Concerned, Work


def about(work: Work, terminal_id: UUID) -> dict[str, str]:
    found = terminal_or_404(work, terminal_id, lock=False)
    check(work, found.unit, why_not_decide(standing_to(work.session, work.principal, found.unit)))
    return {"about": f"{found.asset_tag}, {found.room}"}


@service.command(
    "terminals.approve",
    path="/terminals/<uuid:terminal_id>/approve",
    input=DecideInput,
    answer=TerminalAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Approve a terminal",
        button="Approve the terminal",
        done="The terminal has been approved. Make its enrolment code next, unless it has its key already.",
        next="/terminals/{terminal_id}",
        values=about,
    ),
)
def approve(work: Work, *, terminal_id: UUID, note: str) -> Terminal:
    """PF-6.5.2, PF-5.10.3. R39 where a requirement is not met, R23 where the CPC did the assessment alone."""
    terminal = terminal_or_404(work, terminal_id)
    standing = standing_to(work.session, work.principal, terminal.unit)
    check(work, terminal.unit, why_not_decide(standing))
    _not_decided_yet(terminal)
    assessment = waiting_assessment(work.session, terminal.id)
    check(work, terminal.unit, why_not_approve(standing, assessed(work, terminal, assessment)))
    assert assessment is not None  # noqa: S101 - the rule has said so
    _decide(work, assessment, "approved", note)
    terminal.status, terminal.moved = "approved", False
    terminal.approved_by, terminal.approved_at = work.principal.person_id, work.system_now
    every = work.policy.period("terminals.reassurance_every", work.today)
    terminal.reassure_by = due(start_of_day(work.today), every, "ENG").day
    _tell(work, TERMINAL_APPROVED, terminal, assessment, leads_of(work, terminal.unit))
    return terminal


@service.command(
    "terminals.decline",
    path="/terminals/<uuid:terminal_id>/decline",
    input=DeclineInput,
    answer=TerminalAnswer,
    form=FormPage(
        title="Decline a terminal",
        button="Decline the terminal",
        done="The terminal has been declined. It can be assessed again.",
        next="/terminals/{terminal_id}",
        values=about,
    ),
)
def decline(work: Work, *, terminal_id: UUID, note: str) -> Terminal:
    """Back to registered: it is assessed again once what the CPC found wanting is mended."""
    terminal = terminal_or_404(work, terminal_id)
    check(work, terminal.unit, why_not_decide(standing_to(work.session, work.principal, terminal.unit)))
    _not_decided_yet(terminal)
    assessment = waiting_assessment(work.session, terminal.id)
    if assessment is None:
        raise Refusal("R34", what="No assessment of this terminal waits for a decision.")
    _decide(work, assessment, "declined", note)
    terminal.status = "registered"
    _tell(work, TERMINAL_DECLINED, terminal, assessment, leads_of(work, terminal.unit))
    return terminal


def assessed(work: Work, terminal: Terminal, assessment: Assessment | None) -> Assessed | None:
    """What the rule looks at."""
    if assessment is None:
        return None
    asks = work.principal.person_id
    return Assessed(
        not_met=not_met(assessment.answers),
        own=assessment.assessed_by == asks,
        vouched_by_another=assessment.vouched_by not in {None, asks},
        moved=terminal.moved,
        it_signed=assessment.it_signed_on is not None,
    )


def _not_decided_yet(terminal: Terminal) -> None:
    if terminal.status == "approved":
        raise Refusal("R34", what="This terminal is approved already.")


def _decide(work: Work, assessment: Assessment, outcome: str, note: str) -> None:
    assessment.outcome, assessment.decision_note = outcome, note or None
    assessment.decided_by, assessment.decided_at = work.principal.person_id, work.system_now


def _tell(
    work: Work, kind: EventKind, terminal: Terminal, assessment: Assessment, people: list[Concerned]
) -> None:
    data = {"terminal_id": terminal.id, "unit": terminal.unit, "assessment_id": assessment.id}
    agency = people[0].agency
    work.emit(kind, data, aggregate=("terminal", terminal.id), to=others(work, people), agencies=(agency,))
