"""A CPC archives a record, and brings it back when the person is to be managed again (PF-4.16g, PF-4.16h)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise, facts
from services.records.access.concerned import concerned
from services.records.access.models import Listed
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.archiving import readiness, rules
from services.records.archiving.blocking import refuse_blocked
from services.records.archiving.models import BACK, REASON, Archiving
from services.records.archiving.reviewing import first_review
from services.records.archiving.schemas import ArchivedAnswer, ArchiveInput, UnarchiveInput
from services.records.hand_over.rules import holder_problem
from services.records.nominals.history import note_change
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.service import service
from services.records.transfers.steps import person_in
from shared.declarations import FormPage
from shared.events.records.archiving import NOMINAL_ARCHIVED, NOMINAL_UNARCHIVED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.time.periods import due
from shared.work import Concerned, Work

ARCHIVE, UNARCHIVE = "nominals.archive", "nominals.unarchive"
PATH = "/nominals/<uuid:nominal_id>/archive"
HERE = "/nominals/{nominal_id}/archive"
SHORTEST = 20
NOT_ARCHIVED = "The record is not archived."

service.constraints["uq_archiving_now"] = lambda: Refusal("R27")


@dataclass(frozen=True)
class Archived:
    nominal_id: UUID
    status: str
    ground: str | None = None
    partnerships_end_on: date | None = None


def may_archive(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not, or what stands against it, is said before anybody types."""
    record = authorise(work, ARCHIVE, nominal_id).record
    found = rules.ready(readiness.life_of(work, nominal_id), work.today)
    ground = found.ground if found else "other"
    refuse_blocked(work, record, ground)
    return {**about(work, record), "ground": ground}


@service.command(
    "archiving.archive",
    path=PATH,
    input=ArchiveInput,
    answer=ArchivedAnswer,
    status=201,
    form=FormPage(
        title="Archive this record",
        button="Archive record",
        done="The record is archived. It can be read and found, and nobody writes in it.",
        next=HERE,
        path=f"{PATH}/new",
        intro="Nobody writes in an archived record. It stays, is found by a search, and can be brought back. Its"
        " partnerships go on for a while, so that everybody can read what was last written, and then end.",
        values=may_archive,
    ),
)
def archive(work: Work, *, nominal_id: UUID, ground: str, reason: str) -> Archived:
    """Archive a record that need not be managed any more (PF-4.16g, PF-4.15.3, SC-17.12.1)."""
    record = authorise(work, ARCHIVE, nominal_id, lock=True).record
    _check_ground(work, nominal_id, ground, reason.strip())
    refuse_blocked(work, record, ground)
    row = Archiving(
        id=new_id(),
        nominal_id=nominal_id,
        ground=ground,
        archived_at=work.now,
        archived_by=work.principal.person_id,
        reason=work.runtime.encrypt(nominal_id, REASON, reason.strip()) if reason.strip() else None,
        partnerships_end_on=_partnerships_end(work, record),
    )
    work.session.add(row)
    nominal = work.session.get_one(Nominal, nominal_id)
    _switch(work, nominal, "archived", reason)
    work.concerns(subject=("archiving", row.id), private=reason or None, ground=ground)
    ready_id = readiness.forget(work, facts(work, nominal_id))
    first_review(work, record.owner_unit, record.owner_agency)
    _tell_archived(work, record, nominal, ready_id)
    return Archived(nominal_id, "archived", ground, row.partnerships_end_on)


def _check_ground(work: Work, nominal_id: UUID, ground: str, reason: str) -> None:
    """Raises Invalid for a ground that the record does not show; another reason is explained."""
    shown = {one.ground for one in rules.grounds(readiness.life_of(work, nominal_id), work.today)}
    if ground != "other" and ground not in shown:
        raise Invalid({"ground": ["The record does not show this. Choose what it shows, or another reason"]})
    if ground == "other" and len(reason) < SHORTEST:
        raise Invalid({"reason": [f"Give a full explanation, of {SHORTEST} characters or more."]})


def _partnerships_end(work: Work, record: Record) -> date:
    period = work.policy.period("archiving.partnerships_end_after", work.today)
    return due(work.now, period, record.jurisdiction).day


def _switch(work: Work, nominal: Nominal, status: str, reason: str) -> None:
    before, nominal.status = nominal.status, status
    nominal.changed_at, nominal.changed_by = work.now, work.principal.person_id
    act = "archived" if status == "archived" else "unarchived"
    note_change(work, nominal.id, act, {"status": (before, status)}, reason=reason.strip() or None)
    work.session.flush()


