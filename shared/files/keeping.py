"""Keeping a file with the act that brought it, opening it again, and removing it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import SEEK_END
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, Table, insert, select, update

from shared.files.arriving import Arriving
from shared.files.kinds import KINDS, Kind
from shared.files.segments import opened, sealed_size
from shared.keys import NotReadable
from shared.refusals import Invalid, NotFound, Refusal

if TYPE_CHECKING:
    from shared.work import Work

_KEY, _NAME = "file-key", "file-name"


@dataclass(frozen=True)
class FileRow:
    """What a page says about a file; `size` in bytes."""

    id: UUID
    name: str
    kind: Kind
    size: int


@dataclass(frozen=True)
class Download:
    """A file to be sent: every byte has been verified when this is made, and is again while it is sent."""

    name: str
    kind: Kind
    size: int
    chunks: Callable[[], Iterator[bytes]]

    @classmethod
    def of(cls, name: str, kind: Kind, body: bytes) -> Download:
        """What was made just now and is kept nowhere."""
        return cls(kind.named(name), kind, len(body), lambda: iter((body,)))


def keep(work: Work, arrived: Arriving, *, nominal_id: UUID | None = None) -> UUID:
    """Make the file this act's: its row is committed with it, its key wrapped by the nominal's, or the service's own.

    Should the act fail, nothing stays of the file.
    """
    arrived.seek(0)
    kind = arrived.kind
    if kind is None or arrived.too_large or arrived.runs() or arrived.virus():
        raise Invalid({"file": ["The selected file cannot be taken."]})
    return _enter(work, arrived, kind, arrived.upload_name, nominal_id)


def keep_made(work: Work, name: str, kind: Kind, content: bytes, *, nominal_id: UUID | None = None) -> UUID:
    """Keep a file that this suite made itself: a preview, a paper, an export. The sweep settles it."""
    made = work.runtime.files.arrive(name, len(content))
    made.write(content)
    made.seek(0)
    made.close()
    return _enter(work, made, kind, name, nominal_id)


def _enter(work: Work, arrived: Arriving, kind: Kind, name: str, nominal_id: UUID | None) -> UUID:
    owner = work.runtime.keys.of_owner(nominal_id)
    row = {
        "id": arrived.id,
        "nominal_id": nominal_id,
        "kind": kind.code,
        "size": arrived.size,
        "sha256": arrived.sha256,
        "name": owner.encrypt(_bound(_NAME, arrived.id), kind.named(name)),
        "wrapped_key": owner.wrap(_bound(_KEY, arrived.id), arrived.key),
        "scanned": "clean" if arrived.scanned else "no",
        "arrived_at": work.system_now,
        "arrived_by": work.principal.person_id,
    }
    work.session.execute(insert(_table(work)).values(row))
    work.concerns(file_id=str(arrived.id), kind=kind.code, size=arrived.size, sha256=arrived.sha256.hex())
    return arrived.id


def describe(work: Work, file_ids: Iterable[UUID]) -> Mapping[UUID, FileRow]:
    """Names and sizes for a page, in one query; removed ones are left out."""
    table = _table(work)
    ids = list(file_ids)
    there = select(table).where(table.c.id.in_(ids), table.c.removed_at.is_(None))
    rows = work.session.execute(there).all() if ids else []
    return {row.id: FileRow(row.id, _name(work, row), KINDS[row.kind], row.size) for row in rows}


def open_file(work: Work, file_id: UUID) -> Download:
    """Raises NotFound, or R37 where what lies there is not what was kept. Says in the audit which file it was."""
    table = _table(work)
    row = work.session.execute(select(table).where(table.c.id == file_id)).one_or_none()
    if row is None or row.removed_at is not None:
        raise NotFound
    work.concerns(file_id=str(file_id), kind=row.kind, size=row.size)
    try:
        chunks = _verified(work, row)
        return Download(_name(work, row), KINDS[row.kind], row.size, chunks)
    except (NotReadable, FileNotFoundError) as error:
        raise Refusal("R37", nominal_id=row.nominal_id) from error


def remove(work: Work, file_id: UUID) -> None:
    """Nobody can open it from the commit on, since its key is gone; the sweep takes the bytes away."""
    table = _table(work)
    gone = {"removed_at": work.system_now, "wrapped_key": None, "name": None, "sha256": None}
    here = (table.c.id == file_id) & table.c.removed_at.is_(None)
    if not work.session.execute(update(table).where(here).values(gone)).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    work.concerns(file_id=str(file_id))


def belongs_to(work: Work, file_ids: Iterable[UUID], nominal_id: UUID) -> None:
    """From now on this nominal's key opens those that another's opened; the bytes stay as they lie."""
    table, new = _table(work), work.runtime.keys.of_owner(nominal_id)
    others = select(table).where(
        table.c.id.in_(list(file_ids)), table.c.removed_at.is_(None), table.c.nominal_id != nominal_id
    )
    for row in work.session.execute(others).all():
        old = work.runtime.keys.of_owner(row.nominal_id)
        name, key = _bound(_NAME, row.id), _bound(_KEY, row.id)
        values = {
            "nominal_id": nominal_id,
            "name": new.encrypt(name, old.decrypt(name, row.name)),
            "wrapped_key": new.wrap(key, old.unwrap(key, row.wrapped_key)),
        }
        work.session.execute(update(table).where(table.c.id == row.id).values(values))


def with_rows(work: Work, file_ids: list[UUID]) -> set[UUID]:
    """Those of them that were kept."""
    table = _table(work)
    living = select(table.c.id).where(table.c.id.in_(file_ids), table.c.removed_at.is_(None))
    return set(work.session.execute(living).scalars())


def _verified(work: Work, row: Row[Any]) -> Callable[[], Iterator[bytes]]:
    """Opens it as often as it is called; raises NotReadable or FileNotFoundError where one byte is not as it was."""
    key = work.runtime.keys.of_owner(row.nominal_id).unwrap(_bound(_KEY, row.id), row.wrapped_key)
    files = work.runtime.files

    def chunks() -> Iterator[bytes]:
        with files.open(row.id) as file:
            yield from opened(key, row.id, file)

    with files.open(row.id) as file:  # the cheapest question first
        if file.seek(0, SEEK_END) != sealed_size(row.size):
            raise NotReadable("not as long as what was kept")
    digest = hashlib.sha256()
    for chunk in chunks():
        digest.update(chunk)
    if digest.digest() != row.sha256:
        raise NotReadable("not what was kept")
    return chunks


def _name(work: Work, row: Row[Any]) -> str:
    return work.runtime.keys.of_owner(row.nominal_id).decrypt(_bound(_NAME, row.id), row.name)


def _bound(purpose: str, file_id: UUID) -> str:
    return f"{purpose}:{file_id}"


def _table(work: Work) -> Table:
    table: Table | None = work.runtime.service.tables.stored_file
    if table is None:
        raise LookupError(f"{work.runtime.service.name} keeps no files")
    return table
