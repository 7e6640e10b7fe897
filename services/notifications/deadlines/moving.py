"""Counting a running clock anew: after a pause, or because national policy or the date it hangs on has changed.

Nothing editable resets a clock (section 32): only what is named here moves it, and each time it is written down, told
to whoever has it on their list, and audited.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from services.notifications.deadlines import clocks, rules
from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.models import Clock, DueChange, Rung
from services.notifications.deadlines.steps import dump_steps, kept_people, load_steps, take_steps
from services.notifications.deadlines.tasks import about, task_of
from services.notifications.todo.items import close_rungs, move_due
from services.notifications.todo.telling import tell
from shared.events.notifications import DEADLINE_MOVED
from shared.ids import new_id
from shared.work import Work


def pause(work: Work, clock: Clock) -> bool:
    """The clock stands still; nothing is owed until it goes on. False where it does not run."""
    if clock.state != "running":
        return False
    clock.state, clock.next_at = "paused", None
    clock.pauses = [*clock.pauses, {"from": work.today.isoformat(), "to": None}]
    _write_down(work, clock, "paused", clock.due_on, clock.period)
    clocks.audit(work, "deadlines.pause", clock)
    return True


def resume(work: Work, clock: Clock, entry: Entry) -> bool:
    """The clock goes on: days on which it stood still are not counted. False where it does not stand still."""
    if clock.state != "paused" or clock.started_at is None or clock.known_at is None:
        return False
    *earlier, last = clock.pauses
    clock.pauses = [*earlier, {**last, "to": work.today.isoformat()}]
    clock.state = "running"
    _count_anew(work, clock, entry, "resumed", known_at=clock.known_at)
    clocks.audit(work, "deadlines.resume", clock)
    return True


def follow(
    work: Work, entry: Entry, subject_id: UUID, since: datetime, until: rules.Until | None, told_at: datetime
) -> None:
    """The date on which the clock hangs (a release, an appointment) is another now; an older word changes nothing."""
    clock = clocks.locked(work, entry, subject_id)
    if clock.started_at is None or clock.state == "met":
        return
    if clock.moved_at is not None and told_at <= clock.moved_at:
        return
    clock.moved_at = told_at
    end = (until.at, until.exact) if until else (None, False)
    if (clock.started_at, clock.until_at, clock.exact) == (since, *end):
        return
    clock.started_at, (clock.until_at, clock.exact) = since, end
    _count_anew(work, clock, entry, "moved", known_at=work.now)
    clocks.audit(work, "deadlines.move", clock)


def recount(work: Work, clock: Clock, entry: Entry) -> bool:
    """By the policy of today; says whether anything is another now."""
    if clock.started_at is None or clock.state == "met":
        return False
    if not _count_anew(work, clock, entry, "policy", known_at=work.now):
        return False
    clocks.audit(work, "deadlines.recount", clock, period=clock.period)
    return True


def _count_anew(work: Work, clock: Clock, entry: Entry, why: str, *, known_at: datetime) -> bool:
    due_was, period_was, late_was = clock.due_on, clock.period, clock.late_from
    old, hidden = load_steps(clock.steps), not clocks.is_open(clock, work.now)
    plan = clocks.counted(work, clock, entry, known_at)
    course = rules.go_over_to(plan, old, clock.reached, work.now)
    changed = (due_was, period_was, late_was) != (clock.due_on, clock.period, clock.late_from)
    steps = dump_steps(course.steps)
    if not changed and steps == clock.steps:
        return False
    clock.steps, clock.reached = steps, course.reached
    if course.back_in_time:
        _late_no_more(work, clock)
    if clock.state == "running":
        rest = course.steps[course.reached :]
        clock.next_at = rest[0].at if rest else None
    if changed or why == "resumed":
        _write_down(work, clock, why, due_was, period_was)
        move_due(work, clock.id, clock.due_on, clock.late_from, due_was)
        said = {**about(clock), "due_on": clock.due_on, "due_was": due_was, "why": why}
        work.emit(DEADLINE_MOVED, said, aggregate=("deadline", clock.id))
    if hidden and clocks.is_open(clock, work.now):
        tell(work, task_of(clock), kept_people(work, clock))
    take_steps(work, clock)
    return changed


def _late_no_more(work: Work, clock: Clock) -> None:
    """Nobody up the ladder need look at it now; should it become late again they are told again."""
    clock.overdue_at = None
    close_rungs(work, clock.id)
    work.session.execute(delete(Rung).where(Rung.deadline_id == clock.id))


def _write_down(work: Work, clock: Clock, why: str, due_was: object, period_was: str | None) -> None:
    work.session.add(
        DueChange(
            id=new_id(),
            deadline_id=clock.id,
            at=work.now,
            why=why,
            due_was=due_was,
            due_now=clock.due_on,
            period_was=period_was,
            period_now=clock.period,
        )
    )
