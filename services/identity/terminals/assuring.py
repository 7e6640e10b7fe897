"""The yearly assurance of an approved terminal by the ViSOR lead (PF-5.9.3, PF-7/ViSOR Lead.4)."""

from __future__ import annotations

from uuid import UUID

from services.identity.service import service
from services.identity.terminals.assessing import about_vouching
from services.identity.terminals.checklist import answers, not_met
from services.identity.terminals.models import Assurance, Terminal
from services.identity.terminals.rules import why_not_vouch
from services.identity.terminals.schemas import AssureInput, TerminalAnswer
from services.identity.terminals.standing import (
    check,
    cpc_of,
    open_assurance,
    others,
    standing_to,
    terminal_or_404,
)
from services.identity.terminals.withdrawing import withdraw
from shared.declarations import FormPage
from shared.events.identity.terminals import TERMINAL_ASSURED
from shared.refusals import Refusal
from shared.time.calendars import start_of_day
from shared.time.periods import due
from shared.work import Work


@service.command(
    "terminals.assure",
    path="/terminals/<uuid:terminal_id>/assurances",
    input=AssureInput,
    answer=TerminalAnswer,
    form=FormPage(
        path="/terminals/<uuid:terminal_id>/assure",
        title="Assure a terminal",
        button="Give the assurance",
        done="The assurance has been recorded.",
        next="/terminals/{terminal_id}",
        values=about_vouching,
        intro="Where a requirement is not met any more the terminal is withdrawn at once, and the CPC is told.",
    ),
)
def assure(work: Work, *, terminal_id: UUID, met: list[str]) -> Terminal:
    """Before it is asked for too; the next year counts from the day on which it is given."""
    terminal = terminal_or_404(work, terminal_id)
    check(work, terminal.unit, why_not_vouch(standing_to(work.session, work.principal, terminal.unit)))
    if terminal.status != "approved" or terminal.reassure_by is None:
        raise Refusal("R34", what="Only an approved terminal is assured; this one is not.")
    given = answers(met, work.today)
    if not_met(given):
        work.concerns(missed=len(not_met(given)), sessions_ended=withdraw(work, terminal, "not_assured"))
        return terminal
    assurance = open_assurance(work.session, terminal.id) or _unasked(work, terminal)
    assurance.answers, assurance.given_by = given, work.principal.person_id
    assurance.closed_at = work.system_now
    every = work.policy.period("terminals.reassurance_every", work.today)
    terminal.reassure_by = due(start_of_day(work.today), every, "ENG").day
    cpc = cpc_of(work, terminal.unit)
    data = {"terminal_id": terminal.id, "unit": terminal.unit, "assurance_id": assurance.id}
    work.emit(
        TERMINAL_ASSURED,
        data,
        aggregate=("terminal", terminal.id),
        to=others(work, [cpc]),
        agencies=(cpc.agency,),
    )
    return terminal


def _unasked(work: Work, terminal: Terminal) -> Assurance:
    """One given before anybody asked."""
    assert terminal.reassure_by is not None  # noqa: S101 - an approved terminal has its day
    made = Assurance(terminal_id=terminal.id, due_on=terminal.reassure_by, asked_at=work.system_now)
    work.session.add(made)
    work.session.flush()
    return made
