"""Putting somebody forward: from here on they are vetted, sign, are trained, and are asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.identity.accounts import telling
from services.identity.accounts.finding import (
    by_user_name,
    is_nominee,
    named_for,
    onboarding_of,
    person_or_404,
    reach_of,
    reach_of_unit,
    unit_or_invalid,
)
from services.identity.accounts.models import Onboarding
from services.identity.accounts.newcomer_schemas import NominateInput, PersonAnswer, PriorityInput
from services.identity.accounts.positions import positions, wrong_position
from services.identity.accounts.rules import NOMINATORS, may_nominate, user_name
from services.identity.authority import Reach, anywhere
from services.identity.people.models import Agency, Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage
from shared.events.identity.accounts import ACCOUNT_NOMINATED
from shared.refusals import Invalid, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

service.constraints["uq_person_username"] = lambda: Refusal("R34", what="Somebody else has this user name.")


def _first_nominated(work: Work) -> dict[str, Any]:
    """Refuses before anybody types whoever could nominate for no unit at all."""
    held, named = anywhere(work.principal), named_for(work)
    _check_may(work, Reach(work.principal, (*held.areas, *named)), work.principal.unit)
    return {}


@service.command(
    "accounts.nominate",
    path="/people",
    input=NominateInput,
    answer=PersonAnswer,
    status=201,
    form=FormPage(
        path="/onboarding/nominate",
        title="Nominate somebody for ViSOR",
        button="Nominate",
        done="The nomination has been recorded, and the CPC is told.",
        next="/people/{id}/onboarding",
        cancel="/onboarding",
        intro="The CPC sees the nomination. Vetting, SyOPs and training follow; then the account can be asked for.",
        values=_first_nominated,
    ),
)
def nominate(
    work: Work,
    *,
    name: str,
    position: str,
    job_title: str,
    email: str,
    telephone: str,
    unit: str,
    line_manager: str,
    priority: str,
) -> Person:
    """PF-5.9.4: a ViSOR lead, or whoever else knows whom to train, starts somebody's onboarding."""
    place = unit_or_invalid(work, unit)
    reach = reach_of_unit(work, place.code)
    _check_may(work, reach, place.code)
    if wrong := wrong_position(position, work.session.get_one(Agency, place.agency).kind):
        raise Invalid({"position": [wrong]})
    manager = by_user_name(work, line_manager, "line_manager")
    person = Person(
        username=_free_user_name(work, name),
        name=name,
        position=position or None,
        job_title=job_title,
        email=email,
        telephone=telephone,
        agency=place.agency,
        unit=place.code,
        line_manager=manager.id if manager else None,
        state="nominated",
        created_at=work.system_now,
    )
    work.session.add(person)
    work.session.flush()
    onboarding_of(work, person).priority = priority or priority_of(position)
    work.concerns(subject=("person", person.id), unit=place.code)
    telling.tell(work, ACCOUNT_NOMINATED, person, [telling.cpc(work, person)])
    return person


def shown_priority(work: Work, *, person_id: UUID) -> dict[str, str]:
    """Refuses before anybody chooses whoever may not."""
    person = person_or_404(work, person_id)
    _may_prioritise(work, person)
    known = work.session.get(Onboarding, person.id)
    return {"about": about(person), "priority": (known.priority if known else None) or "none"}


@service.command(
    "accounts.prioritise",
    path="/people/<uuid:person_id>/onboarding/priority",
    input=PriorityInput,
    answer=Done,
    form=FormPage(
        title="Priority for vetting and training",
        button="Save",
        done="The priority has been saved.",
        next="/people/{person_id}/onboarding",
        values=shown_priority,
    ),
)
def prioritise(work: Work, *, person_id: UUID, priority: str) -> None:
    """PS-8.1: senior probation officers and business critical staff first."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id), priority=priority)
    _may_prioritise(work, person)
    onboarding_of(work, person).priority = None if priority == "none" else priority


def _may_prioritise(work: Work, person: Person) -> None:
    reach = reach_of(work, person)
    if not (reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))


def _check_may(work: Work, reach: Reach, unit: str) -> None:
    if not may_nominate(reach, nominee=is_nominee(work, reach)):
        raise Refusal("R32", contact=cpc_contact(work, unit), role=NOMINATORS)


def priority_of(position: str) -> str | None:
    known = positions().get(position)
    return known.priority if known else None


def _free_user_name(work: Work, name: str) -> str:
    """The administrator who makes the account may choose another."""
    taken = select(func.count()).select_from(Person)
    number = 1
    while work.session.execute(taken.where(Person.username == user_name(name, number))).scalar_one():
        number += 1
    return user_name(name, number)
