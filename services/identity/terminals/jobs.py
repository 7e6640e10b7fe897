"""What falls due about terminals: the yearly assurance, and the end of a leave to use Wi-Fi."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from services.identity.people.models import Unit
from services.identity.service import service
from services.identity.terminals.models import Assurance, Terminal, WifiGrant
from services.identity.terminals.rules import Stage, stage_on
from services.identity.terminals.standing import cpc_of, leads_of, open_assurance
from services.identity.terminals.wifi import end_grant
from shared.events.identity.terminals import TERMINAL_ASSURANCE_DUE
from shared.time.calendars import start_of_day
from shared.time.periods import due
from shared.work import About, Work

_AT_ONCE = 100


@service.each_tick
def ask_for_assurances(work: Work) -> int:
    """PF-5.9.3: the lead is asked before the day, reminded after it, and then the CPC is told; each once.

    Claims terminals by row lock, so that two ticks at once tell nobody twice.
    """
    before = work.policy.period("terminals.assurance_asked_before", work.today)
    horizon = due(start_of_day(work.today), before, "ENG").day
    unasked = Assurance.id.is_(None) & (Terminal.reassure_by <= horizon)
    waiting = (
        select(Terminal)
        .outerjoin(Assurance, (Assurance.terminal_id == Terminal.id) & Assurance.closed_at.is_(None))
        .where(Terminal.status == "approved", unasked | (Assurance.next_on <= work.today))
        .order_by(Terminal.reassure_by, Terminal.id)
        .limit(_AT_ONCE)
        .with_for_update(of=Terminal, skip_locked=True)
    )
    return sum(_advance(work, terminal) for terminal in work.session.execute(waiting).scalars().all())


@service.each_tick
def end_wifi_grants(work: Work) -> int:
    """A leave ends after its last day, and with it the sessions that it allowed."""
    over = select(WifiGrant).where(WifiGrant.ended_at.is_(None), WifiGrant.valid_to < work.today)
    found = work.session.execute(over.limit(_AT_ONCE).with_for_update(skip_locked=True)).scalars().all()
    for grant in found:
        end_grant(work, grant, "Its last day has passed")
        work.audit("wifi.end", About("wifi_grant", grant.id))
    return len(found)


def _advance(work: Work, terminal: Terminal) -> int:
    """To the stage of today: what was missed while nobody ticked is not told step by step."""
    assert terminal.reassure_by is not None  # noqa: S101 - the query asked for it
    assurance = open_assurance(work.session, terminal.id)
    due_on = assurance.due_on if assurance else terminal.reassure_by
    stage, next_on = stage_on(due_on, _escalated_on(work, terminal, due_on), work.today)
    if assurance is None:
        assurance = Assurance(terminal_id=terminal.id, due_on=due_on, asked_at=work.system_now)
        work.session.add(assurance)
    elif assurance.stage == stage:  # another tick was here
        return 0
    assurance.stage, assurance.next_on = stage, next_on
    work.session.flush()
    _tell(work, terminal, assurance, stage)
    return 1


def _escalated_on(work: Work, terminal: Terminal, due_on: date) -> date:
    jurisdiction = work.session.get_one(Unit, terminal.unit).jurisdiction
    after = work.policy.period("terminals.assurance_escalated_after", work.today)
    return due(start_of_day(due_on), after, jurisdiction).day


def _tell(work: Work, terminal: Terminal, assurance: Assurance, stage: Stage) -> None:
    people = [cpc_of(work, terminal.unit)] if stage == "escalated" else leads_of(work, terminal.unit)
    data = {
        "terminal_id": terminal.id,
        "unit": terminal.unit,
        "assurance_id": assurance.id,
        "due_on": assurance.due_on,
        "stage": stage,
    }
    work.emit(TERMINAL_ASSURANCE_DUE, data, aggregate=("terminal", terminal.id), to=people)
    work.audit("terminals.assurance_due", About("terminal", terminal.id, facts={"stage": stage}))
