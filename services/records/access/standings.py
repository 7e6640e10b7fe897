"""The one visibility predicate: every list, search, count, feed and export of nominals joins it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, Subquery, false, literal, or_, select, union_all
from sqlalchemy.orm import Session

from services.records.access.models import Conflict, Listed, Partnership
from services.records.access.rules import MERGED, Reach, reach
from services.records.nominals.models import Nominal
from shared.access.principal import Principal


def standings(principal: Principal) -> Subquery:
    """(nominal_id, standing), a row for each way in which the principal stands to a nominal.

    The same decision as `rules.standings_of`, for all nominals at once; somebody with two standings has two
    rows, so join a `distinct` or `exists` where each nominal counts once.
    """
    branches = [*_by_name(principal), *_by_unit(principal, reach(principal))]
    if not branches:
        branches = [_standing("none").where(false())]
    joined: CompoundSelect[Any] = union_all(*branches)
    return joined.subquery("standings")


def _by_name(principal: Principal) -> list[Select[Any]]:
    who = principal.person_id
    found = []
    if principal.holds("manager"):
        found.append(_standing("manager").where(Nominal.manager_id == who, _open_to(principal)))
    if principal.holds("supervisor"):
        found.append(_standing("supervisor").where(Nominal.supervisor_id == who, _open_to(principal)))
    if principal.holds("partner"):
        joined = _standing("partner").join(Partnership, Partnership.nominal_id == Nominal.id)
        found.append(joined.where(partnered(principal), _open_to(principal)))
    return found


def _by_unit(principal: Principal, units: Reach) -> list[Select[Any]]:
    found = []
    if units.lpc:
        found.append(_standing("lpc").where(Nominal.managing_unit.in_(units.lpc), _open_to(principal)))
    if units.central_support:
        own = Nominal.owner_unit.in_(units.central_support)
        found.append(_standing("central_support").where(own, _open_to(principal)))
    if units.cpc:
        found.append(_standing("cpc").where(Nominal.owner_unit.in_(units.cpc), ~declared(principal)))
    if units.deputy:
        found.append(_standing("deputy").where(Nominal.owner_unit.in_(units.deputy), ~declared(principal)))
    return found


def _standing(name: str) -> Any:
    """To a record that was merged into another nobody stands."""
    stands = select(Nominal.id.label("nominal_id"), literal(name).label("standing"))
    return stands.where(Nominal.status != MERGED)


def partnered(principal: Principal) -> Any:
    """The principal's own partnerships that count now."""
    return (Partnership.person_id == principal.person_id) & Partnership.ended_at.is_(None)


def on_list(principal: Principal) -> Any:
    return (
        select(Listed.id)
        .where(Listed.nominal_id == Nominal.id, Listed.person_id == principal.person_id)
        .correlate(Nominal)
        .exists()
    )


def declared(principal: Principal) -> Any:
    """The principal declared a conflict of interest with this nominal."""
    return (
        select(Conflict.id)
        .where(
            Conflict.nominal_id == Nominal.id,
            Conflict.person_id == principal.person_id,
            Conflict.ended_at.is_(None),
        )
        .correlate(Nominal)
        .exists()
    )


# The same for statements that are written out, over a nominal called n, for the person %(who)s.
DECLARED = """EXISTS (
    SELECT 1 FROM conflict_of_interest k WHERE k.nominal_id = n.id AND k.person_id = %(who)s AND k.ended_at IS NULL)"""


def _open_to(principal: Principal) -> Any:
    return or_(~Nominal.limited_access, on_list(principal)) & ~declared(principal)


def hidden_among(session: Session, principal: Principal, nominal_ids: Sequence[UUID]) -> set[UUID]:
    """Of these those that are hidden from the principal; asks nothing where there are none."""
    if not nominal_ids:
        return set()
    found = hidden_from(principal).where(Nominal.id.in_(nominal_ids))
    return set(session.execute(found).scalars())


def hidden_from(principal: Principal) -> Select[Any]:
    """The nominals of which this principal may know no more than that there is a record (PF-4.16l.2).

    The same as `rules.shut_out`; add a `where` that says which nominals are asked about.
    """
    over = standings(principal)
    reached = (
        select(over.c.nominal_id)
        .where(over.c.nominal_id == Nominal.id, over.c.standing.in_(("cpc", "deputy")))
        .correlate(Nominal)
        .exists()
    )
    limited = Nominal.limited_access & ~on_list(principal) & ~reached
    return select(Nominal.id).where(limited | declared(principal))
