"""Putting a person on the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import concerned
from services.records.access.picture import standing_changed
from services.records.nominals import duplicates
from services.records.nominals.fields import canonical
from services.records.nominals.followed import AFTER_CREATION
from services.records.nominals.history import note_change
from services.records.nominals.models import AUTHORITY, Identifier, Marker, Name, Nominal
from services.records.nominals.owners import place_of
from services.records.nominals.partners import add_partners, add_police_partners
from services.records.nominals.rules import (
    birth_problem,
    category_problem,
    level_problem,
    may_create,
    needs_police_partner,
    standing_problems,
    supervision_problem,
)
from services.records.nominals.schemas import CreatedAnswer, CreateInput
from services.records.referrals.models import Referral
from services.records.search import dictionary
from services.records.search.known import know
from services.records.service import service
from shared.directory import read_model
from shared.directory.contacts import contact, your_cpc
from shared.directory.tables import DIRECTORY
from shared.events.records.nominals import NOMINAL_CREATED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

SHORTEST_REASON = 20


@dataclass(frozen=True)
class Created:
    nominal_id: UUID
    visor_number: str
    owner_unit: str


@service.command("nominals.create", path="/nominals", input=CreateInput, answer=CreatedAnswer, status=201)
def create(
    work: Work,
    *,
    category: str,
    surname: str,
    date_of_birth: date,
    level: int | None = None,
    statutory_supervision: bool | None = None,
    lead_agency: str | None = None,
    authority: str | None = None,
    review_on: date | None = None,
    forenames: str = "",
    sex: str = "not_known",
    pnc: str | None = None,
    cro: str | None = None,
    noms: str | None = None,
    crn: str | None = None,
    referral_id: UUID | None = None,
    aliases: list[str] | None = None,
    address: str | None = None,
    risk_level: str | None = None,
    markers: list[str] | None = None,
    managing_unit: str | None = None,
    manager_id: UUID | None = None,
    supervisor_id: UUID | None = None,
    offender_manager_id: UUID | None = None,
    duplicate_reason: str = "",
) -> Created:
    """Create a nominal, from a referral or without one (PF-4.10.1). A likely duplicate is shown first (R18)."""
    check_may_create(work, category, supervised=bool(statutory_supervision))
    numbers = canonical(work.today, pnc=pnc, cro=cro, noms=noms, crn=crn)
    referral = _claimed(work, referral_id)
    place = place_of(work, managing_unit or (referral.unit if referral else None))
    check_person(work, place.jurisdiction, category, level, date_of_birth, supervised=statutory_supervision)
    wrong = standing_problems(
        category, lead_agency=lead_agency, authority=authority, review_on=review_on, today=work.today
    )
    if wrong:
        raise Invalid({field: [text] for field, text in wrong.items()})
    duplicates.refuse_same_number(work, numbers)
    if len(duplicate_reason.strip()) < SHORTEST_REASON:
        called = [_main(forenames, surname), *(_alias(text) for text in aliases or [])]
        whole = tuple((name.forenames, name.surname) for name in called)
        duplicates.refuse_likely(work, duplicates.Person(whole, date_of_birth, numbers, address or ""))
    nominal = Nominal(
        id=new_id(),
        category=category,
        level=level,
        statutory_supervision=bool(statutory_supervision),
        lead_agency=lead_agency,
        review_on=review_on,
        jurisdiction=place.jurisdiction,
        owner_unit=place.owner_unit,
        owner_agency=place.owner_agency,
        managing_unit=place.managing_unit,
        manager_id=_holder(work, "manager", manager_id) or _self(work, "manager"),
        supervisor_id=_holder(work, "supervisor", supervisor_id),
        com_id=_offender_manager(work, offender_manager_id),
        date_of_birth=date_of_birth,
        sex=sex,
        risk_level=risk_level,
        risk_since=work.today if risk_level else None,
        address=address,
        referral_id=referral_id,
        created_at=work.now,
        created_by=work.principal.person_id,
    )
    work.runtime.keys.create(nominal.id)
    if authority:
        nominal.authority = work.runtime.encrypt(nominal.id, AUTHORITY, authority)
    work.session.add(nominal)
    work.session.flush()
    names = [_main(forenames, surname), *(_alias(text) for text in aliases or [])]
    _add_rows(work, nominal.id, names, numbers, markers or [])
    know(work, nominal.id, nominal.id, [("address", address)] if address else [])
    _add_partners(work, nominal)
    _note_created(work, nominal, authority)
    if referral is not None:
        referral.status, referral.nominal_id = "created", nominal.id
        for follow in AFTER_CREATION:
            follow(work, nominal, referral)
    _tell(work, nominal, duplicate_reason.strip())
    return Created(nominal.id, nominal.visor_number, nominal.owner_unit)


_OF_A_REFERRAL = (
    "category",
    "level",
    "statutory_supervision",
    "forenames",
    "surname",
    "date_of_birth",
    "sex",
    "pnc",
    "cro",
    "noms",
    "crn",
)


def create_form(work: Work, *, referral_id: UUID | None = None) -> dict[str, Any]:
    """What the form is filled with: the referral, if there is one. Raises as `create` would, before anybody types."""
    if work.principal.agency_kind == "prison" or not work.principal.holds("create"):
        check_may_create(work, "2", supervised=True)
    defaults = {
        "managing_unit": work.principal.unit,
        "manager_id": _self(work, "manager"),
        "supervisor_id": _line_manager(work),
        "sex": "not_known",
    }
    if referral_id is None:
        return defaults
    referral = work.session.get(Referral, referral_id)
    if referral is None or referral.owner_unit not in (work.principal.unit, *work.principal.areas):
        raise NotFound
    _not_closed(referral)
    work.concerns(subject=("referral", referral_id))
    typed = {name: getattr(referral, name) for name in _OF_A_REFERRAL}
    # A prison that asked named the area only: who creates the record says which unit.
    unit = work.principal.unit if referral.unit == referral.owner_unit else referral.unit
    return {**defaults, **typed, "managing_unit": unit, "referral_id": referral_id}


def _line_manager(work: Work) -> UUID | None:
    """The unit's senior probation officer, who manages its practitioners: proposed, where there is one such holder."""
    spos = {card.id for card in read_model.holders(work.session, "spo", work.principal.unit)}
    able = [card.id for card in read_model.members(work.session, work.principal.unit, "supervisor")]
    proposed = [id for id in able if id in spos]
    return proposed[0] if len(proposed) == 1 else None


