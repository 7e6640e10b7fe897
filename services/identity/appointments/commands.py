"""Appointing to a role, ending it, and naming who is to follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.identity.accounts.finding import person_or_404, reach_of
from services.identity.appointments.models import RecordUpdate, Successor
from services.identity.appointments.rules import (
    Appointing,
    appointable,
    may_name_successor,
    needs_authority,
    warnings,
    why_not_appoint,
    why_not_end,
)
from services.identity.appointments.schemas import (
    POSTS,
    AppointAnswer,
    AppointInput,
    EndInput,
    SuccessorInput,
)
from services.identity.appointments.table import roles
from services.identity.appointments.telling import tell_appointed, tell_conflict, tell_ended
from services.identity.authority import Reach, anywhere
from services.identity.directory import log
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.sessions.ending import end_sessions_of
from services.identity.tokens.facts import check, for_cpc
from services.identity.tokens.granting import reasoned, terms_days
from services.identity.tokens.holders import cpc_contact
from services.identity.tokens.models import RoleGrant
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import level_held
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

service.constraints["uq_role_grant_open"] = lambda: Refusal("R34", what="This person already has that role.")


def _first_appointed(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Refuses before anybody types whoever appoints to no role; the list has those that one appoints to."""
    person = person_or_404(work, person_id)
    oneself = person.id == work.principal.person_id
    refused, found = appointable(anywhere(work.principal), reach_of(work, person), oneself=oneself)
    home = work.session.get_one(Unit, person.unit)
    check(work, refused, home)
    return {"about": about(person), "unit": person.unit, "roles": found}


