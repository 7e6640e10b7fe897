"""Registrations as nDelius tells them (PF-4.10.1): the same case number is the same case, however often it is told."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.records.nominals.categories import FEED
from services.records.nominals.commands import check_person
from services.records.nominals.fields import canonical
from services.records.nominals.numbers import whose
from services.records.nominals.owners import Place, owning_place
from services.records.referrals.commands import check_dates, set_facts, tell_registered
from services.records.referrals.models import Referral
from services.records.referrals.rules import Registration
from services.records.referrals.schemas import HeardAnswer, HeardRegistration
from services.records.referrals.waiting import open_with
from services.records.service import service
from shared.ids import new_id
from shared.refusals import Refusal
from shared.work import Work

# What a later message about an open case may change.
CHANGING = ("category", "level", "statutory_supervision", "release_on", "sentenced_on")


@service.command(
    "referrals.hear",
    path="/integrations/ndelius/registrations",
    input=HeardRegistration,
    answer=HeardAnswer,
    status=202,
    audience="integration",
)
def hear(
    work: Work,
    *,
    category: str,
    level: int | None,
    statutory_supervision: bool | None,
    forenames: str,
    surname: str,
    date_of_birth: date,
    sex: str,
    pnc: str | None,
    cro: str | None,
    noms: str | None,
    crn: str,
    registered_on: date,
    unit: str,
    release_on: date | None,
    sentenced_on: date | None,
) -> dict[str, Any]:
    """Take a registration, or what has changed of an open one. Whoever has a record already needs no other."""
    if not (work.principal.is_system or work.principal.holds(FEED)):
        raise Refusal("R11", token=FEED)
    numbers = canonical(work.today, pnc=pnc, cro=cro, noms=noms, crn=crn)
    place = owning_place(work, unit, "unit")
    check_person(work, place.jurisdiction, category, level, date_of_birth, supervised=statutory_supervision)
    supervised = bool(statutory_supervision)
    told = Registration(
        category, level, supervised, place.jurisdiction, registered_on, release_on, sentenced_on
    )
    check_dates(told, work.today)
    nominal_id = _nominal_with(work, numbers)
    if nominal_id is not None:
        work.concerns(nominal_id=nominal_id)
        return {"outcome": "has_record", "referral_id": None, "nominal_id": nominal_id}
    known = open_with(work, {"crn": numbers["crn"]})
    if known is not None:
        facts = {
            name: getattr(told, "supervised" if name == "statutory_supervision" else name)
            for name in CHANGING
        }
        return _changed(work, known, facts)
    person = {
        "forenames": " ".join(forenames.split()),
        "surname": " ".join(surname.split()),
        "date_of_birth": date_of_birth,
        "sex": sex,
    }
    return _taken(work, told, place, person | numbers)


def _nominal_with(work: Work, numbers: dict[str, str]) -> UUID | None:
    for kind, value in numbers.items():
        nominal_id = whose(work, kind, value)
        if nominal_id is not None:
            return nominal_id
    return None


def _changed(work: Work, known: Referral, told: dict[str, Any]) -> dict[str, Any]:
    changed = [name for name, value in told.items() if getattr(known, name) != value]
    work.concerns(subject=("referral", known.id), changed=changed)
    if changed:
        set_facts(work, known, told)
    outcome = "changed" if changed else "known"
    return {"outcome": outcome, "referral_id": known.id, "nominal_id": None}


def _taken(work: Work, told: Registration, place: Place, person: dict[str, Any]) -> dict[str, Any]:
    referral = Referral(
        id=new_id(),
        category=told.category,
        level=told.level,
        statutory_supervision=told.supervised,
        registered_on=told.registered_on,
        release_on=told.release_on,
        sentenced_on=told.sentenced_on,
        unit=place.managing_unit,
        owner_unit=place.owner_unit,
        jurisdiction=place.jurisdiction,
        registered_by=work.principal.person_id,
        registered_at=work.now,
        **person,
    )
    work.session.add(referral)
    work.session.flush()
    work.concerns(subject=("referral", referral.id), category=told.category, unit=referral.unit)
    tell_registered(work, referral)
    return {"outcome": "taken", "referral_id": referral.id, "nominal_id": None}
