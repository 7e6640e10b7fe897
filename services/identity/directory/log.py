"""Saying that people or units changed, so that the other services read them again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.identity.directory.models import DirectoryChange, DirectoryVersion
from shared.events.identity.directory import DIRECTORY_CHANGED
from shared.ids import derived_id
from shared.work import EVERY_AGENCY, Work

_DIRECTORY = derived_id("directory")
_CHUNK = 5_000


def changed(work: Work, *, people: Iterable[UUID] = (), units: Iterable[str] = ()) -> int:
    """Note the change and tell the other services of it; call once a unit of work, last. Returns the newest version.

    Everybody else who changes the directory waits from here to the end of the transaction.
    """
    subjects = [("unit", code) for code in dict.fromkeys(units)]
    subjects += [("person", str(person)) for person in dict.fromkeys(people)]
    if not subjects:
        return newest(work.session)
    version = note(work.session, subjects)
    work.emit(
        DIRECTORY_CHANGED, {"version": version}, aggregate=("directory", _DIRECTORY), agencies=(EVERY_AGENCY,)
    )
    return version


def note(session: Session, subjects: list[tuple[str, str]]) -> int:
    """Give each subject a version of its own, one after the other; returns the last."""
    session.flush()
    session.execute(insert(DirectoryVersion).values(id=1, version=0).on_conflict_do_nothing())
    move = update(DirectoryVersion).values(version=DirectoryVersion.version + len(subjects))
    last = session.execute(move.returning(DirectoryVersion.version)).scalar_one()
    first = last - len(subjects) + 1
    rows = [
        {"kind": kind, "key": key, "version": version}
        for version, (kind, key) in enumerate(subjects, start=first)
    ]
    row = insert(DirectoryChange)
    newer = row.on_conflict_do_update(index_elements=["kind", "key"], set_={"version": row.excluded.version})
    for start in range(0, len(rows), _CHUNK):
        session.execute(newer, rows[start : start + _CHUNK])
    return last


def newest(session: Session) -> int:
    return session.execute(select(DirectoryVersion.version)).scalar() or 0
