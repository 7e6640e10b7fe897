"""The areas, forces, groups and prisons that a compliance pack is of, each with all the units below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CTE, or_, select

from services.identity.people.models import Unit
from services.identity.scope import is_national, within
from shared.access.principal import Principal
from shared.reports.pack import HEAD_OF_PRISON, KINDS, PRISON, ROLES
from shared.time.calendars import end_of_day, start_of_day
from shared.work import Work


@dataclass(frozen=True)
class Asked:
    """The `places`, and the first and the last day; `tree` pairs each place's code (`top`) with every `code` in it."""

    work: Work
    places: Sequence[Unit]
    tree: CTE
    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The days as moments, for `between`."""
        return start_of_day(self.first), end_of_day(self.last)

    @property
    def over(self) -> date:
        """The last day that is over: what is due today may still be done."""
        return min(self.last, self.work.today - timedelta(days=1))


def answers(principal: Principal) -> bool:
    """And who sees account data everywhere (requirements, 4.2)."""
    return answers_for_a_place(principal) or is_national(principal)


def answers_for_a_place(principal: Principal, roles: Sequence[str] = ROLES) -> bool:
    held = principal.holds("cpc") or principal.has_role(*roles, HEAD_OF_PRISON)
    return held or bool(principal.deputy_for)


def asked(work: Work, first: date, last: date) -> Asked:
    places = _places(work)
    tops = select(Unit.code.label("top"), Unit.code.label("code"))
    tree = tops.where(Unit.code.in_([unit.code for unit in places])).cte("place", recursive=True)
    tree = tree.union(select(tree.c.top, Unit.code).where(Unit.parent == tree.c.code))
    return Asked(work, places, tree, first, last)


def _places(work: Work) -> list[Unit]:
    """A Governor answers for the prison itself, those above for groups and areas (PSI-5.1, PSI-1.2)."""
    me = work.principal
    theirs = Unit.code.in_(within(me, tokens=("cpc",), roles=ROLES)) & Unit.kind.in_(KINDS)
    own = Unit.code.in_(me.units_with_role(HEAD_OF_PRISON)) & (Unit.kind == PRISON)
    still = or_(Unit.closed_on.is_(None), Unit.closed_on > work.today)
    found = select(Unit).where(theirs | own, still).order_by(Unit.name, Unit.code)
    return list(work.session.execute(found).scalars())
