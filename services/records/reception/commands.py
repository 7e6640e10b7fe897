"""Asking the future community area for a record, and what the prison gets with it (PF-4.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.custody.models import Movement
from services.records.custody.movements import PRISON_SERVICE, enter
from services.records.nominals.duplicates import refuse_same_number
from services.records.nominals.fields import canonical
from services.records.nominals.followed import after_creation
from services.records.nominals.models import Nominal
from services.records.nominals.partners import add_partners
from services.records.nominals.rules import birth_problem
from services.records.partnership.followed import WHEN_FIRST
from services.records.reception.rules import may_ask
from services.records.reception.schemas import AskedAnswer, AskInput
from services.records.referrals.commands import asker, check_dates
from services.records.referrals.duties import registration_of, tasked
from services.records.referrals.models import NOTE, Referral
from services.records.referrals.waiting import open_with
from services.records.service import service
from shared.clock import LONDON
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.contacts import your_cpc
from shared.events.records.referrals import RECORD_ASKED, RECORD_ASKED_INFORMED, RECORD_GIVEN
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import Work

ASKED_ALREADY = "A record of this person is asked for already; the request stands on the list of the area."
MORNING = time(9)


@dataclass(frozen=True)
class Asked:
    referral_id: UUID
    area: str


def ask_form(work: Work) -> dict[str, Any]:
    """Whoever may not ask hears so before typing."""
    _check_may_ask(work)
    return {"received_on": work.today, "whom": "unit"}


def _check_may_ask(work: Work) -> None:
    code = may_ask(work.principal.agency_kind, holds_partner=work.principal.holds("partner"))
    if code is not None:
        cpc = your_cpc(work)
        fills: dict[str, Any] = {"role": "a user of a prison", "token": "partner"}
        raise Refusal(code, contact=cpc, **fills)


@service.command(
    "reception.ask_record",
    path="/record-requests",
    input=AskInput,
    answer=AskedAnswer,
    status=201,
    form=FormPage(
        title="Request a record",
        button="Send request",
        done="The request is with the administrators of the area.",
        next="/record-requests",
        path="/record-requests/new",
        intro="The area that will manage the person in the community creates a basic record and makes your prison "
        "partner of it.",
        values=ask_form,
    ),
)
def ask_record(
    work: Work,
    *,
    surname: str,
    forenames: str,
    date_of_birth: date,
    sex: str,
    pnc: str | None,
    noms: str | None,
    cro: str | None,
    area: str,
    received_on: date,
    release_on: date | None,
    whom: str,
    reason: str,
) -> Asked:
    """Ask for a record of somebody in this prison; it starts the area's time to create it (D-05, PF-4.12.1)."""
    _check_may_ask(work)
    numbers = canonical(work.today, pnc=pnc, noms=noms, cro=cro)
    _check(work, date_of_birth, received_on, numbers)
    refuse_same_number(work, numbers)
    # Registered already, or asked for: then that one is the request.
    referral = open_with(work, numbers)
    if referral is None:
        person = {
            "forenames": " ".join(forenames.split()),
            "surname": " ".join(surname.split()),
            "date_of_birth": date_of_birth,
            "sex": sex,
        }
        referral = _new(work, area, release_on, person | numbers)
    elif referral.prison is not None:
        raise Refusal("R34", what=ASKED_ALREADY)
    referral.prison, referral.received_on, referral.wanted = work.principal.unit, received_on, whom
    referral.asked_by, referral.asked_at = work.principal.person_id, work.now
    referral.note = work.runtime.encrypt(None, NOTE, reason)
    check_dates(registration_of(referral), work.today)
    work.session.add(referral)
    work.session.flush()
    work.concerns(subject=("referral", referral.id), private=reason, area=referral.owner_unit)
    _tell(work, referral)
    return Asked(referral.id, referral.owner_unit)


def _check(work: Work, born: date, received_on: date, numbers: dict[str, str]) -> None:
    problems = {
        "date_of_birth": birth_problem(born, work.today),
        "received_on": "The day of reception is in the future" if received_on > work.today else None,
        "noms": None if numbers else "Enter the prison number or the PNC number",
    }
    if wrong := {field: [text] for field, text in problems.items() if text}:
        raise Invalid(wrong)


def _new(work: Work, area: str, release_on: date | None, person: dict[str, Any]) -> Referral:
    unit = read_model.unit(work.session, area)
    if unit is None:
        raise Invalid({"area": ["Choose an area from the list"]})
    return Referral(
        id=new_id(),
        source="prison_request",
        category="2",
        statutory_supervision=False,
        registered_on=work.today,
        release_on=release_on,
        unit=area,
        owner_unit=area,
        jurisdiction=unit.jurisdiction,
        registered_by=work.principal.person_id,
        registered_at=work.now,
        **person,
    )


def _tell(work: Work, referral: Referral) -> None:
    data = {
        "referral_id": referral.id,
        "unit": referral.unit,
        "prison": referral.prison,
        "jurisdiction": referral.jurisdiction,
    }
    about = ("referral", referral.id)
    work.emit(RECORD_ASKED, data, aggregate=about, to=tasked(work, referral.unit, referral.owner_unit))
    cpc = read_model.owning_cpc(work.session, work.principal.unit)
    informed = holding([cpc] if cpc else [], "cpc", work.principal.unit, PRISON_SERVICE)
    work.emit(RECORD_ASKED_INFORMED, data, aggregate=about, to=informed)


@after_creation
def give_record(work: Work, nominal: Nominal, referral: Referral) -> None:
    """A record that a prison asked for says who holds the person, and the prison's users are partners (PF-4.12.2)."""
    if referral.prison is None or referral.asked_by is None:
        return
    record = facts(work, nominal.id)
    if referral.wanted == "unit":
        people = read_model.members(work.session, referral.prison, "partner")
    else:
        card = read_model.person(work.session, referral.asked_by)
        people = [card] if card and card.active else []
    if add_partners(work, record, people):
        for follow in WHEN_FIRST:
            follow(work, record, referral.prison, PRISON_SERVICE)
    movement = Movement(
        id=new_id(),
        nominal_id=nominal.id,
        kind="received",
        prison=referral.prison,
        at=datetime.combine(referral.received_on or work.today, MORNING, LONDON),
        for_a_while=False,
        entered_by=referral.asked_by,
    )
    enter(work, record, movement)
    data = {"referral_id": referral.id, "nominal_id": nominal.id}
    work.emit(RECORD_GIVEN, data, aggregate=("referral", referral.id), to=[asker(referral)])
