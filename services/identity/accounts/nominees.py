"""Whom a CPC names in advance to ask for accounts (PF-4.16/A.6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import select

from services.identity.accounts.finding import by_user_name, reach_of_unit, unit_or_invalid
from services.identity.accounts.models import RequestNominee
from services.identity.accounts.newcomer_schemas import unit_among
from services.identity.authority import Reach, anywhere
from services.identity.finders import OWN_UNITS, PEOPLE
from services.identity.people.cards import cards
from services.identity.people.models import Person
from services.identity.people.schemas import CardAnswer
from services.identity.people.units import below
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Answer, Done, Input, Nothing
from shared.work import Work

service.constraints["uq_request_nominee_open"] = lambda: Refusal("R34", what="This person is named already.")


class NameInput(Input):
    username = fields.String(
        required=True,
        validate=validate.Length(min=1, max=120),
        metadata={"label": "Who may ask", "noun": "who may ask", "finder": PEOPLE},
    )
    unit = unit_among(OWN_UNITS, "For which area, group, force or unit")


class NomineeAnswer(Answer):
    id = fields.UUID()
    person = fields.Nested(CardAnswer)
    unit = fields.String()
    named_at = fields.AwareDateTime()


class NomineesAnswer(Answer):
    nominees = fields.List(fields.Nested(NomineeAnswer))


@service.query(
    "accounts.nominees",
    path="/onboarding/nominees",
    input=Nothing,
    answer=NomineesAnswer,
    page=Page("Who may ask for accounts", "accounts/nominees.html"),
)
def nominees(work: Work) -> dict[str, Any]:
    """Those named for one's own area, group or force."""
    own = work.principal.units_with("cpc") | work.principal.deputy_for
    if not own:
        raise Refusal("R24", contact=cpc_contact(work, work.principal.unit))
    found = (
        select(RequestNominee, Person)
        .join(Person, Person.id == RequestNominee.person_id)
        .where(RequestNominee.ended_at.is_(None), RequestNominee.unit.in_(below(work.session, own)))
        .order_by(Person.name, RequestNominee.id)
    )
    rows = work.session.execute(found).all()
    shown = cards(work.session, [person for _row, person in rows])
    work.concerns(count=len(rows))
    return {
        "nominees": [
            {"id": row.id, "person": card, "unit": row.unit, "named_at": row.named_at}
            for (row, _person), card in zip(rows, shown, strict=True)
        ]
    }


def _first_named(work: Work) -> dict[str, Any]:
    """Refuses before anybody types whoever is the CPC of no area, nor their deputy."""
    _require_cpc(work, anywhere(work.principal), work.principal.unit)
    return {}


@service.command(
    "accounts.name_nominee",
    path="/onboarding/nominees",
    input=NameInput,
    answer=Done,
    form=FormPage(
        path="/onboarding/nominees/new",
        title="Name somebody who may ask for accounts",
        button="Name them",
        done="From now on they may ask for accounts. You authorise each.",
        next="/onboarding/nominees",
        values=_first_named,
    ),
)
def name_nominee(work: Work, *, username: str, unit: str) -> None:
    """The CPC alone, or their deputy, and only of their own area."""
    place = unit_or_invalid(work, unit)
    _check_may(work, place.code)
    person = by_user_name(work, username, "username")
    if person is None or not person.is_active:
        raise Invalid({"username": ["Nobody who uses ViSOR has this user name."]})
    work.concerns(subject=("person", person.id), unit=place.code)
    row = RequestNominee(person_id=person.id, unit=place.code, named_by=work.principal.person_id)
    row.named_at = work.system_now
    work.session.add(row)
    work.session.flush()


def _first_ended(work: Work, *, nominee_id: UUID) -> dict[str, Any]:
    found = _nominee(work, nominee_id)
    return {"about": about(work.session.get_one(Person, found.person_id))}


@service.command(
    "accounts.end_nominee",
    path="/onboarding/nominees/<uuid:nominee_id>/end",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="End this",
        button="They may no longer ask",
        done="They can no longer ask for accounts.",
        next="/onboarding/nominees",
        values=_first_ended,
    ),
)
def end_nominee(work: Work, *, nominee_id: UUID) -> None:
    found = _nominee(work, nominee_id, lock=True)
    if found.ended_at is None:
        found.ended_at, found.ended_by = work.system_now, work.principal.person_id


def _nominee(work: Work, nominee_id: UUID, *, lock: bool = False) -> RequestNominee:
    found = work.session.get(RequestNominee, nominee_id, with_for_update=lock)
    if found is None:
        raise NotFound
    work.concerns(subject=("person", found.person_id), unit=found.unit)
    _check_may(work, found.unit)
    return found


def _check_may(work: Work, unit: str) -> None:
    _require_cpc(work, reach_of_unit(work, unit), unit)


def _require_cpc(work: Work, reach: Reach, unit: str) -> None:
    if not (reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=cpc_contact(work, unit))
