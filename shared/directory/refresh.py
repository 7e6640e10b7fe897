"""Pulling identity's directory into the read model, page by page. Doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.directory.tables import DIRECTORY
from shared.work import Work

PAGE = 500
_ONE = 1
_PERSON = ("name", "job_title", "email", "telephone", "agency", "unit", "active", "version")
_UNIT = ("name", "kind", "parent", "agency", "jurisdiction", "version")

# The task that a service may declare for people who are there again (`people`), after they were not.
RETURNED = "directory.returned"
# Called with (after, limit); gives one page: {"version": up to which, "more": bool, "units": […], "people": […]}.
Fetch = Callable[[int, int], Mapping[str, Any]]


class DirectoryAway(Exception):
    """Identity cannot be asked now; what is known stays, and the tick asks again."""


def refresh(work: Work, fetch: Fetch, *, wait: bool = True) -> bool:
    """Read on from where we were, up to the newest; False where somebody else is reading (only without `wait`).

    Raises DirectoryAway when identity cannot be asked. The state's row stays locked to the end of the transaction, so
    that two readers never write an older page over a newer.
    """
    version = _lock_state(work.session, wait=wait)
    if version is None:
        return False
    more, back = True, list[UUID]()
    while more:
        page = fetch(version, PAGE)
        _write_units(work.session, page["units"])
        back += _write_people(work.session, page["people"])
        version, more = int(page["version"]), bool(page["more"])
    state = DIRECTORY.state
    work.session.execute(state.update().values(version=version, refreshed_at=work.system_now))
    if back and RETURNED in work.runtime.service.tasks:
        work.enqueue(RETURNED, {"people": [str(one) for one in back]})
    return True


def note_wanted(session: Session, version: int) -> bool:
    """An event says that the directory goes up to `version`. Returns whether that is more than we have read."""
    state = DIRECTORY.state
    row = insert(state).values(id=_ONE, version=0, wanted=version)
    newer = row.on_conflict_do_update(
        index_elements=["id"],
        set_={"wanted": row.excluded.wanted},
        where=state.c.wanted < row.excluded.wanted,
    )
    session.execute(newer)
    return bool(session.execute(select(state.c.version < state.c.wanted)).scalar_one())


def _lock_state(session: Session, *, wait: bool) -> int | None:
    state = DIRECTORY.state
    # An INSERT … ON CONFLICT would wait for whoever is reading, so it is only for the first time.
    if session.execute(select(state.c.id)).first() is None:
        session.execute(insert(state).values(id=_ONE, version=0, wanted=0).on_conflict_do_nothing())
    row = session.execute(select(state.c.version).with_for_update(skip_locked=not wait)).first()
    return None if row is None else int(row.version)


def _write_units(session: Session, units: Iterable[Mapping[str, Any]]) -> None:
    rows = [{"code": unit["code"], **{name: unit[name] for name in _UNIT}} for unit in units]
    _upsert(session, DIRECTORY.unit, "code", _UNIT, rows)


def _write_people(session: Session, people: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """Returns those who were known as away, and are there again."""
    people = list(people)
    rows = [{"id": UUID(one["id"]), **{name: one[name] for name in _PERSON}} for one in people]
    back = _away(session, [row["id"] for row in rows if row["active"]])
    _upsert(session, DIRECTORY.person, "id", _PERSON, rows)
    grant = DIRECTORY.grant
    if rows:
        session.execute(delete(grant).where(grant.c.person_id.in_([row["id"] for row in rows])))
    held = [
        {"person_id": UUID(one["id"]), "name": held["name"], "unit": held["unit"], "kind": held["kind"]}
        for one in people
        for held in one["grants"]
    ]
    if held:
        session.execute(insert(grant).on_conflict_do_nothing(), held)
    return back


def _away(session: Session, ids: list[UUID]) -> list[UUID]:
    person = DIRECTORY.person.c
    found = select(person.id).where(person.id.in_(ids), person.active.is_(False)).order_by(person.id)
    return list(session.execute(found).scalars()) if ids else []


def _upsert(
    session: Session, table: Any, key: str, columns: Iterable[str], rows: list[dict[str, Any]]
) -> None:
    if not rows:
        return
    row = insert(table)
    changed = {name: row.excluded[name] for name in columns}
    session.execute(row.on_conflict_do_update(index_elements=[key], set_=changed), rows)
