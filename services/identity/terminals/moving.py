"""Moving and withdrawing terminals. One that moves opens nothing before its new place is approved (PSI-5.3.8.2)."""

from __future__ import annotations

from uuid import UUID

from services.identity.service import service
from services.identity.terminals.assessing import about
from services.identity.terminals.models import Terminal
from services.identity.terminals.registering import open_unit
from services.identity.terminals.rules import why_not_look_after
from services.identity.terminals.schemas import MoveInput, TerminalAnswer, WithdrawInput
from services.identity.terminals.standing import check, standing_to, terminal_or_404
from services.identity.terminals.withdrawing import withdraw
from shared.declarations import FormPage
from shared.refusals import Invalid, Refusal
from shared.work import Work


def _about_moving(work: Work, terminal_id: UUID) -> dict[str, str]:
    said = about(work, terminal_id)
    found = terminal_or_404(work, terminal_id, lock=False)
    return {**said, "unit": found.unit}


@service.command(
    "terminals.move",
    path="/terminals/<uuid:terminal_id>/move",
    input=MoveInput,
    answer=TerminalAnswer,
    form=FormPage(
        title="Move a terminal",
        button="Move and withdraw the terminal",
        done="The move has been recorded. The terminal is withdrawn until its new place is assessed and approved.",
        next="/terminals/{terminal_id}",
        values=_about_moving,
        intro="It is withdrawn at once, and whoever works at it is signed out within seconds. The new place is"
        " assessed, the local IT manager signs for it, and the CPC approves it.",
    ),
)
def move(work: Work, *, terminal_id: UUID, unit: str, room: str) -> Terminal:
    """To another prison only by somebody who looks after both."""
    terminal = terminal_or_404(work, terminal_id)
    check(work, terminal.unit, why_not_look_after(standing_to(work.session, work.principal, terminal.unit)))
    if terminal.withdrawn_reason == "retired":
        raise Refusal("R34", what="This terminal was taken out of use for good.")
    if (unit, room.casefold()) == (terminal.unit, terminal.room.casefold()):
        raise Invalid({"room": ["The terminal stands there already."]})
    open_unit(work, unit)
    check(work, unit, why_not_look_after(standing_to(work.session, work.principal, unit)))
    work.concerns(from_unit=terminal.unit, to_unit=unit, sessions_ended=withdraw(work, terminal, "moved"))
    terminal.unit, terminal.room, terminal.moved = unit, room, True
    return terminal


@service.command(
    "terminals.withdraw",
    path="/terminals/<uuid:terminal_id>/withdraw",
    input=WithdrawInput,
    answer=TerminalAnswer,
    form=FormPage(
        title="Withdraw a terminal",
        button="Withdraw the terminal",
        done="The terminal has been withdrawn.",
        next="/terminals/{terminal_id}",
        values=about,
        intro="Whoever works at it is signed out within seconds, and nobody signs in from it.",
    ),
)
def withdraw_terminal(work: Work, *, terminal_id: UUID, reason_code: str) -> Terminal:
    """By the lead or the CPC, at once: a place that is not secure any more cannot wait for anybody."""
    terminal = terminal_or_404(work, terminal_id)
    check(work, terminal.unit, why_not_look_after(standing_to(work.session, work.principal, terminal.unit)))
    if terminal.withdrawn_reason == "retired":
        raise Refusal("R34", what="This terminal was taken out of use for good.")
    work.concerns(reason=reason_code, sessions_ended=withdraw(work, terminal, reason_code))
    return terminal