def check_may_create(work: Work, category: str, *, supervised: bool) -> None:
    """Raises R30, R17, R11 or R32, in that order, with the person's own CPC to ask."""
    refused = may_create(work.principal, category, supervised=supervised)
    if refused is not None:
        fills: dict[str, Any] = dict(refused.fills)
        raise Refusal(refused.code, contact=your_cpc(work), **fills)


def check_person(
    work: Work,
    jurisdiction: str,
    category: str,
    level: int | None,
    date_of_birth: date,
    *,
    supervised: bool | None,
) -> None:
    """Raises Invalid for a category or level that is not used there, or an impossible date of birth."""
    problems = {
        "category": category_problem(category, jurisdiction),
        "level": level_problem(category, level),
        "statutory_supervision": supervision_problem(category, supervised),
        "date_of_birth": birth_problem(date_of_birth, work.today),
    }
    if wrong := {field: [text] for field, text in problems.items() if text}:
        raise Invalid(wrong)


_NOTED = (
    "category",
    "level",
    "statutory_supervision",
    "lead_agency",
    "review_on",
    "owner_unit",
    "managing_unit",
    "manager_id",
    "supervisor_id",
    "risk_level",
    "address",
)


def _note_created(work: Work, nominal: Nominal, authority: str | None) -> None:
    """With what the record began, so that its history says since when everything is as it is."""
    began = {name: (None, getattr(nominal, name)) for name in _NOTED} | {"authority": (None, authority)}
    note_change(work, nominal.id, "created", began, effective_on=work.today)


