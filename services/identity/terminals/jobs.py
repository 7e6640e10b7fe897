"""What falls due about terminals: the yearly assurance, and the end of a leave to use Wi-Fi."""

from __future__ import annotations

from sqlalchemy import select

from services.identity.people.models import Unit
from services.identity.service import service
from services.identity.terminals.models import Assurance, Terminal, WifiGrant
from services.identity.terminals.standing import leads_of, open_assurance
from services.identity.terminals.wifi import end_grant
from shared.events.identity.terminals import TERMINAL_ASSURANCE_DUE
from shared.time.calendars import start_of_day
from shared.time.periods import due
from shared.work import About, Work

_AT_ONCE = 100


@service.each_tick
def ask_for_assurances(work: Work) -> int:
    """PF-5.9.3: the lead is asked before the day, once; its clock reminds them, and tells the CPC (D-48).

    Claims terminals by row lock, so that two ticks at once ask nobody twice.
    """
    before = work.policy.period("terminals.assurance_asked_before", work.today)
    horizon = due(start_of_day(work.today), before, "ENG").day
    asked = select(Assurance.id).where(Assurance.terminal_id == Terminal.id, Assurance.closed_at.is_(None))
    waiting = (
        select(Terminal)
        .where(Terminal.status == "approved", Terminal.reassure_by <= horizon, ~asked.exists())
        .order_by(Terminal.reassure_by, Terminal.id)
        .limit(_AT_ONCE)
        .with_for_update(of=Terminal, skip_locked=True)
    )
    found = work.session.execute(waiting).scalars().all()
    return sum(_ask(work, terminal) for terminal in found)


@service.each_tick_first
def end_wifi_grants(work: Work) -> int:
    """A leave ends after its last day, and with it the sessions that it allowed."""
    over = select(WifiGrant).where(WifiGrant.ended_at.is_(None), WifiGrant.valid_to < work.today)
    found = work.session.execute(over.limit(_AT_ONCE).with_for_update(skip_locked=True)).scalars().all()
    for grant in found:
        end_grant(work, grant, "Its last day has passed")
        work.audit("wifi.end", About("wifi_grant", grant.id))
    return len(found)


def _ask(work: Work, terminal: Terminal) -> bool:
    if open_assurance(work.session, terminal.id) is not None:  # another tick was here
        return False
    assert terminal.reassure_by is not None  # noqa: S101 - the query asked for it
    asked = Assurance(terminal_id=terminal.id, due_on=terminal.reassure_by, asked_at=work.system_now)
    work.session.add(asked)
    work.session.flush()
    data = {
        "terminal_id": terminal.id,
        "unit": terminal.unit,
        "assurance_id": asked.id,
        "due_on": asked.due_on,
        "jurisdiction": work.session.get_one(Unit, terminal.unit).jurisdiction,
    }
    work.emit(
        TERMINAL_ASSURANCE_DUE, data, aggregate=("terminal", terminal.id), to=leads_of(work, terminal.unit)
    )
    work.audit("terminals.assurance_due", About("terminal", terminal.id))
    return True
