"""Writing entries: every change is a new version, in one transaction with its audit entry and its fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened, authorise
from services.records.access.record import Record
from services.records.access.told import agencies_told
from services.records.activity_log.needs import updated
from services.records.attachments import values as sealed
from services.records.attachments.catalogue import Folder, Unique
from services.records.attachments.clearance import cleared, readers_of, revealed
from services.records.attachments.followed import tell_followers, tell_followers_of_all
from services.records.attachments.kept import bring_into_line, refuse_contradiction
from services.records.attachments.leaving import tell_of_transfer
from services.records.attachments.models import REASON, Entry, Version
from services.records.attachments.references import resolve, visor_number
from services.records.attachments.rules import (
    COMMON_FIELDS,
    changed_fields,
    dates_of,
    found_as,
    masked_fields,
    slot_of,
    written,
)
from services.records.previews.asking import ask_for
from services.records.search.known import forget, know
from services.records.service import service
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.events.records.attachments import ATTACHMENT_CHANGED
from shared.files import Arriving, keep
from shared.ids import new_id
from shared.refusals import Contact, Invalid, NotFound, Refusal
from shared.work import Work

ACTION = "attachments.change"
TAKEN = "There is a current entry of this already. Change that one, or end it first."
# Two who add at one moment what there can be once.
service.constraints["uq_attachment_entry_slot"] = lambda: Refusal("R34", what=TAKEN)
# Whoever stands to the record in no other way corrects what others wrote, and says why (PF-4.16j).
CORRECTING = frozenset({"cpc", "deputy"})


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry after a change, as the API answers it."""

    entry: Entry
    values: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.entry, name)


def add(work: Work, folder: Folder, nominal_id: UUID, given: Mapping[str, Any]) -> Saved:
    """Add an entry to a folder."""
    opened = authorise(work, ACTION, nominal_id, lock=_needs_row(folder))
    values = _checked(work, folder, opened, given, {})
    entry = Entry(
        id=new_id(),
        nominal_id=nominal_id,
        folder=folder.key,
        entered_by=work.principal.person_id,
        entered_at=work.now,
        agency=work.principal.agency,
        unit=work.principal.unit,
        changed_at=work.now,
        version=0,
    )
    _state(folder, entry, values)
    make_room(work, opened.record, folder, entry, values)
    work.session.add(entry)
    work.session.flush()
    write(work, opened.record, folder, entry, values, what="added", changed=list(values))
    return _saved(folder, entry, values)


def _needs_row(folder: Folder) -> bool:
    """Whether the nominal's row is held: what there can be once, and what the register's rows follow."""
    return bool(folder.unique or folder.kept_by) or folder.entries == "one"


