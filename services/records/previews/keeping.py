"""Pictures of files, and files themselves, in whole-record acts: what is deleted is gone from the disk as well."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from services.records.nominals.keepers import keep
from services.records.previews.models import Preview
from services.records.service import Base, service
from shared.files import remove
from shared.work import Work


class StoredFile(Base):
    """The table of shared/files, as one of this service's own."""

    __table__ = service.tables.stored_file


def _purge_previews(work: Work, nominal_id: UUID) -> int:
    rows = work.session.execute(delete(Preview).where(Preview.nominal_id == nominal_id).returning(Preview.id))
    return len(rows.all())


def _purge_files(work: Work, nominal_id: UUID) -> int:
    """The row stays without key and name, as of every file that was removed."""
    table = service.tables.stored_file
    found = select(table.c.id).where(table.c.nominal_id == nominal_id, table.c.removed_at.is_(None))
    ids = list(work.session.scalars(found))
    for file_id in ids:
        remove(work, file_id)
    return len(ids)


# A file's key is wrapped by that of the nominal it came for, which a merge does not change.
keep(
    StoredFile,
    merge=lambda _work, _gone, _into: 0,
    moves=False,
    purge=_purge_files,
    export=lambda _work, _nominal_id: [],
)
keep(Preview, purge=_purge_previews, export=lambda _work, _nominal_id: [])
