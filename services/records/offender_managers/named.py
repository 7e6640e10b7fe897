"""Other systems say who the offender manager is; where the record has somebody else, it is to be put right.

PF-4.24: administrators ensure that the current HMPPS Offender Manager (POM or COM) is recorded on each record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.records.access.archived import is_archived
from services.records.access.authorise import facts
from services.records.access.concerned import concerned, in_role
from services.records.access.record import Record
from services.records.activity_log.reviews import FEED as NDELIUS
from services.records.custody.commands import FEED as HMPPS
from services.records.custody.movements import administrators
from services.records.nominals.followed import after_note
from services.records.nominals.models import Nominal
from services.records.nominals.numbers import whose
from services.records.nominals.owners import kind_of_agency
from services.records.offender_managers.models import SAID, NamedManager
from services.records.offender_managers.rules import COLUMNS, agrees
from services.records.offender_managers.schemas import ComMessage, ManagerHeard, PomMessage
from services.records.service import service
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.directory.tables import DIRECTORY
from shared.events.records.offender_managers import OFFENDER_MANAGER_DIFFERS, OFFENDER_MANAGER_SETTLED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import Concerned, Work

_BEARS = frozenset({"pom_id", "com_id", "offender_manager_id", "general_comments", "custody_prison"})


@service.command(
    "offender_managers.hear_com",
    path="/integrations/ndelius/offender-managers",
    input=ComMessage,
    answer=ManagerHeard,
    status=202,
    audience="integration",
)
def hear_com(
    work: Work, *, crn: str, unit: str, full_name: str, email: str, telephone: str
) -> dict[str, str]:
    """Probation's case management (nDelius) names the community offender manager.

    It is a task for who manages the record, or for the administrators of `unit` where the record is another agency's.
    """
    _may_tell(work, NDELIUS)
    place = read_model.unit(work.session, unit)
    if place is None or place.kind != "delivery_unit":
        raise Invalid({"unit": ["Not the code of a delivery unit"]})
    nominal_id = whose(work, "crn", crn)
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id, lock=True)
    to = concerned(work, record, "manager") if kind_of_agency(record.owner_agency) == "probation" else []
    if record.manager_id is None or not to:
        to = in_role(work, "case_administrator", place.code, place.agency)
    return {"outcome": _named(work, record, "COM", _said(full_name, email, telephone), to)}


@service.command(
    "offender_managers.hear_pom",
    path="/integrations/hmpps/offender-managers",
    input=PomMessage,
    answer=ManagerHeard,
    status=202,
    audience="integration",
)
def hear_pom(work: Work, *, noms: str, full_name: str, email: str, telephone: str) -> dict[str, str]:
    """The prisons' own system (NOMIS) names the prison offender manager: a task for the prison's administrators."""
    _may_tell(work, HMPPS)
    nominal_id = whose(work, "noms", noms.strip().upper())
    if nominal_id is None:
        return {"outcome": "no_record"}
    record = facts(work, nominal_id, lock=True)
    if record.status == "live" and record.custody_prison is None:
        return {"outcome": "not_in_custody"}
    to = administrators(work, record.custody_prison) if record.custody_prison else []
    return {"outcome": _named(work, record, "POM", _said(full_name, email, telephone), to)}


def _may_tell(work: Work, feed: str) -> None:
    if not (work.principal.is_system or work.principal.holds(feed)):
        raise Refusal("R11", token=feed)


def _said(full_name: str, email: str, telephone: str) -> dict[str, str]:
    return {"full_name": " ".join(full_name.split()), "email": email, "telephone": telephone.strip()}


def _named(work: Work, record: Record, role: str, said: Mapping[str, str], to: list[Concerned]) -> str:
    """The caller holds the nominal's row."""
    work.concerns(nominal_id=record.id, role=role)
    if is_archived(work, record, "offender_manager", f"{role}|{said['email'].casefold()}"):
        return "archived"
    for before in open_ones(work, record.id, role):
        if said_of(work, before) == said:
            return "known"
        _settle(work, before, "over")
    work.session.flush()  # of two rows that change places the new one would be written first
    nominal = work.session.get_one(Nominal, record.id)
    if agrees(_address(work, getattr(nominal, COLUMNS[role])), nominal.general_comments, role, said["email"]):
        return "agrees"
    named = NamedManager(
        id=new_id(),
        nominal_id=record.id,
        role=role,
        said=work.runtime.encrypt(record.id, SAID, json.dumps(said)),
        agency=to[0].agency,
        named_at=work.now,
    )
    work.session.add(named)
    work.session.flush()
    data = {"named_id": named.id, "nominal_id": record.id, "role": role}
    work.emit(OFFENDER_MANAGER_DIFFERS, data, aggregate=("nominal", record.id), to=to)
    return "differs"


@after_note
def settle_what_agrees(work: Work, nominal_id: UUID, changed: Mapping[str, tuple[Any, Any]]) -> None:
    """The record has whom the other system names, in whatever way that came about; or the person left the prison."""
    if not _BEARS & changed.keys():
        return
    with work.session.no_autoflush:
        waiting = open_ones(work, nominal_id)
        nominal = work.session.get_one(Nominal, nominal_id) if waiting else None
        for named in waiting:
            if named.role == "POM" and "custody_prison" in changed:
                _settle(work, named, "over")
            elif nominal is not None and _has(work, nominal, named, changed):
                _settle(work, named, "settled")


def _has(work: Work, nominal: Nominal, named: NamedManager, changed: Mapping[str, tuple[Any, Any]]) -> bool:
    column = COLUMNS[named.role]
    now = {name: pair[1] for name, pair in changed.items()}
    # The summary's own form names the one who counts now.
    if "offender_manager_id" in now and column == ("pom_id" if nominal.custody_prison else "com_id"):
        now[column] = now["offender_manager_id"]
    recorded = now.get(column, getattr(nominal, column))
    comments = now.get("general_comments", nominal.general_comments)
    said = said_of(work, named)
    return said is not None and agrees(_address(work, recorded), comments, named.role, said["email"])


def open_ones(work: Work, nominal_id: UUID, role: str | None = None) -> list[NamedManager]:
    """Locked."""
    found = select(NamedManager).where(NamedManager.nominal_id == nominal_id, NamedManager.state == "open")
    if role is not None:
        found = found.where(NamedManager.role == role)
    return list(work.session.execute(found.with_for_update()).scalars())


def said_of(work: Work, named: NamedManager) -> dict[str, str] | None:
    """None where the nominal's key was destroyed."""
    text = work.runtime.readable(named.origin_nominal_id, SAID, named.said)
    said: dict[str, str] | None = json.loads(text) if text is not None else None
    return said


def user_of(work: Work, email: str) -> PersonCard | None:
    """The active user with this address; None for nobody, and where it is not one person's own."""
    person = DIRECTORY.person.c
    found = select(person.id).where(func.lower(person.email) == email.strip().lower(), person.active).limit(2)
    ids = list(work.session.execute(found).scalars())
    return read_model.person(work.session, ids[0]) if len(ids) == 1 else None


def _address(work: Work, person_id: UUID | None) -> str | None:
    card = read_model.person(work.session, person_id) if person_id else None
    return card.email if card is not None else None


def _settle(work: Work, named: NamedManager, state: str) -> None:
    named.state, named.settled_at = state, work.now
    data = {"named_id": named.id, "nominal_id": named.nominal_id, "state": state}
    subject = ("nominal", named.nominal_id)
    work.emit(OFFENDER_MANAGER_SETTLED, data, aggregate=subject, agencies=[named.agency])
