"""Starting, stopping, pausing clocks. Each is audited; a clock started or stopped twice is started or stopped once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines import rules
from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.deadlines.steps import dump_steps, load_steps, take_steps
from services.notifications.deadlines.tasks import about, kept, task_of
from services.notifications.delivery.rules import Named
from services.notifications.todo.items import close_for_clock, move_due
from services.notifications.todo.task import Task
from services.notifications.todo.telling import tell
from shared.events.notifications import DEADLINE_MET, DEADLINE_STARTED
from shared.ids import derived_id
from shared.time.calendars import london_day
from shared.time.periods import Due, Period
from shared.work import NOBODY, About, Work


@dataclass(frozen=True)
class Beginning:
    """What a starting fact says of a clock."""

    entry: Entry
    subject_id: UUID
    started_at: datetime
    unit: str
    jurisdiction: str
    nominal_id: UUID | None


def start(work: Work, begin: Beginning, task: Task, who: Iterable[Named]) -> Clock:
    """Start the clock, or find the one that runs, and put the task on the lists of those named.

    Another agency's copy of the same fact adds its people; a clock whose closing fact came first stays stopped.
    """
    clock = _locked(work, begin.entry, begin.subject_id)
    fresh = clock.started_at is None
    if fresh:
        _set_going(work, clock, begin, task)
    people = tuple(who)
    _remember(work, clock, people)
    if clock.state != "met":
        tell(work, task_of(clock), people)
        if fresh:
            take_steps(work, clock)
    return clock


def meet(work: Work, entry: Entry, subject_id: UUID, at: datetime) -> None:
    """Stop the clock for good; one that has not started yet will start stopped. Items behind it are done."""
    clock = _locked(work, entry, subject_id)
    if clock.met_at is not None or clock.ended_at is not None:
        return
    clock.state, clock.met_at, clock.next_at = "met", at, None
    if clock.started_at is None:
        return
    _tell_met(work, clock)


def end(work: Work, entry: Entry, subject_id: UUID, at: datetime) -> None:
    """Nobody need do it any more: the clock stops, neither met nor late. One that starts after all starts stopped."""
    clock = _locked(work, entry, subject_id)
    if clock.met_at is not None or clock.ended_at is not None:
        return
    clock.state, clock.ended_at, clock.next_at = "met", at, None
    if clock.started_at is not None:
        _close_ended(work, clock)


def was_met(work: Work, codes: Sequence[str], subject_id: UUID) -> bool:
    """Whether the closing fact came already: what is to be done is done, though no clock ever ran for it."""
    if not codes:
        return False
    met = select(Clock.id).where(
        Clock.code.in_(codes),
        Clock.subject_id == subject_id,
        or_(Clock.met_at.is_not(None), Clock.ended_at.is_not(None)),
    )
    return work.session.execute(met).first() is not None


def pause(work: Work, clock: Clock) -> None:
    """The clock stands still; nothing is owed until it goes on."""
    if clock.state != "running":
        return
    clock.state, clock.next_at = "paused", None
    clock.pauses = [*clock.pauses, {"from": work.today.isoformat(), "to": None}]
    _audit(work, "deadlines.pause", clock)


def resume(work: Work, clock: Clock, entry: Entry) -> None:
    """The clock goes on: days on which it stood still are not counted."""
    if clock.state != "paused" or clock.started_at is None or clock.known_at is None or clock.period is None:
        return
    *earlier, last = clock.pauses
    clock.pauses = [*earlier, {**last, "to": work.today.isoformat()}]
    pauses = [
        rules.Pause(date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in clock.pauses
    ]
    plan = rules.replan(
        clock.started_at,
        Period.parse(clock.period),
        clock.jurisdiction or "ENG",
        entry.manner(work.policy, london_day(clock.known_at)),
        clock.known_at,
        pauses,
    )
    taken = [step for step in load_steps(clock.steps)[: clock.reached] if step.kind != "reminder"]
    _follow(clock, plan)
    passed = [step for step in plan.steps if step.kind == "reminder" and step.at <= work.now]
    clock.state, clock.reached = "running", len(passed) + len(taken)
    clock.next_at = next((step.at for step in plan.steps[clock.reached :]), None)
    move_due(work, clock.id, clock.due_on, clock.late_from)
    _audit(work, "deadlines.resume", clock)


def _set_going(work: Work, clock: Clock, begin: Beginning, task: Task) -> None:
    policy, today = work.policy, work.today
    period, manner = begin.entry.period(policy, today), begin.entry.manner(policy, today)
    plan = rules.plan(begin.started_at, period, begin.jurisdiction, manner, work.now)
    clock.nominal_id, clock.unit, clock.jurisdiction = begin.nominal_id, begin.unit, begin.jurisdiction
    clock.started_at, clock.known_at, clock.period = begin.started_at, work.now, str(period)
    clock.task = kept(task)
    _follow(clock, plan)
    work.session.flush()
    _audit(work, "deadlines.start", clock)
    work.emit(DEADLINE_STARTED, {**about(clock), "due_on": plan.due.day}, aggregate=("deadline", clock.id))
    if clock.ended_at is not None:
        _close_ended(work, clock)
    elif clock.met_at is None:
        clock.state, clock.next_at = "running", plan.steps[0].at
    else:
        _tell_met(work, clock)


def _follow(clock: Clock, plan: rules.Plan) -> None:
    clock.due_on, clock.due_at, clock.late_from = plan.due.day, plan.due.at, plan.late_from
    clock.days, clock.steps = _snapshot(plan.due), dump_steps(plan.steps)


def _snapshot(due: Due) -> dict[str, Any]:
    """The days counted and those left out with their reason: a holiday proclaimed later changes nothing."""
    return {
        "used": [day.isoformat() for day in due.days_used],
        "left_out": [[one.day.isoformat(), one.reason] for one in due.left_out],
    }


def _close_ended(work: Work, clock: Clock) -> None:
    close_for_clock(work, clock.id, "overtaken")
    _audit(work, "deadlines.end", clock)


def _tell_met(work: Work, clock: Clock) -> None:
    if clock.met_at is None or clock.due_at is None:
        return
    clock.in_time = rules.met_in_time(clock.met_at, clock.due_at)
    close_for_clock(work, clock.id)
    _audit(work, "deadlines.meet", clock, in_time=clock.in_time)
    met = {**about(clock), "met_at": clock.met_at, "in_time": clock.in_time}
    work.emit(DEADLINE_MET, met, aggregate=("deadline", clock.id))


def _audit(work: Work, action: str, clock: Clock, **facts: Any) -> None:
    due_on = clock.due_on.isoformat() if clock.due_on else None
    said = {"code": clock.code, "due_on": due_on, "subject": str(clock.subject_id), **facts}
    work.audit(action, About("deadline", clock.id, clock.nominal_id, said))


def _remember(work: Work, clock: Clock, who: Iterable[Named]) -> None:
    """Whom to remind later; a role vacant now is kept too, since somebody may hold it by then."""
    rows = [
        {"deadline_id": clock.id, "person_id": one.person_id or NOBODY, "role": one.role, "unit": one.unit}
        for one in who
    ]
    if rows:
        work.session.execute(insert(ClockPerson).values(rows).on_conflict_do_nothing())


def _locked(work: Work, entry: Entry, subject_id: UUID) -> Clock:
    """The clock's row, locked to the end of the transaction; made where there is none."""
    key = derived_id("deadline", entry.code, entry.subject, subject_id)
    blank = {
        "id": key,
        "code": entry.code,
        "subject_kind": entry.subject,
        "subject_id": subject_id,
        "state": "met",
    }
    rest = {"days": {}, "pauses": [], "steps": [], "reached": 0, "task": {}}
    work.session.execute(insert(Clock).values(**blank, **rest).on_conflict_do_nothing())
    return work.session.execute(select(Clock).where(Clock.id == key).with_for_update()).scalar_one()
