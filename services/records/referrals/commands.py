"""Registering under MAPPA: it starts the time in which a record must be created (D-01 to D-04, D-47)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.records.nominals.commands import check_may_create, check_person
from services.records.nominals.duplicates import refuse_same_number
from services.records.nominals.fields import canonical
from services.records.nominals.owners import place_of
from services.records.nominals.rules import level_problem
from services.records.referrals.duties import AT_REGISTRATION, begin, duty_now, registration_of, tasked
from services.records.referrals.models import NOTE, Referral
from services.records.referrals.rules import Registration, date_problems
from services.records.referrals.schemas import (
    ChangeInput,
    CloseInput,
    ReferralAnswer,
    ReferralInput,
    RegisteredAnswer,
)
from services.records.referrals.waiting import open_with
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.referrals import REFERRAL_CLOSED, REFERRAL_MOVED, REFERRAL_REGISTERED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import NOBODY, Concerned, Work

REGISTERED_ALREADY = "Somebody with this number is registered already, and waits for a record."
PRISON_SERVICE = "prison-service"


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
        done="Referral registered. The list says by when the record must be created.",
        next="/referrals",
        path="/referrals/register",
        intro="Somebody was registered under MAPPA and needs a record. How long there is to create it follows from "
        "category, level, release and sentence.",
    ),
)
def register(
    work: Work,
    *,
    category: str,
    surname: str,
    date_of_birth: date,
    registered_on: date,
    release_on: date | None = None,
    sentenced_on: date | None = None,
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
    numbers = canonical(work.today, pnc=pnc, cro=cro, noms=noms, crn=crn)
    place = place_of(work, unit, field="unit")
    check_person(work, place.jurisdiction, category, level, date_of_birth, supervised=statutory_supervision)
    refuse_same_number(work, numbers)
    if open_with(work, numbers) is not None:
        raise Refusal("R34", what=REGISTERED_ALREADY)
    given = Registration(
        category,
        level,
        bool(statutory_supervision),
        place.jurisdiction,
        registered_on,
        release_on,
        sentenced_on,
    )
    check_dates(given, work.today)
    referral = Referral(
        id=new_id(),
        category=category,
        level=level,
        statutory_supervision=bool(statutory_supervision),
        registered_on=registered_on,
        release_on=release_on,
        sentenced_on=sentenced_on,
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
    work.session.flush()
    work.concerns(subject=("referral", referral.id), category=category, level=level, unit=referral.unit)
    tell_registered(work, referral)
    return Registered(referral.id, referral.owner_unit)


def check_dates(given: Registration, today: date) -> None:
    if wrong := date_problems(given, today):
        raise Invalid({field: [text] for field, text in wrong.items()})


def tell_registered(work: Work, referral: Referral, *, on: date | None = None) -> None:
    """The administrators tasked with creation are told once: of the registration, or of the deadline it brings."""
    begun = begin(work, referral, duty_now(work, referral))
    data = {
        name: getattr(referral, name)
        for name in ("category", "level", "registered_on", "unit", "jurisdiction")
    }
    work.emit(
        REFERRAL_REGISTERED,
        {"referral_id": referral.id, **data, "registered_on": on or referral.registered_on},
        aggregate=("referral", referral.id),
        to=[] if begun else tasked(work, referral.unit, referral.owner_unit),
        agencies=[agency_of(work, referral.owner_unit)],
    )


def agency_of(work: Work, unit: str) -> str:
    known = read_model.unit(work.session, unit)
    return known.agency if known else work.principal.agency


def change_form(work: Work, *, referral_id: UUID) -> dict[str, Any]:
    """What stands; whoever may not register hears so before typing."""
    referral = own_referral(work, referral_id)
    check_may_create(work, referral.category, supervised=referral.statutory_supervision)
    _still_open(referral)
    names = ("level", "release_on", "sentenced_on", "version")
    return {name: getattr(referral, name) for name in names} | {"about": _name(referral)}


@service.command(
    "referrals.change",
    path="/referrals/<uuid:referral_id>",
    method="PUT",
    input=ChangeInput,
    answer=ReferralAnswer,
    edits=True,
    form=FormPage(
        title="Level, release and sentence",
        button="Save",
        done="The referral was changed.",
        next="/referrals",
        path="/referrals/<uuid:referral_id>/change",
        intro="With the level set and the release date known, the time to create a level 1 record can be counted.",
        values=change_form,
    ),
)
def change(
    work: Work,
    *,
    referral_id: UUID,
    version: int,
    level: int | None,
    release_on: date | None,
    sentenced_on: date | None,
) -> Referral:
    """Set the level, release date or date of a community sentence of an open referral; what they bring begins."""
    referral = own_referral(work, referral_id, lock=True)
    check_may_create(work, referral.category, supervised=referral.statutory_supervision)
    _still_open(referral)
    given = {"level": level, "release_on": release_on, "sentenced_on": sentenced_on}
    before = {name: getattr(referral, name) for name in given}
    work.expect_version(version, referral.version, mine=given, theirs=before)
    if problem := level_problem(referral.category, level):
        raise Invalid({"level": [problem]})
    dates = {"release_on": release_on, "sentenced_on": sentenced_on}
    check_dates(replace(registration_of(referral), **dates), work.today)  # type: ignore[arg-type]
    set_facts(work, referral, given)
    work.concerns(subject=("referral", referral_id), changed=[n for n in given if given[n] != before[n]])
    return referral


def set_facts(work: Work, referral: Referral, given: Mapping[str, Any]) -> None:
    """Write them, and begin what they bring: level 2 or 3 counts as registered there today (D-01, D-04)."""
    before = _counted_from(referral)
    for name, value in given.items():
        setattr(referral, name, value)
    work.session.flush()
    after = _counted_from(referral)
    if after is not None and before not in (None, after):
        data = {"referral_id": referral.id, "counts_from": after}
        agencies = [agency_of(work, referral.owner_unit)]
        work.emit(REFERRAL_MOVED, data, aggregate=("referral", referral.id), agencies=agencies)
    duty = duty_now(work, referral)
    if duty.code in AT_REGISTRATION and referral.duty != duty.code:
        referral.duty = None
        tell_registered(work, referral, on=work.today)
    else:
        begin(work, referral, duty)


def _counted_from(referral: Referral) -> date | None:
    """The date behind a deadline that runs, where it is one that may move."""
    return {"D-02": referral.release_on, "D-03": referral.sentenced_on}.get(referral.duty or "")


def may_close(work: Work, *, referral_id: UUID) -> dict[str, Any]:
    referral = own_referral(work, referral_id)
    check_may_create(work, referral.category, supervised=referral.statutory_supervision)
    _still_open(referral)
    return {"about": _name(referral)}


@service.command(
    "referrals.close",
    path="/referrals/<uuid:referral_id>/close",
    input=CloseInput,
    answer=ReferralAnswer,
    form=FormPage(
        title="Close without a record",
        button="Close the referral",
        done="The referral is closed. No record will be created from it.",
        next="/referrals",
        intro="For a registration that was a mistake, or a request that the area does not meet. A prison that asked is "
        "told, and reads your reason.",
        values=may_close,
    ),
)
def close(work: Work, *, referral_id: UUID, reason: str) -> Referral:
    """No record will be created: the deadline ends, neither met nor late, and a prison that asked is told."""
    referral = own_referral(work, referral_id, lock=True)
    check_may_create(work, referral.category, supervised=referral.statutory_supervision)
    _still_open(referral)
    referral.status, referral.closed_why = "closed", work.runtime.encrypt(None, NOTE, reason)
    work.concerns(subject=("referral", referral_id), private=reason)
    to = [asker(referral)] if referral.asked_by is not None else []
    data = {"referral_id": referral_id}
    agencies = [agency_of(work, referral.owner_unit)]
    work.emit(REFERRAL_CLOSED, data, aggregate=("referral", referral_id), to=to, agencies=agencies)
    return referral


def asker(referral: Referral) -> Concerned:
    """Who in the prison asked for the record."""
    return Concerned(referral.asked_by or NOBODY, "requester", referral.prison or "", PRISON_SERVICE)


def own_referral(work: Work, referral_id: UUID, *, lock: bool = False) -> Referral:
    """Of one's own area or force: any other is not there. Raises NotFound."""
    referral = work.session.get(Referral, referral_id, with_for_update=lock)
    if referral is None or referral.owner_unit not in (work.principal.unit, *work.principal.areas):
        raise NotFound
    return referral


def _still_open(referral: Referral) -> None:
    if referral.status != "open":
        said = "A record was created from it already." if referral.nominal_id else "It is closed already."
        raise Refusal("R34", what=said)


def _name(referral: Referral) -> str:
    return f"{referral.forenames} {referral.surname}".strip()