def _claimed(work: Work, referral_id: UUID | None) -> Referral | None:
    """The referral, locked: of two who create from it at once the second is told of the record (R18).

    One that was closed stays so: its deadline has ended and who asked was told that there will be no record.
    """
    if referral_id is None:
        return None
    referral = work.session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFound
    if referral.nominal_id is not None:
        raise duplicates.exists_already(work, "referral", [referral.nominal_id])
    _not_closed(referral)
    return referral


def _not_closed(referral: Referral) -> None:
    if referral.status == "closed":
        raise Refusal("R34", what="It was closed without a record.")


def _holder(work: Work, token: str, person_id: UUID | None) -> UUID | None:
    """Only who holds the token can be manager or supervisor (PF-7/ViSOR Tokens.4): else R11."""
    if person_id is None:
        return None
    card = read_model.person(work.session, person_id)
    if card is None or not card.active:
        raise Invalid({f"{token}_id": ["Choose somebody from the list"]})
    grant = DIRECTORY.grant.c
    held = select(grant.name).where(grant.person_id == person_id, grant.name == token)
    if work.session.execute(held).first() is None:
        raise Refusal("R11", token=token, contact=contact(f"Proposed {token}", card))
    return person_id


def _offender_manager(work: Work, person_id: UUID | None) -> UUID | None:
    if person_id is None:
        return None
    card = read_model.person(work.session, person_id)
    if card is None or not card.active:
        raise Invalid({"offender_manager_id": ["Choose somebody from the list"]})
    return person_id


def _self(work: Work, token: str) -> UUID | None:
    return work.principal.person_id if work.principal.holds(token) else None


def _main(forenames: str, surname: str) -> Name:
    return Name(kind="main", forenames=" ".join(forenames.split()), surname=" ".join(surname.split()))


def _alias(text: str) -> Name:
    *forenames, surname = text.split() or [""]
    return Name(kind="alias", forenames=" ".join(forenames), surname=surname)


def _add_rows(
    work: Work, nominal_id: UUID, names: list[Name], numbers: dict[str, str], markers: list[str]
) -> None:
    dictionary.enter(work.session, names)
    rows: list[Any] = [*names]
    rows += [Identifier(kind=kind, value=value) for kind, value in numbers.items()]
    rows += [Marker(code=code) for code in dict.fromkeys(markers)]
    for row in rows:
        row.nominal_id = nominal_id
    work.session.add_all(rows)
    work.session.flush()


def _add_partners(work: Work, nominal: Nominal) -> None:
    """The creator, and for category 2 at level 2 or 3 the users of the area's police force (PI-3.4.1)."""
    record = facts(work, nominal.id)
    if work.principal.holds("partner"):
        add_partners(work, record, [read_model.person(work.session, work.principal.person_id)])
    if needs_police_partner(nominal.category, nominal.level):
        add_police_partners(work, record)


def _tell(work: Work, nominal: Nominal, duplicate_reason: str) -> None:
    work.concerns(
        nominal_id=nominal.id,
        subject=("nominal", nominal.id),
        private=duplicate_reason or None,
        category=nominal.category,
        level=nominal.level,
        owner_unit=nominal.owner_unit,
    )
    record = facts(work, nominal.id)
    data = {
        "nominal_id": nominal.id,
        "referral_id": nominal.referral_id,
        "category": nominal.category,
        "level": nominal.level,
        "owner_unit": nominal.owner_unit,
    }
    work.emit(
        NOMINAL_CREATED,
        data,
        aggregate=("nominal", nominal.id),
        to=concerned(work, record, "manager", "supervisor"),
        agencies=[nominal.owner_agency],
    )
    standing_changed(work, record)


service.constraints["uq_nominal_identifier_kind_value"] = lambda: Refusal(
    "R18", match="number", id="it was created at this moment; search for it"
)
