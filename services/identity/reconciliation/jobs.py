"""The night's statement of what still waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.identity.people.models import Unit
from services.identity.reconciliation.models import Stating
from services.identity.reconciliation.occasions import occasions
from services.identity.service import service
from shared.events.identity.reconciliation import OCCASIONS
from shared.reconciliation.nightly import TASK, Nightly, State, state_occasions
from shared.work import Work


def _parts() -> Iterator[tuple[str, State]]:
    return state_occasions(OCCASIONS, occasions(), Unit.code, Unit.agency)


_NIGHTLY = Nightly(Stating, _parts)
state_some = _NIGHTLY.state_some


@service.each_tick
def begin_at_night(work: Work) -> None:
    _NIGHTLY.begin(work)


@service.task(TASK, step=state_some)
def stated(work: Work, payload: Mapping[str, Any]) -> None:
    """All is said."""
