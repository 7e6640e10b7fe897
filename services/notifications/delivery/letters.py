"""Writing letters: urgent notes as items are raised, digests when their time has come. `posting` sends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.delivery.mail_rules import next_digest
from services.notifications.delivery.models import Letter, MailPreference
from services.notifications.service import service
from services.notifications.todo.kinds import is_always_mailed
from services.notifications.todo.models import TodoItem
from shared.directory.tables import DIRECTORY
from shared.ids import derived_id, new_id
from shared.work import Work

ADDRESS = "letter.address"
_AT_ONCE = 100
_person, _unit = DIRECTORY.person, DIRECTORY.unit


def mails(work: Work) -> bool:
    """Whether a mail server is set at all; without one nothing is written that could only wait."""
    return work.runtime.settings.smtp_url is not None


def write_urgent(work: Work, items: Sequence[tuple[UUID, UUID, str]]) -> None:
    """A note for each urgent (item, person, kind), at once: unless the person wants none, which not all kinds allow."""
    if not items or not mails(work):
        return
    reached = _reached(work, {person for _, person, _ in items})
    _write(
        work,
        [
            _row(work, f"urgent:{item}", person, "urgent", 1)
            for item, person, kind in items
            if person in reached and (reached[person] or is_always_mailed(kind))
        ],
    )


@service.each_tick
def write_digests(work: Work) -> bool:
    """Whoever's hour has come, some at once; whether more may be owed. Nothing new, no message."""
    if not mails(work):
        return False
    due = (
        select(MailPreference)
        .where(MailPreference.next_at <= work.now)
        .order_by(MailPreference.next_at, MailPreference.person_id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    owed = work.session.execute(due).scalars().all()
    parts = _jurisdictions(work, [one.person_id for one in owed])
    for one in owed:
        _digest(work, one, parts.get(one.person_id, "ENG"))
    return len(owed) == _AT_ONCE


def _digest(work: Work, one: MailPreference, jurisdiction: str) -> None:
    """Counts what came since the last; after days without a tick it is one message, not one for each hour missed."""
    at = one.next_at
    mine = select(
        func.count().filter(TodoItem.id > one.counted_to),
        func.count().filter(TodoItem.late_from <= work.now),
    ).where(TodoItem.person_id == one.person_id, TodoItem.state == "open")
    new, overdue = work.session.execute(mine).one()
    if new and at is not None:
        _write(
            work,
            [_row(work, f"digest:{one.person_id}:{at.isoformat()}", one.person_id, "digest", new, overdue)],
        )
    one.counted_to = new_id()
    one.next_at = next_digest(one.times, work.now, jurisdiction, working_days_only=one.working_days_only)


def write_unopened(work: Work, waiting: Iterable[tuple[UUID, int]], day: date) -> None:
    """To each (person, how many items wait) whose list was not opened for long."""
    _write(
        work,
        [_row(work, f"unopened:{one}:{day.isoformat()}", one, "unopened", count) for one, count in waiting],
    )


def write_to_address(work: Work, key: str, address: str) -> None:
    """For somebody without an account: the address lies encrypted, and the key holds none of it."""
    row = _row(work, str(derived_id("letter", key)), None, "changes", 1)
    _write(work, [{**row, "address": work.runtime.encrypt(None, ADDRESS, address)}])


def _row(
    work: Work, key: str, person_id: UUID | None, kind: str, items: int, overdue: int = 0
) -> dict[str, Any]:
    now = work.system_now
    counted = {"items": items, "overdue": overdue, "written_at": now, "due_at": now}
    return {"id": new_id(), "key": key, "person_id": person_id, "kind": kind, **counted}


def _write(work: Work, rows: list[dict[str, Any]]) -> None:
    if rows:
        work.session.execute(insert(Letter).on_conflict_do_nothing(index_elements=["key"]), rows)


def _reached(work: Work, people: Iterable[UUID]) -> dict[UUID, bool]:
    """Those who are there and have an address, and whether they want urgent notes: without a word of theirs, yes."""
    found = (
        select(_person.c.id, func.coalesce(MailPreference.urgent, True))
        .outerjoin(MailPreference, MailPreference.person_id == _person.c.id)
        .where(_person.c.id.in_(list(people)), _person.c.active, _person.c.email != "")
    )
    return {row[0]: row[1] for row in work.session.execute(found)}


def _jurisdictions(work: Work, people: Sequence[UUID]) -> dict[UUID, str]:
    found = (
        select(_person.c.id, _unit.c.jurisdiction)
        .join(_unit, _unit.c.code == _person.c.unit)
        .where(_person.c.id.in_(people))
    )
    return {row[0]: row[1] for row in work.session.execute(found)}


def first_digest(
    work: Work, person_id: UUID, times: Sequence[str], *, working_days_only: bool
) -> datetime | None:
    """When the first digest is owed after somebody chose these times."""
    jurisdiction = _jurisdictions(work, [person_id]).get(person_id, "ENG")
    return next_digest(times, work.now, jurisdiction, working_days_only=working_days_only)
