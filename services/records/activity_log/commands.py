"""Adding to the log and correcting it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.records.access.authorise import Opened, authorise
from services.records.access.clearance import readers
from services.records.access.record import record_statement
from services.records.access.told import stood_agencies, with_owner
from services.records.activity_log.needs import ask_for
from services.records.activity_log.reading import one_entry
from services.records.activity_log.reviews import copied
from services.records.activity_log.rules import ASSESSMENT_ADDED, LEVEL_1_REVIEW
from services.records.activity_log.schemas import Correction, EntryAnswer, NewEntry
from services.records.activity_log.writing import Added, write_entry
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/activity-log"
# The record, the standing of who writes and the agencies to tell, in one SELECT: the log is what is written most.
RECORD = record_statement(stood_agencies().label("stood"))
GONE = "The record was archived, merged or deleted at this moment. Open it again."
CORRECTED = "This entry was corrected already. Read the correction: that one can be corrected in its turn."

service.constraints["uq_activity_entry_corrects"] = lambda: Refusal("R34", what=CORRECTED)
service.constraints["activity_entry_live"] = lambda: Refusal("R34", what=GONE)


def may_add(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not write is told before typing."""
    return dict(about(work, authorise(work, "activity_log.add", nominal_id).record))


@service.command(
    "activity_log.add",
    path=PATH,
    input=NewEntry,
    answer=EntryAnswer,
    status=201,
    apart=True,
    form=FormPage(
        title="Add an activity log entry",
        button="Add entry",
        done="The entry is on the log.",
        next="/nominals/{nominal_id}/activity-log",
        path=f"{PATH}/add",
        intro="Entries are never changed: a correction is another entry. Every partner of the record can read it,"
        " unless you say below who may.",
        values=may_add,
        drafts=True,
    ),
)
def add_entry(
    work: Work,
    *,
    nominal_id: UUID,
    kind: str,
    text: str,
    for_attention: Sequence[str] = (),
    important: bool = False,
    attachments: Sequence[str] = (),
    to_inform: str = "",
    only_roles: Sequence[str] = (),
    only_agencies: Sequence[str] = (),
    only_people: Sequence[UUID] = (),
) -> Added:
    """Add an entry; with "notify manager" its manager gets an important to-do item (PF-4.19.2)."""
    opened = authorise(work, "activity_log.add", nominal_id, statement=RECORD)
    check_readers(work, only_people)
    entry = write_entry(
        work,
        opened.record,
        with_owner(opened.row.stood, opened.record),
        kind=kind,
        text=text,
        for_attention=for_attention,
        important=important,
        readers=readers(only_roles, only_agencies, only_people),
        to_inform=to_inform.strip() or None,
    )
    note(work, entry)
    if attachments:
        ask_for(work, opened.record, entry, attachments)
    if kind == LEVEL_1_REVIEW:
        copied(work, opened.record, entry.id)
    return entry


def may_tell_of_assessment(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """PF-4.19: the entry with which the administrator tells the manager that a risk assessment was added."""
    told = {"kind": "risk_assessment", "text": ASSESSMENT_ADDED, "for_attention": ["manager"]}
    return {**may_add(work, nominal_id=nominal_id), **told, "important": True}


service.command(
    "activity_log.add_assessment",
    path=f"{PATH}/assessments",
    input=NewEntry,
    answer=EntryAnswer,
    status=201,
    form=FormPage(
        title="Tell the manager of a new risk assessment",
        button="Add entry",
        done="The entry is on the log, and whoever it is for is told.",
        next="/nominals/{nominal_id}/activity-log",
        path=f"{PATH}/add-risk-assessment",
        values=may_tell_of_assessment,
    ),
)(add_entry)


def check_readers(work: Work, people: Sequence[UUID]) -> None:
    """Raises Invalid where one of those who alone may read an entry is no user."""
    if people and len(known := read_model.people(work.session, people)) < len(set(people)):
        missing = len(set(people)) - len(known)
        raise Invalid({"only_people": [f"Choose from the list: {missing} of these are no users"]})


def note(work: Work, entry: Added) -> None:
    """For the audit: which entry was written, and what is remarkable about it."""
    facts: dict[str, Any] = {"kind": entry.kind, "for_attention": entry.for_attention}
    facts |= {name: True for name in ("important", "restricted") if getattr(entry, name)}
    work.concerns(subject=("activity_entry", entry.id), **facts)


def may_correct(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """The text as it stands, to put right; whoever may not write, or comes too late, is told before typing."""
    opened = authorise(work, "activity_log.add", nominal_id)
    entry = _to_correct(work, opened, entry_id)
    return {**about(work, opened.record), "text": entry.text}


@service.command(
    "activity_log.correct",
    path=f"{PATH}/<uuid:entry_id>/correction",
    input=Correction,
    answer=EntryAnswer,
    status=201,
    form=FormPage(
        title="Correct an entry",
        button="Add correction",
        done="The correction is on the log, beside what it corrects.",
        next="/nominals/{nominal_id}/activity-log",
        path=f"{PATH}/<uuid:entry_id>/correct",
        intro="What was written stays. Your correction is an entry of its own that shows what it corrects; whoever may"
        " read the one may read the other.",
        values=may_correct,
    ),
)
def correct(
    work: Work, *, nominal_id: UUID, entry_id: UUID, text: str, for_attention: list[str], important: bool
) -> Added:
    """Add an entry that puts another one right; both stay on the log (PF-7/Activity Log.1)."""
    opened = authorise(work, "activity_log.add", nominal_id, statement=RECORD)
    before = _to_correct(work, opened, entry_id)
    may_read = before.readers and sorted({*before.readers, f"person:{before.author_id}"})
    entry = write_entry(
        work,
        opened.record,
        with_owner(opened.row.stood, opened.record),
        kind=str(before.kind),
        text=text,
        for_attention=for_attention,
        important=important,
        readers=may_read,
        corrects=entry_id,
    )
    note(work, entry)
    work.concerns(corrects=str(entry_id))
    return entry


def _to_correct(work: Work, opened: Opened, entry_id: UUID) -> Any:
    """Raises NotFound also for a restricted entry that this person may not read."""
    entry = one_entry(work, opened, entry_id)
    if entry is None or not entry.cleared:
        raise NotFound
    if entry.corrected_by is not None:
        raise Refusal("R34", what=CORRECTED, nominal_id=opened.nominal_id)
    return entry
