"""For which areas, groups and forces a principal answers for the quality of records."""

from __future__ import annotations

from services.records.access.rules import reach
from shared.access.principal import Principal
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.refusals import Refusal
from shared.work import Work

LEAD = "visor_lead"


def overseen(principal: Principal) -> frozenset[str]:
    """Of whom one is the CPC, a prison group's too, or her deputy (PF-0.8)."""
    units = reach(principal)
    return units.cpc | units.deputy


def owner_of(work: Work, unit: str) -> str | None:
    """The area, group or force at or above this unit of which one is the CPC."""
    owners = overseen(work.principal)
    return next((code for code in read_model.above(work.session, unit) if code in owners), None)


def own_owner(work: Work) -> str:
    """The area, group or force of which one is the CPC, the first where they are several. Raises R24."""
    owners = overseen(work.principal)
    if not owners:
        raise refuse(work, work.principal.unit)
    return min(owners)


def refuse(work: Work, unit: str) -> Refusal:
    """R24: only the CPC."""
    return Refusal("R24", contact=contact("CPC", read_model.owning_cpc(work.session, unit)))
