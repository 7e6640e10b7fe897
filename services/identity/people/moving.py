"""Moving somebody to another unit: tokens go along within the area, and end where another CPC answers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from services.identity.accounts import telling
from services.identity.accounts.finding import (
    first_authority,
    person_or_404,
    require_authority,
    unit_or_invalid,
)
from services.identity.accounts.models import RequestNominee
from services.identity.accounts.positions import wrong_position
from services.identity.directory import log
from services.identity.people.changing_schemas import MovedAnswer, MoveInput
from services.identity.people.models import Agency, Person, Unit
from services.identity.people.moving_rules import fate
from services.identity.people.units import above
from services.identity.service import service
from services.identity.sessions.ending import end_sessions_of
from services.identity.tokens.ending import end_grant
from services.identity.tokens.granting import tell_granted
from services.identity.tokens.holders import roles_of
from services.identity.tokens.models import TokenGrant
from shared.declarations import FormPage
from shared.events.identity.accounts import ACCOUNT_MOVED
from shared.refusals import Invalid, Refusal
from shared.work import Work

MOVED = "Moved to another unit"
# What one CPC answers for (PF-4.8, PF-5.4).
_ANSWERED_FOR = ("mappa_area", "prison_group", "force", "national")


@service.command(
    "people.move",
    path="/people/<uuid:person_id>/unit",
    input=MoveInput,
    answer=MovedAnswer,
    recent_sign_in=True,
    form=FormPage(
        values=first_authority("account"),
        path="/people/<uuid:person_id>/unit/change",
        title="Move to another unit",
        button="Move",
        done="They have moved. Both CPCs are told.",
        next="/people/{person_id}/access",
        intro="Within the area their tokens go along. Elsewhere they end, and the CPC there grants new ones.",
    ),
)
def move(work: Work, *, person_id: UUID, unit: str, position: str, reason: str) -> dict[str, int]:
    """By the CPC whom they leave, or an administrator. Both CPCs are told."""
    person = person_or_404(work, person_id, lock=True)
    place = unit_or_invalid(work, unit)
    work.concerns(subject=("person", person.id), unit=place.code, private=reason)
    require_authority(work, person, "account")
    if person.state == "archived":
        raise Refusal("R34", what="This account is archived.")
    if place.code == person.unit:
        raise Invalid({"unit": ["They belong to this unit already."]})
    post = position or person.position
    if wrong := wrong_position(post, work.session.get_one(Agency, place.agency).kind):
        raise Invalid({"position": [wrong]})
    left, cpc_left = person.unit, telling.cpc(work, person)
    same = _area(work, left) == _area(work, place.code)
    person.unit, person.agency, person.position = place.code, place.agency, post
    done = _tokens(work, person, above(work.session, place.code), same_area=same)
    _posts(work, person, above(work.session, place.code))
    end_sessions_of(work, person.id, "moved")
    work.session.flush()
    to = {cpc_left: None, telling.cpc(work, person): None}
    data = {"person_id": person.id, "from_unit": left, "to_unit": place.code}
    work.emit(ACCOUNT_MOVED, data, aggregate=("person", person.id), to=to)
    log.changed(work, people=[person.id])
    return done


def _area(work: Work, unit: str) -> str | None:
    """The area, group or force that this unit lies in."""
    way_up = above(work.session, unit)
    kinds = {
        unit.code: unit.kind
        for unit in work.session.execute(select(Unit).where(Unit.code.in_(way_up))).scalars()
    }
    return next((code for code in way_up if kinds[code] in _ANSWERED_FOR), None)


def _tokens(work: Work, person: Person, new_areas: tuple[str, ...], *, same_area: bool) -> dict[str, int]:
    done = {"moved": 0, "ended": 0}
    held = select(TokenGrant).where(TokenGrant.person_id == person.id, TokenGrant.ended_at.is_(None))
    for grant in work.session.execute(held.with_for_update()).scalars().all():
        what = fate(grant.token, grant.unit, new_areas, same_area=same_area)
        if what == "keep":
            continue
        end_grant(work, grant, MOVED)
        work.session.flush()
        if what == "move":
            _again(work, grant, person.unit)
        done["moved" if what == "move" else "ended"] += 1
    return done


def _again(work: Work, grant: TokenGrant, unit: str) -> None:
    """The same token for the new unit, unless they hold it there already; suspended as it was."""
    there = select(TokenGrant.id).where(
        TokenGrant.person_id == grant.person_id,
        TokenGrant.token == grant.token,
        TokenGrant.unit == unit,
        TokenGrant.ended_at.is_(None),
    )
    if work.session.execute(there).first():
        return
    made = TokenGrant(
        token=grant.token,
        person_id=grant.person_id,
        unit=unit,
        valid_from=max(grant.valid_from, work.today),
        valid_to=grant.valid_to,
        granted_by=work.principal.person_id,
        granted_at=work.system_now,
        started_at=work.system_now if grant.started_at else None,
        suspended_at=grant.suspended_at,
        suspended_for=grant.suspended_for,
        authorised_by=grant.authorised_by,
        reason=MOVED,
        authority=grant.authority,
    )
    work.session.add(made)
    work.session.flush()
    if made.started_at:
        tell_granted(work, made)


def _posts(work: Work, person: Person, new_areas: tuple[str, ...]) -> None:
    """Roles and nominations of the units they left are over."""
    for role in roles_of(work.session, person.id):
        if role.unit not in new_areas:
            role.ended_at, role.ended_by = work.system_now, work.principal.person_id
            role.end_reason = MOVED
    named = update(RequestNominee).where(
        RequestNominee.person_id == person.id,
        RequestNominee.ended_at.is_(None),
        RequestNominee.unit.not_in(new_areas),
    )
    work.session.execute(named.values(ended_at=work.system_now, ended_by=work.principal.person_id))