def change(work: Work, folder: Folder, nominal_id: UUID, entry_id: UUID, given: Mapping[str, Any]) -> Saved:
    """Make a new version of an entry; refused where somebody saved since this person looked."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    entry = entry_of(work, opened, entry_id, lock=True)
    if entry.folder != folder.key:
        raise NotFound
    before = last_version(work, entry)
    held = sealed.open_whole(work, folder, before)
    may_see_whole(work, folder, entry, before)
    fresh = {name: value for name, value in given.items() if name not in {"version", "correction"}}
    _not_stale(work, folder, entry, before, held, given)
    if entry.state in {"removed", "superseded"}:
        raise Refusal("R34", what="This entry is kept as it was, and is not changed any more.")
    correction = _correction(opened, entry, given.get("correction"), work)
    values = _checked(work, folder, opened, fresh, held)
    names = changed_fields(held, values)
    if not names:
        work.concerns(subject=("attachment_entry", entry.id), folder=folder.key, changed=[])
        return _saved(folder, entry, values)
    _state(folder, entry, values)
    make_room(work, opened.record, folder, entry, values)
    what = "corrected" if correction else "changed"
    write(work, opened.record, folder, entry, values, what=what, changed=names, reason=correction)
    return _saved(folder, entry, values)


def entry_of(work: Work, opened: Opened, entry_id: UUID, *, lock: bool = False) -> Entry:
    """Raises NotFound also for one that the principal may not know of."""
    found = select(Entry).where(
        Entry.id == entry_id, Entry.nominal_id == opened.nominal_id, cleared(work.principal, opened.standings)
    )
    found = found.with_for_update() if lock else found
    entry = work.session.execute(found, execution_options={"populate_existing": lock}).scalar_one_or_none()
    if entry is None:
        raise NotFound
    return entry


def last_version(work: Work, entry: Entry) -> Version:
    found = select(Version).where(Version.entry_id == entry.id, Version.number == entry.version)
    return work.session.execute(found).scalar_one()


def may_see_whole(work: Work, folder: Folder, entry: Entry, version: Version) -> None:
    """Whoever changes what is masked must have had it shown; else R47."""
    if version.masked_values is None:
        return
    asked = revealed(work.principal, [entry.id], work.system_now)
    if work.session.execute(asked).first() is None and not work.principal.is_system:
        raise Refusal("R47", nominal_id=entry.nominal_id, folder=folder.title)


def write(
    work: Work,
    record: Record,
    folder: Folder,
    entry: Entry,
    values: Mapping[str, Any],
    *,
    what: str,
    changed: list[str],
    reason: str | None = None,
) -> None:
    """The entry's next version, what the search knows of it, its audit entry and its fact."""
    entry.version += 1
    entry.changed_at = work.now
    plain, masked = sealed.seal(work, entry.origin_nominal_id, folder, entry.grading, values)
    work.session.add(
        Version(
            entry_id=entry.id,
            nominal_id=entry.nominal_id,
            origin_nominal_id=entry.origin_nominal_id,
            number=entry.version,
            what=what,
            written_at=work.now,
            written_by=work.principal.person_id,
            agency=work.principal.agency,
            unit=work.principal.unit,
            grading=entry.grading,
            source=values["source"],
            source_date=values["source_date"],
            open_values=plain,
            masked_values=masked,
            changed=changed,
            reason=work.runtime.encrypt(entry.origin_nominal_id, REASON, reason) if reason else None,
        )
    )
    work.session.flush()
    _make_findable(work, folder, entry, values)
    bring_into_line(work, folder, entry, values)
    tell_of_transfer(work, folder, entry, values)
    updated(work, entry.nominal_id, folder.key)
    tell_followers(work, record, entry, values)
    work.concerns(
        subject=("attachment_entry", entry.id),
        folder=folder.key,
        what=what,
        version=entry.version,
        changed=[name for name in changed if name not in masked_fields(folder, entry.grading)],
    )
    tell(work, record, entry, what)


def tell(work: Work, record: Record, entry: Entry, what: str) -> None:
    """Everybody with a relationship hears of it; of what is graded, or of a limited record, only that it is so."""
    restricted = entry.grading != "open" or record.limited_access
    _tell(work, record, entry.folder, entry.id, what, restricted=restricted)


def tell_of_folder(work: Work, record: Record, folder: Folder, what: str) -> None:
    restricted = folder.grading != "open" or record.limited_access
    _tell(work, record, folder.key, None, what, restricted=restricted)


def _tell(
    work: Work, record: Record, folder: str, entry_id: UUID | None, what: str, *, restricted: bool
) -> None:
    data = {
        "nominal_id": record.id,
        "entry_id": None if restricted else entry_id,
        "folder": None if restricted else folder,
        "change": None if restricted else what,
        "what": "restricted_update" if restricted else "attachment",
        "standing_version": record.standing_version,
    }
    tell_followers_of_all(work, record)
    work.emit(
        ATTACHMENT_CHANGED,
        data,
        aggregate=("nominal", record.id),
        agencies=agencies_told(work.session, record),
        detail="restricted" if restricted else "full",
    )


def _make_findable(work: Work, folder: Folder, entry: Entry, values: Mapping[str, Any]) -> None:
    """Nothing about a victim, and nothing of handling code C, is found by everybody who searches."""
    hidden = entry.grading == "victim-sensitive" or entry.handling_code == "C" or entry.state == "removed"
    if hidden or not folder.searched:
        forget(work, entry.id)
    else:
        know(work, entry.nominal_id, entry.id, found_as(folder, values))  # type: ignore[arg-type]


