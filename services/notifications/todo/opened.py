"""Who opened their to-do list on which day: told to identity once a day, for log-on audits (PF-4.29.1)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects.postgresql import insert

from services.notifications.todo.models import TodoOpening
from shared.events.notifications import TODO_OPENED
from shared.work import Work


def note_opening(work: Work, last: date | None) -> date | None:
    """Tells it where it is the first time today; returns the day of the time before, if it was another (`last`)."""
    person, today = work.principal.person_id, work.today
    if last == today:
        return None
    session = work.session
    work.together()
    row = insert(TodoOpening).values(person_id=person, day=today)
    newer = row.on_conflict_do_update(
        index_elements=["person_id"], set_={"day": today}, where=TodoOpening.day < today
    )
    if session.execute(newer.returning(TodoOpening.person_id)).first() is not None:
        work.emit(TODO_OPENED, {"person_id": person, "day": today}, aggregate=("person", person))
    return last
