"""A word by e-mail to whoever has not opened their list for a week while something waits on it (PF-4.29.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.delivery.letters import mails, write_unopened
from services.notifications.delivery.models import MailPreference
from services.notifications.service import service
from services.notifications.todo.models import TodoItem, TodoOpening, UnopenedReminder
from services.notifications.todo.shown import to_do_now
from shared.directory.tables import DIRECTORY
from shared.time.calendars import london
from shared.work import Work

TASK = "todo.remind_unopened"
_AT_ONCE = 200
_MORNING = time(9)
_ASKED_FOR = "todo.unopened_asked_for"
_person = DIRECTORY.person


@service.each_tick
def ask_each_morning(work: Work) -> None:
    """A look through all users is a task, and not the tick's own."""
    today = work.today
    if work.runtime.extras.get(_ASKED_FOR) == today or not mails(work) or work.now < london(today, _MORNING):
        return
    work.enqueue(TASK, {"day": today.isoformat()}, key=today.isoformat())
    work.runtime.extras[_ASKED_FOR] = today


def remind_some(work: Work, _payload: Mapping[str, Any]) -> bool:
    """Once for each time it is due, until the list is opened; whether more may be owed."""
    today = work.today
    after = work.policy.period("to_do.unopened_reminder", today).amount
    since, before = today - timedelta(days=after), work.now - timedelta(days=after)
    rows = work.session.execute(_owed(today, since, before)).all()
    if not rows:
        return False
    write_unopened(work, [(row[0], int(row[1])) for row in rows], today)
    done = insert(UnopenedReminder).values([{"person_id": row[0], "day": today} for row in rows])
    work.session.execute(done.on_conflict_do_update(index_elements=["person_id"], set_={"day": today}))
    return len(rows) == _AT_ONCE


def _owed(today: date, since: date, before: datetime) -> Any:
    """(person, how many wait) for those who are there, can be mailed and did not decline it."""
    opened, reminded = TodoOpening.day, UnopenedReminder.day
    return (
        select(_person.c.id, func.count())
        .join(TodoItem, TodoItem.person_id == _person.c.id)
        .outerjoin(TodoOpening, TodoOpening.person_id == _person.c.id)
        .outerjoin(UnopenedReminder, UnopenedReminder.person_id == _person.c.id)
        .outerjoin(MailPreference, MailPreference.person_id == _person.c.id)
        .where(
            _person.c.active,
            _person.c.email != "",
            to_do_now(today),
            TodoItem.raised_at <= before,
            or_(opened.is_(None), opened <= since),
            or_(reminded.is_(None), reminded <= since),
            func.coalesce(MailPreference.urgent, True),
        )
        .group_by(_person.c.id)
        .order_by(_person.c.id)
        .limit(_AT_ONCE)
    )


@service.task(TASK, step=remind_some)
def reminded(_work: Work, _payload: Mapping[str, Any]) -> None:
    """Everybody who was owed a word has it."""