def _checked(
    work: Work, folder: Folder, opened: Opened, given: Mapping[str, Any], held: Mapping[str, Any]
) -> dict[str, Any]:
    """The values as they are kept, files with them. Raises Invalid, or R19 for what is not sanitised."""
    values = {name: given.get(name) for name in (*folder.fields, *COMMON_FIELDS)}
    for name in folder.file_fields:
        values[name] = values[name] if values[name] is not None else held.get(name)
    for name, one in folder.fields.items():
        if one.must_be is not None and values[name] is not one.must_be:
            raise Refusal(one.refused_as, nominal_id=opened.nominal_id)
    if values["grading"] != "intelligence-handled" and "handling_code" not in folder.fields:
        values["handling_code"] = values["handling_conditions"] = None
    checked = written(folder, values, jurisdiction=opened.record.jurisdiction, today=work.today)
    if checked.wrong:
        raise Invalid(checked.wrong)
    refuse_contradiction(work, opened.record, folder, checked.values, dates_of(folder, checked.values)[1])
    resolve(work, folder, opened, checked.values)
    for name in folder.file_fields:
        if isinstance(checked.values[name], Arriving):
            file_id = keep(work, checked.values[name], nominal_id=opened.nominal_id)
            ask_for(work, file_id, opened.nominal_id)
            checked.values[name] = str(file_id)
    return {name: value for name, value in checked.values.items() if value is not None}


def _state(folder: Folder, entry: Entry, values: Mapping[str, Any]) -> None:
    """What of the values stands in the entry's own row, so that lists need not open them."""
    slot = slot_of(folder, values)
    entry.grading = values["grading"]
    entry.handling_code = values.get("handling_code")
    entry.readers = readers_of(
        entry.handling_code, values.get("originating_agency"), entry.agency, entry.readers
    )
    entry.begins_on, entry.ends_on = dates_of(folder, values)
    entry.state = "current"
    entry.slot = None if slot is None else slot.slot


def make_room(work: Work, record: Record, folder: Folder, entry: Entry, values: Mapping[str, Any]) -> None:
    """What there can be once: the one before is superseded, or the new one is refused. The nominal's row is held."""
    place = slot_of(folder, values)
    if place is None:
        return
    for other in _holders(work, entry, place):
        over = other.ends_on is not None and other.ends_on <= work.today
        if place.second == "refused" and not over:
            raise Invalid({next(iter(place.when), "source"): [TAKEN]})
        _set_aside(work, record, folder, other, "ended" if over else "superseded")
    work.session.flush()


def _holders(work: Work, entry: Entry, place: Unique) -> list[Entry]:
    found = select(Entry).where(
        Entry.nominal_id == entry.nominal_id,
        Entry.folder == entry.folder,
        Entry.slot == place.slot,
        Entry.state == "current",
        Entry.id != entry.id,
    )
    with work.session.no_autoflush:
        return list(work.session.scalars(found))


def _set_aside(work: Work, record: Record, folder: Folder, other: Entry, state: str) -> None:
    """A version says that and when it was superseded; its values stay as they were."""
    before = last_version(work, other)
    other.state = state
    values = sealed.open_whole(work, folder, before)
    write(work, record, folder, other, values, what=state, changed=[])


def _not_stale(
    work: Work,
    folder: Folder,
    entry: Entry,
    before: Version,
    held: Mapping[str, Any],
    given: Mapping[str, Any],
) -> None:
    seen = given["version"]
    if seen == entry.version:
        return
    names = [name for name in (*folder.fields, *COMMON_FIELDS) if name in given]
    mine = {name: given[name] for name in names if not isinstance(given[name], Arriving)}
    now = as_typed(work, folder, held)
    theirs = {name: now.get(name) for name in names if name in mine}
    work.expect_version(
        seen, entry.version, mine=mine, theirs=theirs, by=_who_saved(work, before), at=before.written_at
    )


def _who_saved(work: Work, version: Version) -> Contact | None:
    card = read_model.person(work.session, version.written_by)
    return contact("Who saved", card) if card is not None else None


def as_typed(work: Work, folder: Folder, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a form takes them: a nominal by its ViSOR number."""
    typed = dict(values)
    for name, one in folder.fields.items():
        if one.target == "nominal" and typed.get(name):
            typed[name] = visor_number(work, UUID(typed[name]))
    return typed


def _correction(opened: Opened, entry: Entry, reason: str | None, work: Work) -> str | None:
    """A CPC may correct any entry in the area, and says why (PF-4.16j)."""
    reason = (reason or "").strip() or None
    others = opened.standings - CORRECTING
    if reason is None and not others and entry.entered_by != work.principal.person_id:
        raise Invalid({"correction": ["Enter why the entry is corrected"]})
    return reason


def _saved(folder: Folder, entry: Entry, values: Mapping[str, Any]) -> Saved:
    hidden = masked_fields(folder, entry.grading)
    return Saved(entry, {name: None if name in hidden else values.get(name) for name in folder.fields})
