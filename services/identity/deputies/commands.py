"""Naming who stands in for a CPC, and ending it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.accounts.finding import person_or_404
from services.identity.authority import Reach
from services.identity.deputies.ending import end_deputyship, tell
from services.identity.deputies.facts import candidate, fit_people, ground_of
from services.identity.deputies.models import ONE_COVER, ONE_DEPUTY, Deputyship
from services.identity.deputies.rules import Ground, days_of, why_not_name
from services.identity.deputies.schemas import CoverInput, DeputyshipAnswer, EndInput, NameInput
from services.identity.directory import log
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.tokens.facts import check
from services.identity.tokens.holders import cpc_contact
from services.identity.tokens.rules import APPOINTS
from shared.declarations import FormPage
from shared.events.identity.deputies import DEPUTY_NAMED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about
from shared.web.schemas import Done
from shared.work import Work

for _index in (ONE_DEPUTY, ONE_COVER):
    service.constraints[_index] = lambda: Refusal(
        "R34", what="Somebody acts for this CPC already. End that first."
    )
_CPC_UNITS = frozenset({"mappa_area", "prison_group", "force"})


def _unit(work: Work, unit: str) -> Unit:
    found = work.session.get(Unit, unit)
    if found is None or found.kind not in _CPC_UNITS:
        raise NotFound
    return found


def _whom(work: Work, unit: str) -> dict[str, Any]:
    """Refuses before anybody types; the choice is between the people who may."""
    found = _unit(work, unit)
    if not _may(_reach(work, found)):
        raise _not_you(work, found)
    people = [(one.id, f"{one.name}, {one.job_title}") for one in fit_people(work.session, unit)]
    return {"about": found.name, "people": people}


@service.command(
    "deputies.name",
    path="/units/<string:unit>/deputy",
    input=NameInput,
    answer=DeputyshipAnswer,
    recent_sign_in=True,
    form=FormPage(
        path="/units/<string:unit>/deputy/name",
        title="Name who acts for the CPC",
        button="Name the deputy",
        done="The deputy has the CPC’s list and may do all that the CPC may, except approve terminals.",
        next="/deputies",
        intro="An LPC of the area who holds the Central Support token. What they do is marked “for CPC”.",
        values=_whom,
    ),
)
def name_deputy(
    work: Work, *, unit: str, person_id: UUID, valid_from: date | None, valid_to: date, reason: str
) -> Deputyship:
    """PF-7/LPC.2: while the CPC is absent, or the role is vacant; never a second CPC token (C-12)."""
    found = _unit(work, unit)
    person = person_or_404(work, person_id)
    return _named(work, found, person, ground_of(work.session, unit), (valid_from, valid_to), reason)


@service.command(
    "deputies.cover",
    path="/units/<string:unit>/cover",
    input=CoverInput,
    answer=DeputyshipAnswer,
    recent_sign_in=True,
    form=FormPage(
        path="/units/<string:unit>/cover/name",
        title="Have another area cover in a disruption",
        button="Name who covers",
        done="They have the CPC’s list and may do all that the CPC may, except approve terminals.",
        next="/deputies",
        intro="In times of unforeseen disruption, such as a pandemic. Wi-Fi stays closed unless the SRO opens it.",
        values=_whom,
    ),
)
def cover(
    work: Work, *, unit: str, username: str, valid_from: date | None, valid_to: date, reason: str
) -> Deputyship:
    """PF-4.4.2: consistent oversight in unforeseen disruption, by somebody of another area, with an end."""
    found = _unit(work, unit)
    asked = select(Person).where(Person.username == username.strip().lower())
    person = work.session.execute(asked).scalar_one_or_none()
    if person is None:
        raise Invalid({"username": ["Nobody has this user name."]})
    return _named(work, found, person, "cover", (valid_from, valid_to), reason)


def _first_ended(work: Work, *, deputyship_id: UUID) -> dict[str, Any]:
    """Says who deputises where, and refuses before anybody types."""
    found = _to_end(work, deputyship_id)
    deputy, unit = work.session.get_one(Person, found.person_id), work.session.get_one(Unit, found.unit)
    return {"about": about(deputy, after=f", {unit.name}")}


@service.command(
    "deputies.end",
    path="/deputies/<uuid:deputyship_id>/end",
    input=EndInput,
    answer=Done,
    form=FormPage(
        title="The CPC returns",
        button="End deputy mode",
        done="Deputy mode has ended.",
        next="/deputies",
        intro="The deputy’s sessions end with it; they sign in again as themselves.",
        values=_first_ended,
    ),
)
def end(work: Work, *, deputyship_id: UUID, reason: str) -> None:
    """Ends when the CPC returns (PF-7/LPC.2): by the CPC, by whoever appoints the CPC, or handed back by the deputy."""
    found = _to_end(work, deputyship_id, lock=True)
    if found.ended_at is None:
        end_deputyship(work, found, reason)
        log.changed(work, people=[found.person_id])


def _to_end(work: Work, deputyship_id: UUID, *, lock: bool = False) -> Deputyship:
    found = work.session.get(Deputyship, deputyship_id, with_for_update=lock)
    if found is None:
        raise NotFound
    work.concerns(subject=("deputyship", found.id), unit=found.unit)
    unit = work.session.get_one(Unit, found.unit)
    if not (_may(_reach(work, unit)) or found.person_id == work.principal.person_id):
        raise _not_you(work, unit)
    return found


def _named(
    work: Work, unit: Unit, person: Person, ground: Ground, days: tuple[date | None, date], reason: str
) -> Deputyship:
    work.concerns(subject=("person", person.id), unit=unit.code, ground=ground)
    scheme = work.policy.text("cpc.deputy", work.today)
    asked = candidate(work, person, unit)
    check(work, why_not_name(_reach(work, unit), asked, ground, scheme=scheme, area=unit.name), unit)
    longest = work.policy.period("cpc.deputy_lasts", work.today).amount
    when = days_of(*days, work.today, longest)
    if when.wrong:
        raise Invalid(when.wrong)
    made = Deputyship(
        unit=unit.code,
        person_id=person.id,
        ground=ground,
        valid_from=when.first,
        valid_to=when.last,
        reason=reason,
        named_by=work.principal.person_id,
        named_at=work.system_now,
        started_at=work.system_now if when.first <= work.today else None,
    )
    work.session.add(made)
    work.session.flush()
    tell(work, DEPUTY_NAMED, made)
    log.changed(work, people=[person.id])
    return made


def _reach(work: Work, unit: Unit) -> Reach:
    return Reach(work.principal, above(work.session, unit.code))


def _may(reach: Reach) -> bool:
    return reach.is_cpc or reach.appoints_cpc


def _not_you(work: Work, unit: Unit) -> Refusal:
    contact = cpc_contact(work, unit.code)
    return Refusal("R32", contact=contact, role=f"the CPC of {unit.name}, {APPOINTS}")