def _tell_archived(work: Work, record: Record, nominal: Nominal, ready_id: UUID | None) -> None:
    told = agencies_told(work.session, record)
    data = {
        "nominal_id": record.id,
        "ready_id": ready_id,
        "deregistration_id": nominal.deregistration_id,
    }
    to = [
        one
        for one in concerned(work, record, "manager", "supervisor")
        if one.person_id != work.principal.person_id
    ]
    work.emit(NOMINAL_ARCHIVED, data, aggregate=("nominal", record.id), to=to, agencies=told)
    _tell_changed(work, record, told)


def _tell_changed(work: Work, record: Record, told: list[str]) -> None:
    changed = {"nominal_id": record.id, "what": "summary", "standing_version": record.standing_version}
    work.emit(NOMINAL_CHANGED, changed, aggregate=("nominal", record.id), agencies=told)


def may_unarchive(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    record = authorise(work, UNARCHIVE, nominal_id).record
    if record.status != "archived":
        raise Refusal("R34", what=NOT_ARCHIVED, nominal_id=nominal_id)
    return dict(about(work, record))


@service.command(
    "archiving.unarchive",
    path=f"{PATH}/end",
    input=UnarchiveInput,
    answer=ArchivedAnswer,
    form=FormPage(
        title="Bring this record back from the archive",
        button="Bring back",
        done="The record is live again. Its new manager and supervisor have been told.",
        next="/nominals/{nominal_id}",
        path=f"{PATH}/end",
        intro="Choose who manages and supervises the person from now on. Partnerships that ended are not restored: who"
        " works with the person asks for partnership again.",
        values=may_unarchive,
    ),
)
def unarchive(
    work: Work, *, nominal_id: UUID, manager_id: UUID, supervisor_id: UUID, reason: str
) -> Archived:
    """The person is to be managed again, by whoever is named (PF-4.16h). Old partners are not restored."""
    record = authorise(work, UNARCHIVE, nominal_id, lock=True).record
    if record.status != "archived":
        raise Refusal("R34", what=NOT_ARCHIVED, nominal_id=nominal_id)
    people = _people(work, record, manager_id=manager_id, supervisor_id=supervisor_id)
    _close(work, nominal_id, reason)
    nominal = work.session.get_one(Nominal, nominal_id)
    before = {name: getattr(nominal, name) for name in _REALLOCATED}
    nominal.manager_id, nominal.supervisor_id = manager_id, supervisor_id
    # Managed again: what had ended the management has no longer its effect (D-17 runs for each deregistration once).
    nominal.deregistered_on = nominal.deregistration_id = None
    _switch(work, nominal, "live", reason)
    changed = {name: (old, getattr(nominal, name)) for name, old in before.items()}
    note_change(work, nominal_id, "handed_over", changed, reason=reason)
    work.concerns(subject=("nominal", nominal_id), private=reason)
    after = facts(work, nominal_id)
    standing_changed(work, after)
    told = agencies_told(work.session, after)
    data = {"nominal_id": nominal_id}
    work.emit(NOMINAL_UNARCHIVED, data, aggregate=("nominal", nominal_id), to=people, agencies=told)
    _tell_changed(work, facts(work, nominal_id), told)
    return Archived(nominal_id, "live")


_REALLOCATED = ("manager_id", "supervisor_id", "deregistered_on")


def _close(work: Work, nominal_id: UUID, reason: str) -> None:
    """A record that was archived before there was such a row has none."""
    found = select(Archiving).where(Archiving.nominal_id == nominal_id, Archiving.unarchived_at.is_(None))
    row = work.session.execute(found).scalar_one_or_none()
    if row is not None:
        row.unarchived_at, row.unarchived_by = work.now, work.principal.person_id
        row.back_reason = work.runtime.encrypt(row.origin_nominal_id, BACK, reason)


def _people(work: Work, record: Record, **wanted: UUID) -> list[Concerned]:
    """Each holds the token, under the owner (PF-7/ViSOR Tokens.4). Raises Invalid for anybody else."""
    found: list[Concerned] = []
    wrong: dict[str, list[str]] = {}
    for field, person_id in wanted.items():
        token = field.removesuffix("_id")
        card = person_in(work, person_id, token, record.owner_unit)
        if card is None:
            wrong[field] = [f"Choose somebody of the owning area or force who holds the {token} token"]
            continue
        shut_out = record.limited_access and not _listed(work, record.id, card.id)
        problem = holder_problem(card.name, active=True, same_agency=True, shut_out=shut_out, now=False)
        if problem:
            wrong[field] = [problem]
        found.append(Concerned(card.id, token, record.managing_unit, card.agency))
    if wrong:
        raise Invalid(wrong)
    return found


def _listed(work: Work, nominal_id: UUID, person_id: UUID) -> bool:
    found = select(Listed.id).where(Listed.nominal_id == nominal_id, Listed.person_id == person_id)
    return work.session.execute(found).first() is not None