@service.command(
    "roles.appoint",
    path="/people/<uuid:person_id>/roles",
    input=AppointInput,
    answer=AppointAnswer,
    recent_sign_in=True,
    form=FormPage(
        path="/people/<uuid:person_id>/roles/appoint",
        title="Appoint to a role",
        button="Appoint",
        done="The person has been appointed.",
        values=_first_appointed,
        next="/people/{person_id}/access",
    ),
)
def appoint(
    work: Work,
    *,
    person_id: UUID,
    role: str,
    unit: str,
    valid_from: date | None,
    valid_to: date | None,
    reason: str,
    note: str | None,
    authority: str | None,
) -> RoleGrant:
    """PF-5.9, PF-4.16b: by whom the catalogue says; what speaks against it is warned of and recorded."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), role=role, unit=unit)
    scope = _scope(work, role, unit)
    asked = _appointing(work, role, scope, person)
    check(work, why_not_appoint(asked), scope)
    starts, ends = terms_days(work, valid_from, valid_to)
    made = RoleGrant(
        role=role,
        person_id=person.id,
        unit=scope.code,
        valid_from=starts,
        valid_to=ends,
        granted_by=work.principal.person_id,
        granted_at=work.system_now,
        started_at=work.system_now if starts <= work.today else None,
        reason=reason,
        note=note,
        authority=_authority(asked, authority),
        warnings=list(reasoned(warnings(asked), note)),
        for_cpc=for_cpc(work, asked.unit),
    )
    work.session.add(made)
    work.session.flush()
    tell_appointed(work, made)
    if "updates_visor" in made.warnings:
        tell_conflict(work, made)
    log.changed(work, people=[person.id])
    return made


def _first_ended(work: Work, *, grant_id: UUID) -> dict[str, str]:
    """Says whose role it is, and refuses before anybody types."""
    found, person, _asked = _to_end(work, grant_id)
    return {"about": about(person, after=f": {roles()[found.role].label}")}


@service.command(
    "roles.end",
    path="/roles/<uuid:grant_id>/end",
    input=EndInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        title="End a role",
        button="End the role",
        done="The role has ended.",
        next="/people",
        intro="The person’s sessions end with it; they sign in again without the role.",
        values=_first_ended,
    ),
)
def end(work: Work, *, grant_id: UUID, reason: str, authority: str | None) -> None:
    """By whoever may appoint to it."""
    found, person, asked = _to_end(work, grant_id, lock=True)
    said = _authority(asked, authority)
    if found.ended_at is None:
        found.ended_at, found.ended_by = work.system_now, work.principal.person_id
        found.end_reason = reason if said is None else f"{reason} (on authority: {said})"[:500]
        tell_ended(work, found)
        end_sessions_of(work, person.id, "role_ended")
        log.changed(work, people=[person.id])


def _to_end(work: Work, grant_id: UUID, *, lock: bool = False) -> tuple[RoleGrant, Person, Appointing]:
    found = work.session.get(RoleGrant, grant_id, with_for_update=lock)
    if found is None or found.role not in roles():
        raise NotFound
    person = person_or_404(work, found.person_id)
    work.concerns(subject=("person", person.id), role=found.role, unit=found.unit)
    scope = work.session.get_one(Unit, found.unit)
    asked = _appointing(work, found.role, scope, person)
    check(work, why_not_end(asked), scope)
    return found, person, asked


def _first_followed(work: Work, *, unit: str) -> dict[str, Any]:
    """Refuses before anybody types whoever names the successor of no post there; the list has the others."""
    found = _unit_or_404(work, unit)
    reach = Reach(work.principal, above(work.session, unit))
    posts = tuple(post for post in POSTS if may_name_successor(reach, post))
    if not posts:
        raise Refusal("R24", contact=cpc_contact(work, unit))
    return {"about": found.name, "posts": posts}


def _unit_or_404(work: Work, unit: str) -> Unit:
    found = work.session.get(Unit, unit)
    if found is None:
        raise NotFound
    return found


@service.command(
    "successors.name",
    path="/units/<string:unit>/successors",
    input=SuccessorInput,
    answer=Done,
    form=FormPage(
        path="/units/<string:unit>/successors/name",
        title="Name who is to follow",
        button="Name the successor",
        done="The successor has been named.",
        next="/units/{unit}/posts",
        intro="So that a role is not left vacant. It gives nobody any right.",
        values=_first_followed,
    ),
)
def name_successor(work: Work, *, unit: str, post: str, username: str, note: str | None) -> None:
    """PI-3.8.5, PSI-5.3.6: succession planning is key to keep the roles covered."""
    _unit_or_404(work, unit)
    work.concerns(unit=unit, post=post)
    if not may_name_successor(Reach(work.principal, above(work.session, unit)), post):
        raise Refusal("R24", contact=cpc_contact(work, unit))
    asked = select(Person).where(Person.username == username.strip().lower())
    person = work.session.execute(asked).scalar_one_or_none()
    if person is None or not person.is_active:
        raise Invalid({"username": ["Nobody who can sign in has this user name."]})
    work.concerns(subject=("person", person.id))
    said = {
        "person_id": person.id,
        "note": note,
        "named_by": work.principal.person_id,
        "named_at": work.system_now,
    }
    row = insert(Successor).values(post=post, unit=unit, **said)
    work.session.execute(row.on_conflict_do_update(index_elements=["post", "unit"], set_=said))


def _scope(work: Work, role: str, unit: str) -> Unit:
    found = work.session.get(Unit, unit)
    if found is None:
        raise Invalid({"unit": ["There is no unit with this code."]})
    row = roles()[role]
    if not row.fits(found.kind):
        words = " or ".join(sorted(kind.replace("_", " ") for kind in row.unit_kinds))
        raise Invalid({"unit": [f"This role is held for a {words}."]})
    return found


def _appointing(work: Work, role: str, scope: Unit, person: Person) -> Appointing:
    session = work.session
    return Appointing(
        role=role,
        unit=Reach(work.principal, above(session, scope.code)),
        person=reach_of(work, person),
        oneself=person.id == work.principal.person_id,
        name=person.name,
        level=level_held(clearances(session, person.id, work.policy), work.today),
        job_title=person.job_title,
        updates=_updates(work, person.id),
    )


def _updates(work: Work, person_id: UUID) -> bool:
    back = work.policy.period("lead.update_duties", work.today).amount
    last = work.session.get(RecordUpdate, person_id)
    return last is not None and last.last_on > work.today - timedelta(days=back)


def _authority(asked: Appointing, authority: str | None) -> str | None:
    if not needs_authority(asked):
        return None
    if not authority:
        raise Invalid({"authority": ["Say on whose authority this is done, and where that is recorded."]})
    return authority
