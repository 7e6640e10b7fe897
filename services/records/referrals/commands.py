"""Registering under MAPPA: it starts the time in which a record must be created (D-01, D-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.records.access.concerned import holding
from services.records.nominals.commands import check_may_create, check_person
from services.records.nominals.duplicates import refuse_same_number
from services.records.nominals.fields import canonical
from services.records.nominals.owners import place_of
from services.records.referrals.models import Referral
from services.records.referrals.schemas import ReferralInput, RegisteredAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.referrals import REFERRAL_REGISTERED
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import Concerned, Work

TASKED = "tasked_with_creation"


@dataclass(frozen=True)
class Registered:
    referral_id: UUID
    owner_unit: str


@service.command(
    "referrals.register",
    path="/referrals",
    input=ReferralInput,
    answer=RegisteredAnswer,
    status=201,
    form=FormPage(
        title="Register a referral",
        button="Register",
        done="Referral registered. The time in which the record must be created has begun.",
        next="/referrals",
        path="/referrals/register",
        intro="Somebody was registered under MAPPA and needs a record. It must be created within five days.",
    ),
)
def register(
    work: Work,
    *,
    category: str,
    surname: str,
    date_of_birth: date,
    registered_on: date,
    level: int | None = None,
    statutory_supervision: bool | None = None,
    forenames: str = "",
    sex: str = "not_known",
    pnc: str | None = None,
    cro: str | None = None,
    noms: str | None = None,
    crn: str | None = None,
    unit: str | None = None,
) -> Registered:
    """Register a referral (PF-4.10.1). The administrators of its unit tasked with creation are told."""
    check_may_create(work, category, supervised=bool(statutory_supervision))
    if registered_on > work.today:
        raise Invalid({"registered_on": ["The day of registration is in the future"]})
    numbers = canonical(work.today, pnc=pnc, cro=cro, noms=noms, crn=crn)
    place = place_of(work, unit, field="unit")
    check_person(work, place.jurisdiction, category, level, date_of_birth, supervised=statutory_supervision)
    refuse_same_number(work, numbers)
    referral = Referral(
        id=new_id(),
        category=category,
        level=level,
        statutory_supervision=bool(statutory_supervision),
        registered_on=registered_on,
        unit=place.managing_unit,
        owner_unit=place.owner_unit,
        jurisdiction=place.jurisdiction,
        forenames=" ".join(forenames.split()),
        surname=" ".join(surname.split()),
        date_of_birth=date_of_birth,
        sex=sex,
        registered_by=work.principal.person_id,
        registered_at=work.now,
        **numbers,
    )
    work.session.add(referral)
    work.concerns(subject=("referral", referral.id), category=category, level=level, unit=referral.unit)
    data = {
        name: getattr(referral, name)
        for name in ("category", "level", "registered_on", "unit", "jurisdiction")
    }
    work.emit(
        REFERRAL_REGISTERED,
        {"referral_id": referral.id, **data},
        aggregate=("referral", referral.id),
        to=_tasked(work, referral.unit),
    )
    return Registered(referral.id, referral.owner_unit)


def _tasked(work: Work, unit: str) -> list[Concerned]:
    """The administrators of the unit who are tasked with creation (D-01: they are reminded)."""
    cards = read_model.holders(work.session, TASKED, unit)
    return holding(cards, TASKED, unit, work.principal.agency)
