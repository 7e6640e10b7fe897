"""Who keeps up a unit's buildings: its CPC, a deputy of an absent one, and administrators anywhere."""

from __future__ import annotations

from services.identity.authority import Reach, anywhere, may_look_after
from services.identity.people.units import above
from services.identity.tokens.holders import cpc_contact
from shared.refusals import Refusal
from shared.work import Work


def may_keep(work: Work, unit: str) -> bool:
    return may_look_after(Reach(work.principal, above(work.session, unit)))


def keeps_any(work: Work) -> None:
    """Raises Refusal R24 for whoever keeps up the buildings of no unit."""
    if not may_look_after(anywhere(work.principal)):
        raise Refusal("R24", contact=cpc_contact(work, work.principal.unit))


def require_keeper(work: Work, unit: str) -> None:
    """R24 for everybody else: the CPC answers for the places of the area or group."""
    if not may_keep(work, unit):
        raise Refusal("R24", contact=cpc_contact(work, unit))
