"""Another manager or supervisor takes over: one record, or many that one person holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened, authorise
from services.records.access.models import Listed
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.hand_over.rules import holder_problem, may_hand_over
from services.records.hand_over.schemas import HandedOverAnswer, ManyInput, OneInput
from services.records.nominals.history import note_change
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.directory.read_model import PersonCard
from shared.directory.tables import DIRECTORY
from shared.events.records.hand_over import HANDED_OVER, HOLDER_CHANGED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import About, Concerned, Work

ACTION = "nominals.hand_over"


@dataclass(frozen=True)
class HandedOver:
    to_id: UUID
    role: str
    handed_over: int
    left_out: int


def hand_over_form(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    opened = authorise(work, ACTION, nominal_id)
    role = "manager" if may_hand_over("manager", opened.standings) else "supervisor"
    return {**about(work, opened.record), "role": role}


@service.command(
    "hand_over.one",
    path="/nominals/<uuid:nominal_id>/hand-over",
    input=OneInput,
    answer=HandedOverAnswer,
    form=FormPage(
        title="Hand this record over",
        button="Hand over",
        done="Handed over. Whoever takes over has been told.",
        next="/nominals/{nominal_id}",
        path="/nominals/<uuid:nominal_id>/hand-over",
        intro="Another manager or supervisor takes over. If it was you, you stay on the record only as a partner.",
        values=hand_over_form,
    ),
)
def hand_over_one(work: Work, *, nominal_id: UUID, role: str, to_id: UUID, reason: str) -> HandedOver:
    """Give the management or supervision of one record to another holder of the token (PF-7/ViSOR Tokens.4)."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    card = _taker(work, role, to_id)
    _check_role(work, opened, role)
    if problem := _problem(work, opened.record, role, card):
        raise Invalid({"to_id": [problem]})
    _give(work, opened.record, role, card, reason)
    work.concerns(subject=("person", to_id), private=reason or None, role=role)
    _tell(work, card, role, [nominal_id])
    return HandedOver(to_id, role, 1, 0)


@service.command(
    "hand_over.many",
    path="/hand-over/<uuid:person_id>",
    input=ManyInput,
    answer=HandedOverAnswer,
)
def hand_over_many(
    work: Work, *, person_id: UUID, role: str, nominal_ids: list[UUID], to_id: UUID, reason: str
) -> HandedOver:
    """Give records that one person holds to another: all of them or none, but those that are no longer theirs."""
    card = _taker(work, role, to_id)
    given: list[UUID] = []
    for nominal_id in sorted(set(nominal_ids)):
        opened = authorise(work, ACTION, nominal_id, lock=True)
        _check_role(work, opened, role)
        if getattr(opened.record, f"{role}_id") != person_id:
            continue
        if problem := _problem(work, opened.record, role, card):
            raise Invalid({"to_id": [f"{opened.record.visor_number}: {problem}"]})
        _give(work, opened.record, role, card, reason)
        facts = {"role": role, "from": str(person_id), "to": str(to_id)}
        work.audit(work.action, About("nominal", nominal_id, nominal_id, facts))
        given.append(nominal_id)
    work.about.nominal_id = None
    left_out = len(set(nominal_ids)) - len(given)
    work.concerns(subject=("person", person_id), role=role, to=str(to_id), count=len(given))
    if given:
        _tell(work, card, role, given)
    return HandedOver(to_id, role, len(given), left_out)


def _taker(work: Work, role: str, person_id: UUID) -> PersonCard:
    """Raises R11 naming whoever does not hold the token (PF-7/ViSOR Tokens.4)."""
    card = read_model.person(work.session, person_id)
    if card is None:
        raise Invalid({"to_id": ["Choose somebody from the list"]})
    grant = DIRECTORY.grant.c
    held = select(grant.name).where(grant.person_id == person_id, grant.name == role)
    if work.session.execute(held).first() is None:
        raise Refusal("R11", token=role, contact=contact(f"Proposed {role}", card))
    return card


def _check_role(work: Work, opened: Opened, role: str) -> None:
    if not (work.principal.is_system or may_hand_over(role, opened.standings)):
        cpc = contact("Owning CPC", read_model.owning_cpc(work.session, opened.record.owner_unit))
        raise Refusal("R11", token=f"{role}, LPC or CPC", contact=cpc, nominal_id=opened.nominal_id)


def _problem(work: Work, record: Record, role: str, card: PersonCard) -> str | None:
    return holder_problem(
        card.name,
        active=card.active,
        same_agency=card.agency == record.owner_agency,
        shut_out=record.limited_access and not _listed(work, record.id, card.id),
        now=getattr(record, f"{role}_id") == card.id,
    )


def _listed(work: Work, nominal_id: UUID, person_id: UUID) -> bool:
    found = select(Listed.id).where(Listed.nominal_id == nominal_id, Listed.person_id == person_id)
    return work.session.execute(found).first() is not None


def _give(work: Work, record: Record, role: str, card: PersonCard, reason: str) -> None:
    nominal = work.session.get_one(Nominal, record.id)
    column = f"{role}_id"
    previous = getattr(nominal, column)
    note_change(work, record.id, "handed_over", {column: (previous, card.id)}, reason=reason or None)
    setattr(nominal, column, card.id)
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()
    changed = _after(record, role, card.id)
    version = standing_changed(work, changed)
    data = {"nominal_id": record.id, "what": "summary", "standing_version": version}
    told = agencies_told(work.session, changed)
    work.emit(NOMINAL_CHANGED, data, aggregate=("nominal", record.id), agencies=told)
    _tell_who_follows(work, record, role, previous, card, version)


def _tell_who_follows(
    work: Work, record: Record, role: str, previous: UUID | None, card: PersonCard, version: int
) -> None:
    """What was still to be done goes along: said for each record, whoever took it over (they may be the principal)."""
    data = {
        "nominal_id": record.id,
        "role": role,
        "holder_id": card.id,
        "previous_id": previous,
        "managing_unit": record.managing_unit,
        "standing_version": version,
    }
    work.emit(HOLDER_CHANGED, data, aggregate=("nominal", record.id), agencies=[record.owner_agency])


def _after(record: Record, role: str, person_id: UUID) -> Record:
    if role == "manager":
        return replace(record, manager_id=person_id)
    return replace(record, supervisor_id=person_id)


def _tell(work: Work, card: PersonCard, role: str, given: list[UUID]) -> None:
    """One item for whoever takes over, however many records it is; not for who takes them themselves."""
    if card.id == work.principal.person_id:
        return
    hand_over_id = new_id()
    data = {
        "hand_over_id": hand_over_id,
        "role": role,
        "count": len(given),
        "nominal_id": given[0] if len(given) == 1 else None,
        "several": len(given) > 1,
    }
    to = [Concerned(card.id, role, card.unit, card.agency)]
    work.emit(HANDED_OVER, data, aggregate=("hand_over", hand_over_id), to=to)
