"""For which units a principal oversees who looks at records: those of whom they are the CPC or her deputy."""

from __future__ import annotations

from services.records.access.rules import reach
from shared.access.principal import Principal
from shared.directory import read_model
from shared.work import Work

WHOM = "a CPC, or who acts for one"


def oversees(principal: Principal) -> bool:
    units = reach(principal)
    return bool(units.cpc | units.deputy)


def units_overseen(work: Work) -> frozenset[str]:
    """Areas and forces with every unit below them."""
    units = reach(work.principal)
    return frozenset[str]().union(
        *(read_model.below(work.session, code) for code in units.cpc | units.deputy)
    )
