"""Deputyships that begin or end by their day, or because there is a CPC again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select

from services.identity.deputies.ending import end_deputyship
from services.identity.deputies.models import Deputyship
from services.identity.directory import log
from services.identity.service import service
from services.identity.tokens.holders import token_in_force
from services.identity.tokens.models import TokenGrant
from shared.work import About, Work

_AT_ONCE = 50


@service.each_tick_first
def turn_deputyships(work: Work) -> int:
    """Claimed by row lock, so that two ticks do each once."""
    over = [(found, "Its last day has passed") for found in _claimed(work, Deputyship.valid_to < work.today)]
    over += [(found, "A new CPC has been appointed") for found in _claimed(work, _cpc_is_new())]
    for found, reason in over:
        if found.ended_at is None:
            end_deputyship(work, found, reason)
            work.audit("deputies.end", About("deputyship", found.id))
    work.session.flush()
    begun = _claimed(work, Deputyship.started_at.is_(None) & (Deputyship.valid_from <= work.today))
    for found in begun:
        found.started_at = work.system_now
        work.audit("deputies.start", About("deputyship", found.id))
    changed = [*(found for found, _ in over), *begun]
    log.changed(work, people=[found.person_id for found in changed])
    return len(changed)


def _claimed(work: Work, due: ColumnElement[bool]) -> list[Deputyship]:
    found = select(Deputyship).where(Deputyship.ended_at.is_(None), due).order_by(Deputyship.id)
    return list(work.session.execute(found.limit(_AT_ONCE).with_for_update(skip_locked=True)).scalars())


def _cpc_is_new() -> ColumnElement[bool]:
    """A CPC who took office after the deputy was named needs no deputy of the one before."""
    return (Deputyship.ground != "cover") & exists().where(
        TokenGrant.token == "cpc",  # noqa: S105 - the name of an access right
        TokenGrant.unit == Deputyship.unit,
        TokenGrant.started_at > Deputyship.named_at,
        token_in_force(),
    )
