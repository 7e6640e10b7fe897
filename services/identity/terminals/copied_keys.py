"""What happens when a device key is seen in two places: the terminal is stopped, both browsers with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from services.identity.terminals.device_keys import CopiedKey
from services.identity.terminals.models import Terminal
from services.identity.terminals.withdrawing import withdraw
from services.identity.tokens.holders import cpc_contact
from shared.refusals import Refusal
from shared.runtime import Runtime
from shared.work import About

ACTION = "terminals.key_copied"


@contextmanager
def copies_stopped(runtime: Runtime) -> Iterator[None]:
    """Around a unit of work that locates: where it meets a copied key it is undone, and the terminal stopped."""
    try:
        yield
    except CopiedKey as copied:
        raise stop_copied(runtime, copied.terminal_id) from copied


def stop_copied(runtime: Runtime, terminal_id: UUID) -> Refusal:
    """Nobody can say which of the two is the copy, so neither key counts any more; the CPC and the lead are told.

    In a transaction of its own. Returns the refusal for whoever showed the replaced key (R43).
    """
    with runtime.system_work(ACTION) as work:
        terminal = work.session.get_one(Terminal, terminal_id, with_for_update=True)
        ended = withdraw(work, terminal, "key_copied") if terminal.status != "withdrawn" else 0
        about = About("terminal", terminal.id, facts={"unit": terminal.unit, "sessions_ended": ended})
        work.audit(ACTION, about, outcome="refused", refusal_code="R43")
        return Refusal("R43", contact=cpc_contact(work, terminal.unit))
