"""Noting an offender manager who is no user, and asking the owner to make one who is a partner (PF-7/HMPPS OM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.access.concerned import concerned
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.activity_log.commands import add_entry
from services.records.nominals.history import note_change
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.nominals.partners import add_partners
from services.records.offender_managers.models import NamedManager
from services.records.offender_managers.named import said_of, user_of
from services.records.offender_managers.rules import (
    COLUMNS,
    LONGEST_COMMENTS,
    ROLES,
    SYSTEMS,
    line_of,
    noted,
    without,
)
from services.records.offender_managers.schemas import NotAUserInput, NotedAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.directory.read_model import PersonCard
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.events.records.offender_managers import OFFENDER_MANAGER_ADDED, OFFENDER_MANAGER_ASKED
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.about import about as about_user
from shared.web.schemas import Done, Nothing
from shared.work import Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/hmpps-manager"
TOO_LONG = "The General Comments are too long: shorten them first"
SETTLED = "The record has this offender manager already, or the other system names somebody else by now."
NOBODY_RECORDED = "No HMPPS Offender Manager who is a user is recorded on this record."


@dataclass(frozen=True)
class Noted:
    nominal_id: UUID
    general_comments: str


def may_note(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    record = authorise(work, "nominals.change", nominal_id).record
    return {**about(work, record), "role": "POM" if record.custody_prison else "COM"}


@service.command(
    "offender_managers.note",
    path=PATH,
    input=NotAUserInput,
    answer=NotedAnswer,
    form=FormPage(
        title="Offender manager who is no user",
        button="Save",
        done="Name, e-mail address and telephone number stand in the General Comments.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/note",
        intro="For a prison or community offender manager without a ViSOR account. No account is made.",
        values=may_note,
    ),
)
def note(work: Work, *, nominal_id: UUID, role: str, full_name: str, email: str, telephone: str) -> Noted:
    """Put name, e-mail and telephone into the General Comments, always in the same layout; no user is it any more."""
    record = authorise(work, "nominals.change", nominal_id, lock=True).record
    nominal = work.session.get_one(Nominal, nominal_id)
    line = line_of(role, " ".join(full_name.split()), email, telephone.strip())
    comments = noted(nominal.general_comments, role, line)
    if len(comments) > LONGEST_COMMENTS:
        raise Invalid({"full_name": [TOO_LONG]})
    _write(work, record, nominal, **{COLUMNS[role]: None, "general_comments": comments})
    work.concerns(subject=("nominal", nominal_id), role=role)
    return Noted(nominal_id, comments)


def _write(work: Work, record: Record, nominal: Nominal, **now: Any) -> None:
    changed = {name: (getattr(nominal, name), value) for name, value in now.items()}
    note_change(work, nominal.id, "offender_manager", changed)
    for name, value in now.items():
        setattr(nominal, name, value)
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    work.session.flush()
    data = {"nominal_id": nominal.id, "what": "summary", "standing_version": record.standing_version}
    told = agencies_told(work.session, record)
    work.emit(NOMINAL_CHANGED, data, aggregate=("nominal", nominal.id), agencies=told)


def may_take(work: Work, *, nominal_id: UUID, named_id: UUID) -> dict[str, Any]:
    record = authorise(work, "nominals.change", nominal_id).record
    named, said = _waiting(work, nominal_id, named_id)
    nominal = work.session.get_one(Nominal, nominal_id)
    recorded = getattr(nominal, COLUMNS[named.role])
    card = read_model.person(work.session, recorded) if recorded else None
    whom = said["full_name"] if card is None else f"{said['full_name']} instead of {card.name}"
    intro = f"{SYSTEMS[named.role]} names {whom} as {ROLES[named.role]}: {said['email']} {said['telephone']}"
    return {**about(work, record), "intro": f"{intro.strip()}. {_how(user_of(work, said['email']))}"}


def _how(card: PersonCard | None) -> str:
    if card is not None:
        return f"{card.name} is a ViSOR user, and shows on the summary with a white-pages card."
    return "Nobody with this address is a ViSOR user: the line goes into the General Comments. No account is made."


@service.command(
    "offender_managers.take",
    path=f"{PATH}/named/<uuid:named_id>",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Record the offender manager whom another system names",
        button="Record them",
        done="The record has the offender manager whom the other system names.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/named/<uuid:named_id>/record",
        values=may_take,
    ),
)
def take(work: Work, *, nominal_id: UUID, named_id: UUID) -> None:
    """Put the record in line with nDelius or NOMIS at one click (PF-4.24); that also takes the task off the lists."""
    record = authorise(work, "nominals.change", nominal_id, lock=True).record
    named, said = _waiting(work, nominal_id, named_id)
    nominal = work.session.get_one(Nominal, nominal_id)
    card = user_of(work, said["email"])
    comments = without(nominal.general_comments, named.role)
    if card is None:
        line = line_of(named.role, said["full_name"], said["email"], said["telephone"])
        comments = noted(comments, named.role, line)
    if len(comments) > LONGEST_COMMENTS:
        raise Refusal("R34", what=TOO_LONG, nominal_id=nominal_id)
    now = {COLUMNS[named.role]: card.id if card else None, "general_comments": comments or None}
    _write(work, record, nominal, **now)
    work.concerns(subject=("offender_manager_named", named_id), role=named.role)


def _waiting(work: Work, nominal_id: UUID, named_id: UUID) -> tuple[NamedManager, dict[str, str]]:
    """Raises R34 once the record has whom the other system names, or that system names another."""
    named = work.session.get(NamedManager, named_id)
    if named is None or named.nominal_id != nominal_id:
        raise NotFound
    said = said_of(work, named)
    if named.state != "open" or said is None:
        raise Refusal("R34", what=SETTLED, nominal_id=nominal_id)
    return named, said


def may_ask(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    record = authorise(work, "activity_log.add", nominal_id).record
    _recorded(work, record)
    return dict(about(work, record))


@service.command(
    "offender_managers.ask",
    path=f"{PATH}/requests",
    input=Nothing,
    answer=Done,
    status=201,
    form=FormPage(
        title="Ask the owner to add the offender manager",
        button="Ask the owner",
        done="The request is on the log, and on the owner’s to-do list.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/ask",
        intro="An activity log entry for the manager’s attention. The manager makes them a partner with one click.",
        values=may_ask,
    ),
)
def ask(work: Work, *, nominal_id: UUID) -> None:
    """Ask by activity log entry that the owner adds the offender manager as partner (PF-7/HMPPS OM summary.2)."""
    record = authorise(work, "activity_log.add", nominal_id).record
    card = _recorded(work, record)
    role = "POM" if record.custody_prison else "COM"
    text = f"Please add {card.name}, HMPPS Offender Manager ({role}) of this nominal, as a partner of the record."
    add_entry(work, nominal_id=nominal_id, kind="request_to_add", text=text)
    data = {"nominal_id": nominal_id, "person_id": card.id}
    to = concerned(work, record, "manager", "supervisor", "lpc")
    work.emit(OFFENDER_MANAGER_ASKED, data, aggregate=("nominal", nominal_id), to=to)


def may_accept(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    record = authorise(work, "partnership.decide", nominal_id).record
    card = _recorded(work, record)
    return {"about": about_user(card, before=f"{about(work, record)['about']}: ")}


@service.command(
    "offender_managers.accept",
    path=f"{PATH}/partner",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="Add the offender manager as partner",
        button="Add as partner",
        done="The offender manager is a partner of the record.",
        next="/nominals/{nominal_id}/partners",
        path=f"{PATH}/accept",
        values=may_accept,
    ),
)
def accept(work: Work, *, nominal_id: UUID) -> None:
    """Make the recorded offender manager a partner, at one click; done twice it is done once."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    card = _recorded(work, record)
    added = add_partners(work, record, [card])
    work.concerns(subject=("person", card.id), added=added)
    to = []
    if added:
        standing_changed(work, record)
        to = [Concerned(card.id, "partner", card.unit, card.agency)]
    data = {"nominal_id": nominal_id, "person_id": card.id}
    told = agencies_told(work.session, record)
    work.emit(OFFENDER_MANAGER_ADDED, data, aggregate=("nominal", nominal_id), to=to, agencies=told)


def _recorded(work: Work, record: Record) -> PersonCard:
    """The offender manager who counts now: POM in custody, COM outside. Raises R34, or R11 without the token."""
    nominal = work.session.get_one(Nominal, record.id)
    person_id = nominal.pom_id if record.custody_prison else nominal.com_id
    card = read_model.person(work.session, person_id) if person_id else None
    if card is None or not card.active:
        raise Refusal("R34", what=NOBODY_RECORDED, nominal_id=record.id)
    if card.id not in {one.id for one in read_model.members(work.session, card.unit, "partner")}:
        raise Refusal("R11", token="partner", nominal_id=record.id)  # noqa: S106 - a token is an access right here
    return card
