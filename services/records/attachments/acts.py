"""What is done to an entry or a folder beside adding and changing: end, remove, nothing known, a named reader."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import Opened, authorise
from services.records.activity_log.needs import updated
from services.records.attachments import values as sealed
from services.records.attachments import writing
from services.records.attachments.catalogue import catalogue
from services.records.attachments.clearance import cleared, is_current, with_person
from services.records.attachments.models import Entry, NothingKnown
from services.records.attachments.queries import folder_named
from services.records.attachments.rules import end_problem
from services.records.attachments.schemas import (
    EndInput,
    EntryState,
    NothingKnownAnswer,
    NothingKnownInput,
    ReaderInput,
    RemoveInput,
)
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

FOLDERS = "/nominals/<uuid:nominal_id>/attachments"
ENTRY = f"{FOLDERS}/entries/<uuid:entry_id>"
SHOWN = "/nominals/{nominal_id}/attachments/entries/{entry_id}"
REMOVE = "attachments.remove"


def _current(work: Work, opened: Opened, entry_id: UUID, *, lock: bool = False) -> Entry:
    """Raises R34 for one that is past or removed already."""
    entry = writing.entry_of(work, opened, entry_id, lock=lock)
    if entry.state != "current":
        raise Refusal("R34", what=f"This entry is {entry.state} already.", nominal_id=opened.nominal_id)
    return entry


def may_end(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """Whoever may not end it, or comes too late, is told before typing."""
    opened = authorise(work, writing.ACTION, nominal_id)
    _current(work, opened, entry_id)
    return {**about(work, opened.record), "ended_on": work.today}


@service.command(
    "attachments.end",
    path=f"{ENTRY}/end",
    input=EndInput,
    answer=EntryState,
    form=FormPage(
        title="End an entry",
        button="End entry",
        done="The entry has ended. It stays in the folder, among the past ones.",
        next=SHOWN,
        values=may_end,
    ),
)
def end(work: Work, *, nominal_id: UUID, entry_id: UUID, ended_on: date) -> Entry:
    """What the entry says holds no longer, from that day."""
    opened = authorise(work, writing.ACTION, nominal_id, lock=True)
    entry = _current(work, opened, entry_id, lock=True)
    if problem := end_problem(ended_on, entry.begins_on, work.today):
        raise Invalid({"ended_on": [problem]})
    folder = catalogue()[entry.folder]
    before = sealed.open_whole(work, folder, writing.last_version(work, entry))
    after = {**before, folder.ends: ended_on} if folder.ends else before
    entry.state, entry.ends_on = "ended", ended_on
    changed = [folder.ends] if folder.ends else []
    writing.write(work, opened.record, folder, entry, after, what="ended", changed=changed)
    return entry


def may_remove(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    opened = authorise(work, REMOVE, nominal_id)
    if writing.entry_of(work, opened, entry_id).state == "removed":
        raise Refusal("R34", what="This entry is removed already.", nominal_id=nominal_id)
    return dict(about(work, opened.record))


@service.command(
    "attachments.remove",
    path=f"{ENTRY}/removal",
    input=RemoveInput,
    answer=EntryState,
    recent_sign_in=True,
    form=FormPage(
        title="Remove an entry",
        button="Remove entry",
        done="The entry was removed. What it said, and why it was removed, is kept for the CPC.",
        next=SHOWN,
        intro="For what should never have been on this record. It is shown to nobody but the CPC afterwards.",
        values=may_remove,
    ),
)
def remove(work: Work, *, nominal_id: UUID, entry_id: UUID, reason: str) -> Entry:
    """Only a CPC removes an entry, with a reason; its versions stay (PF-4.16j)."""
    opened = authorise(work, REMOVE, nominal_id, lock=True)
    entry = writing.entry_of(work, opened, entry_id, lock=True)
    if entry.state == "removed":
        raise Refusal("R34", what="This entry is removed already.", nominal_id=nominal_id)
    folder = catalogue()[entry.folder]
    values = sealed.open_whole(work, folder, writing.last_version(work, entry))
    entry.state = "removed"
    work.concerns(private=reason)
    writing.write(work, opened.record, folder, entry, values, what="removed", changed=[], reason=reason)
    return entry


def may_say(work: Work, *, nominal_id: UUID, folder: str) -> dict[str, Any]:
    one = folder_named(folder)
    record = authorise(work, writing.ACTION, nominal_id).record
    return {
        **about(work, record),
        "looked_on": work.today,
        "about": f"{about(work, record)['about']}: {one.title}",
    }


@service.command(
    "attachments.nothing_known",
    path=f"{FOLDERS}/<folder>/nothing-known",
    input=NothingKnownInput,
    answer=NothingKnownAnswer,
    form=FormPage(
        title="Nothing is known",
        button="Say that nothing is known",
        done="It is noted that your agency knew nothing on that day.",
        next="/nominals/{nominal_id}/attachments/{folder}",
        intro="Somebody of your agency looked, and there is nothing. It counts for the minimum dataset.",
        values=may_say,
    ),
)
def nothing_known(work: Work, *, nominal_id: UUID, folder: str, looked_on: date) -> NothingKnown:
    """An agency says, with a date, that it looked and knew nothing; its last word counts."""
    one = folder_named(folder)
    opened = authorise(work, writing.ACTION, nominal_id, lock=True)
    if looked_on > work.today:
        raise Invalid({"looked_on": ["The date on which somebody looked cannot be in the future"]})
    if _holds_something(work, opened, one.key):
        raise Refusal("R34", what="There are current entries in this folder.", nominal_id=nominal_id)
    said = {
        "looked_on": looked_on,
        "unit": work.principal.unit,
        "said_by": work.principal.person_id,
        "said_at": work.now,
    }
    of = {"nominal_id": nominal_id, "folder": one.key, "agency": work.principal.agency}
    row = insert(NothingKnown).values(id=new_id(), origin_nominal_id=nominal_id, **of, **said)
    keys = ["nominal_id", "folder", "agency"]
    work.session.execute(row.on_conflict_do_update(index_elements=keys, set_=said))
    updated(work, nominal_id, one.key)
    work.concerns(folder=one.key, looked_on=looked_on)
    writing.tell_of_folder(work, opened.record, one, "nothing_known")
    found = select(NothingKnown).filter_by(**of)
    return work.session.execute(found, execution_options={"populate_existing": True}).scalar_one()


def _holds_something(work: Work, opened: Opened, key: str) -> bool:
    found = select(func.count()).where(
        Entry.nominal_id == opened.nominal_id,
        Entry.folder == key,
        is_current(work.today),
        cleared(work.principal, opened.standings),
    )
    return bool(work.session.execute(found).scalar_one())


def may_name(work: Work, *, nominal_id: UUID, entry_id: UUID) -> dict[str, Any]:
    opened = authorise(work, writing.ACTION, nominal_id)
    if writing.entry_of(work, opened, entry_id).handling_code != "C":
        raise NotFound
    return dict(about(work, opened.record))


@service.command(
    "attachments.name_reader",
    path=f"{ENTRY}/readers",
    input=ReaderInput,
    answer=EntryState,
    form=FormPage(
        title="Name a reader",
        button="Name reader",
        done="They can read this entry from now on.",
        next=SHOWN,
        intro="With handling code C an entry is read by the originating agency and by named readers only. The CPC who"
        " owns the record, too, reads it only if named.",
        values=may_name,
    ),
)
def name_reader(work: Work, *, nominal_id: UUID, entry_id: UUID, person_id: UUID) -> Entry:
    """Let one more person read an entry with handling code C (PF-1.4.3)."""
    opened = authorise(work, writing.ACTION, nominal_id, lock=True)
    entry = writing.entry_of(work, opened, entry_id, lock=True)
    if entry.handling_code != "C":
        raise NotFound
    card = read_model.person(work.session, person_id)
    if card is None or not card.active:
        raise Invalid({"person_id": ["Choose somebody from the list"]})
    entry.readers = with_person(entry.readers, person_id)
    work.concerns(subject=("attachment_entry", entry_id), folder=entry.folder, reader=str(person_id))
    return entry
