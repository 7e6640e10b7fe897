"""Grants that begin or end by their day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from services.identity.directory import log
from services.identity.service import service
from services.identity.tokens.ending import end_grant
from services.identity.tokens.granting import tell_granted
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.tokens.table import tokens
from shared.work import About, Work

_AT_ONCE = 100


@service.each_tick_first
def turn_grants(work: Work) -> int:
    """End what has had its last day, then start what is due, so that who follows finds the place free."""
    changed = [_ended(work, grant) for model in (TokenGrant, RoleGrant) for grant in _over(work, model)]
    work.session.flush()
    changed += [_started(work, grant) for model in (TokenGrant, RoleGrant) for grant in _due(work, model)]
    log.changed(work, people=[grant.person_id for grant in changed])
    return len(changed)


def _due(work: Work, model: Any) -> list[Any]:
    due = model.started_at.is_(None) & (model.valid_from <= work.today)
    return _claimed(work, model, due & ~_taken() if model is TokenGrant else due)


def _taken() -> Any:
    """Somebody holds the one token of this unit still: who follows waits until they hand over."""
    held = aliased(TokenGrant)
    same = (held.token == TokenGrant.token) & (held.unit == TokenGrant.unit)
    only_one = TokenGrant.token.in_([name for name, row in tokens().items() if row.one])
    return only_one & exists().where(same, held.started_at.is_not(None), held.ended_at.is_(None))


def _over(work: Work, model: Any) -> list[Any]:
    return _claimed(work, model, model.valid_to < work.today)


def _claimed(work: Work, model: Any, condition: Any) -> list[Any]:
    found = select(model).where(model.ended_at.is_(None), condition).order_by(model.id).limit(_AT_ONCE)
    return list(work.session.execute(found.with_for_update(skip_locked=True)).scalars())


def _started(work: Work, grant: TokenGrant | RoleGrant) -> TokenGrant | RoleGrant:
    grant.started_at = work.system_now
    if isinstance(grant, TokenGrant):
        tell_granted(work, grant)
    work.audit("grants.start", About("grant", grant.id))
    return grant


def _ended(work: Work, grant: TokenGrant | RoleGrant) -> TokenGrant | RoleGrant:
    if isinstance(grant, TokenGrant):
        end_grant(work, grant, "Its last day has passed")
    else:
        grant.ended_at, grant.end_reason = work.system_now, "Its last day has passed"
    work.audit("grants.end", About("grant", grant.id))
    return grant
