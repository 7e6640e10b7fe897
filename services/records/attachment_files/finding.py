"""The files of one entry, to whoever may read all that it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from services.records.access.authorise import Opened, authorise
from services.records.attachment_files.models import DESCRIPTION, AttachedFile
from services.records.attachments import values as sealed
from services.records.attachments.catalogue import Folder, catalogue
from services.records.attachments.models import Entry, Version
from services.records.attachments.rules import masked_fields
from services.records.attachments.writing import entry_of, may_see_whole
from services.records.previews.asking import previews_of
from services.records.previews.models import Preview
from shared.files import FileRow, Kind, describe
from shared.refusals import NotFound
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ShownFile:
    """`description` is that of the field where the file is one of the entry's own; `text` what is plain text says."""

    file_id: UUID
    name: str
    kind: Kind
    size: int
    description: str | None
    added_by: UUID | None
    added_at: datetime | None
    preview: str
    pages: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class EntryFiles:
    opened: Opened
    entry: Entry
    folder: Folder
    files: list[ShownFile]

    def file(self, file_id: UUID) -> ShownFile:
        """Raises NotFound for a file that is none of this entry's."""
        found = next((one for one in self.files if one.file_id == file_id), None)
        if found is None:
            raise NotFound
        return found


def files_of(
    work: Work, nominal_id: UUID, entry_id: UUID, action: str = "nominals.read", *, lock: bool = False
) -> EntryFiles:
    """As `files_in`, for whoever may do this on the record."""
    return files_in(work, authorise(work, action, nominal_id, lock=lock), entry_id)


def files_in(work: Work, opened: Opened, entry_id: UUID) -> EntryFiles:
    """Those of its fields in every version, newest first, and those that were attached; in four queries.

    Raises NotFound for an entry that the reader may not know of, and R47 while what concerns victims is masked.
    """
    entry = entry_of(work, opened, entry_id)
    folder = catalogue()[entry.folder]
    work.concerns(subject=("attachment_entry", entry_id), folder=folder.key)
    found = select(Version).where(Version.entry_id == entry_id).order_by(Version.number.desc())
    versions = list(work.session.scalars(found))
    _must_be_shown(work, folder, entry, versions[0])
    labels = _of_fields(work, folder, versions)
    attached = {one.file_id: one for one in work.session.scalars(_attached(entry_id))}
    rows = describe(work, [*labels, *attached])
    previews = previews_of(work, rows)
    files = [
        _shown(work, rows[id], labels.get(id), attached.get(id), previews.get(id))
        for id in (*labels, *attached)
        if id in rows
    ]
    return EntryFiles(opened, entry, folder, files)


def _must_be_shown(work: Work, folder: Folder, entry: Entry, version: Version) -> None:
    if entry.grading == "victim-sensitive" or {*folder.file_fields} & masked_fields(folder, entry.grading):
        may_see_whole(work, folder, entry, version)


def file_ids(work: Work, entry: Entry) -> set[UUID]:
    """Every file of the entry: of its fields in any version, and attached."""
    found = select(Version).where(Version.entry_id == entry.id).order_by(Version.number.desc())
    of_fields = _of_fields(work, catalogue()[entry.folder], list(work.session.scalars(found)))
    return {*of_fields, *(one.file_id for one in work.session.scalars(_attached(entry.id)))}


def _of_fields(work: Work, folder: Folder, versions: list[Version]) -> Mapping[UUID, str]:
    """File → what it is; one that a later version replaced is of an earlier version."""
    found: dict[UUID, str] = {}
    for place, version in enumerate(versions if folder.file_fields else ()):
        values = sealed.open_whole(work, folder, version)
        for name in folder.file_fields:
            if values.get(name):
                label = folder.fields[name].label
                found.setdefault(UUID(values[name]), f"{label}, of an earlier version" if place else label)
    return found


def _attached(entry_id: UUID) -> Select[AttachedFile]:
    return select(AttachedFile).where(AttachedFile.entry_id == entry_id).order_by(AttachedFile.id)


def _shown(
    work: Work, row: FileRow, label: str | None, attached: AttachedFile | None, preview: Preview | None
) -> ShownFile:
    description = label
    if attached is not None:
        description = work.runtime.readable(attached.origin_nominal_id, DESCRIPTION, attached.description)
    return ShownFile(
        file_id=row.id,
        name=row.name,
        kind=row.kind,
        size=row.size,
        description=description,
        added_by=attached.added_by if attached else None,
        added_at=attached.added_at if attached else None,
        preview=preview.state if preview else "impossible",
        pages=len(preview.pages) if preview else 0,
    )
