"""Putting a person on the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import concerned
from services.records.access.contacts import contact
from services.records.access.models import Partnership
from services.records.access.picture import standing_changed
from services.records.nominals import duplicates
from services.records.nominals.fields import canonical
from services.records.nominals.models import Identifier, Marker, Name, Nominal
from services.records.nominals.owners import Place, force_of_area, place_of
from services.records.nominals.rules import birth_problem, level_problem, may_create, needs_police_partner
from services.records.nominals.schemas import CreatedAnswer, CreateInput
from services.records.referrals.models import Referral
from services.records.search import dictionary
from services.records.search.known import know
from services.records.service import service
from shared.directory import read_model
from shared.directory.read_model import PersonCard
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
    statutory_supervision: bool = False,
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
    duplicate_reason: str = "",
) -> Created:
    """Create a nominal, from a referral or without one (PF-4.10.1). A likely duplicate is shown first (R18)."""
    check_may_create(work, category, supervised=statutory_supervision)
    check_person(work, category, level, date_of_birth)
    numbers = canonical(work.today, pnc=pnc, cro=cro, noms=noms, crn=crn)
    referral = _claimed(work, referral_id)
    place = place_of(work, managing_unit or (referral.unit if referral else None))
    duplicates.refuse_same_number(work, numbers)
    if len(duplicate_reason.strip()) < SHORTEST_REASON:
        duplicates.refuse_same_name(work, surname, forenames, date_of_birth)
    nominal = Nominal(
        id=new_id(),
        category=category,
        level=level,
        statutory_supervision=statutory_supervision,
        jurisdiction=place.jurisdiction,
        owner_unit=place.owner_unit,
        owner_agency=place.owner_agency,
        managing_unit=place.managing_unit,
        manager_id=_holder(work, "manager", manager_id) or _self(work, "manager"),
        supervisor_id=_holder(work, "supervisor", supervisor_id),
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
    work.session.add(nominal)
    work.session.flush()
    names = [_main(forenames, surname), *(_alias(text) for text in aliases or [])]
    _add_rows(work, nominal.id, names, numbers, markers or [])
    know(work, nominal.id, nominal.id, [("address", address)] if address else [])
    _add_partners(work, nominal, place)
    if referral is not None:
        referral.status, referral.nominal_id = "created", nominal.id
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
        "sex": "not_known",
    }
    if referral_id is None:
        return defaults
    referral = work.session.get(Referral, referral_id)
    if referral is None or referral.owner_unit not in (work.principal.unit, *work.principal.areas):
        raise NotFound
    work.concerns(subject=("referral", referral_id))
    typed = {name: getattr(referral, name) for name in _OF_A_REFERRAL}
    return {**defaults, **typed, "managing_unit": referral.unit, "referral_id": referral_id}


def check_may_create(work: Work, category: str, *, supervised: bool) -> None:
    """Raises R30, R17, R11 or R32, in that order, with the person's own CPC to ask."""
    refused = may_create(work.principal, category, supervised=supervised)
    if refused is not None:
        cpc = read_model.owning_cpc(work.session, work.principal.unit)
        fills: dict[str, Any] = dict(refused.fills)
        raise Refusal(refused.code, contact=contact("Your CPC", cpc), **fills)


def check_person(work: Work, category: str, level: int | None, date_of_birth: date) -> None:
    """Raises Invalid for a level that the category has not, or an impossible date of birth."""
    problems = {
        "level": level_problem(category, level),
        "date_of_birth": birth_problem(date_of_birth, work.today),
    }
    if wrong := {field: [text] for field, text in problems.items() if text}:
        raise Invalid(wrong)


def _claimed(work: Work, referral_id: UUID | None) -> Referral | None:
    """The referral, locked: of two who create from it at once the second is told of the record (R18)."""
    if referral_id is None:
        return None
    referral = work.session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFound
    if referral.nominal_id is not None:
        raise duplicates.exists_already(work, "referral", [referral.nominal_id])
    return referral


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


def _add_partners(work: Work, nominal: Nominal, place: Place) -> None:
    """The creator, and for category 2 at level 2 or 3 the users of the area's police force (PI-3.4.1)."""
    people = (
        [read_model.person(work.session, work.principal.person_id)] if work.principal.holds("partner") else []
    )
    if needs_police_partner(nominal.category, nominal.level):
        force = force_of_area(place.owner_unit)
        people += read_model.members(work.session, force, "partner") if force else []
    for card in people:
        if card is not None and card.id not in {nominal.manager_id, nominal.supervisor_id}:
            work.session.add(_partnership(work, nominal.id, card))


def _partnership(work: Work, nominal_id: UUID, card: PersonCard) -> Partnership:
    return Partnership(
        nominal_id=nominal_id,
        person_id=card.id,
        agency=card.agency,
        unit=card.unit,
        started_at=work.now,
        granted_by=work.principal.person_id,
    )


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
