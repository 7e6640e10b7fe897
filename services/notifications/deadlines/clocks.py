"""Starting, stopping, pausing clocks. Each is audited; a clock started or stopped twice is started or stopped once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines import rules
from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.deadlines.steps import dump_steps, kept_people, take_steps
from services.notifications.deadlines.tasks import about, kept, own_task, task_of
from services.notifications.delivery.rules import Named
from services.notifications.todo.items import close_for_clock
from services.notifications.todo.task import Task
from services.notifications.todo.telling import tell
from shared.events.notifications import DEADLINE_MET, DEADLINE_STARTED
from shared.ids import derived_id
from shared.time.periods import Due
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
    told_at: datetime | None = None
    until: rules.Until | None = None
    variant: str = ""
    occasion_id: UUID | None = None
    round: int = 1


def start(work: Work, begin: Beginning, task: Task, who: Iterable[Named]) -> Clock:
    """Start the clock, or find the one that runs, and put the task on the lists of those named.

    Another agency's copy of the same fact adds its people; a clock whose closing fact came first stays stopped.
    """
    clock = locked(work, begin.entry, begin.subject_id)
    fresh = clock.started_at is None
    if fresh:
        _set_going(work, clock, begin, task)
    people = tuple(who)
    _remember(work, clock, people)
    if clock.state != "met":
        if is_open(clock, work.now):
            tell(work, task_of(clock), kept_people(work, clock) if begin.entry.by_role else people)
        if fresh:
            take_steps(work, clock)
    elif fresh and begin.entry.again and clock.ended_at is None and clock.met_at is not None:
        next_round(work, begin.entry, clock, clock.met_at)
    return clock


def is_open(clock: Clock, now: datetime) -> bool:
    """Whether it has come onto people's lists: some duties do only a while before they are due (PF-4.11)."""
    return clock.opens_at is None or clock.opens_at <= now


def meet(work: Work, entry: Entry, subject_id: UUID, at: datetime) -> None:
    """Stop the clock for good; one that has not started yet will start stopped. Items behind it are done."""
    meet_this(work, entry, locked(work, entry, subject_id), at)


def meet_this(work: Work, entry: Entry, clock: Clock, at: datetime) -> bool:
    """The same for a clock whose row is locked; what comes round begins again. False where it was stopped before."""
    if clock.met_at is not None or clock.ended_at is not None:
        return False
    clock.state, clock.met_at, clock.next_at = "met", at, None
    if clock.started_at is not None:
        _tell_met(work, clock)
        if entry.again:
            next_round(work, entry, clock, at)
    return True


def end(work: Work, entry: Entry, subject_id: UUID, at: datetime) -> None:
    """Nobody need do it any more: the clock stops, neither met nor late. One that starts after all starts stopped.

    What comes round again, and was met before it was heard of, does not begin again.
    """
    clock = locked(work, entry, subject_id)
    comes_again = entry.again and clock.started_at is None
    if clock.ended_at is not None or (clock.met_at is not None and not comes_again):
        return
    clock.state, clock.met_at, clock.ended_at, clock.next_at = "met", None, at, None
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


def next_round(work: Work, entry: Entry, before: Clock, since: datetime) -> None:
    """It comes round again: counted from when it was done, for whoever is reminded of it by then."""
    if before.unit is None:
        return
    occasion = before.occasion_id or before.subject_id
    number = before.round + 1
    begin = Beginning(
        entry=entry,
        subject_id=derived_id("round", occasion, str(number)),
        started_at=since,
        unit=before.unit,
        jurisdiction=before.jurisdiction or "ENG",
        nominal_id=before.nominal_id,
        variant=before.variant,
        occasion_id=occasion,
        round=number,
    )
    task = own_task(entry, begin.subject_id) if entry.by_role else _said_again(before, begin.subject_id)
    people = () if entry.by_role else kept_people(work, before)
    start(work, begin, task, people)


def _said_again(before: Clock, cause: UUID) -> Task:
    """The words that its first fact gave it, and an item of its own for each round."""
    return replace(task_of(before), cause=str(cause), clock_id=None, due_on=None, late_from=None)


def _set_going(work: Work, clock: Clock, begin: Beginning, task: Task) -> None:
    clock.nominal_id, clock.unit = begin.nominal_id, begin.unit
    clock.jurisdiction = begin.entry.calendar_of(begin.jurisdiction, begin.variant)
    clock.variant, clock.occasion_id, clock.round = begin.variant, begin.occasion_id, begin.round
    clock.started_at, clock.known_at, clock.moved_at = begin.started_at, work.now, begin.told_at
    if begin.until is not None:
        clock.until_at, clock.exact = begin.until.at, begin.until.exact
    clock.task = kept(task)
    course = counted(work, clock, begin.entry, work.now)
    clock.steps, clock.reached = dump_steps(course.steps), 0
    work.session.flush()
    audit(work, "deadlines.start", clock)
    said = {**about(clock), "due_on": course.due.day}
    work.emit(DEADLINE_STARTED, said, aggregate=("deadline", clock.id))
    if clock.ended_at is not None:
        _close_ended(work, clock)
    elif clock.met_at is None:
        clock.state, clock.next_at = "running", course.steps[0].at
    else:
        _tell_met(work, clock)


def counted(work: Work, clock: Clock, entry: Entry, known_at: datetime) -> rules.Plan:
    """The clock's course by the policy of today; its due day, days counted and period are set by it."""
    policy, today, start = work.policy, work.today, clock.started_at
    assert start is not None  # noqa: S101 - only a clock that was started is counted
    manner, window = entry.manner(policy, today), entry.window(policy, today)
    jurisdiction = clock.jurisdiction or "ENG"
    if clock.until_at is not None:
        until = rules.Until(clock.until_at, clock.exact)
        plan = rules.plan_until(start, until, jurisdiction, manner, known_at, window)
    else:
        period = entry.period(policy, today, clock.variant)
        clock.period = str(period)
        plan = rules.replan(start, period, jurisdiction, manner, known_at, _pauses(clock), window)
    clock.due_on, clock.due_at, clock.late_from = plan.due.day, plan.due.at, plan.late_from
    clock.counted_by = entry.rule(policy, today)
    clock.opens_at, clock.days = plan.opens_at, _snapshot(plan.due)
    return plan


def _pauses(clock: Clock) -> list[rules.Pause]:
    return [
        rules.Pause(date.fromisoformat(one["from"]), date.fromisoformat(one["to"]))
        for one in clock.pauses
        if one["to"] is not None
    ]


def _snapshot(due: Due) -> dict[str, Any]:
    """The days counted and those left out with their reason: a holiday proclaimed later changes nothing."""
    return {
        "used": [day.isoformat() for day in due.days_used],
        "left_out": [[one.day.isoformat(), one.reason] for one in due.left_out],
    }


def _close_ended(work: Work, clock: Clock) -> None:
    close_for_clock(work, clock.id, "overtaken")
    audit(work, "deadlines.end", clock)


def _tell_met(work: Work, clock: Clock) -> None:
    if clock.met_at is None or clock.due_at is None:
        return
    clock.in_time = rules.met_in_time(clock.met_at, clock.due_at)
    close_for_clock(work, clock.id)
    audit(work, "deadlines.meet", clock, in_time=clock.in_time)
    met = {**about(clock), "met_at": clock.met_at, "in_time": clock.in_time}
    work.emit(DEADLINE_MET, met, aggregate=("deadline", clock.id))


def audit(work: Work, action: str, clock: Clock, **facts: Any) -> None:
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


def locked(work: Work, entry: Entry, subject_id: UUID) -> Clock:
    """The clock's row, locked to the end of the transaction; made where there is none.

    Of what comes round again, the round that runs.
    """
    key = _running_round(work, entry, subject_id) or derived_id(
        "deadline", entry.code, entry.subject, subject_id
    )
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


def _running_round(work: Work, entry: Entry, occasion_id: UUID) -> UUID | None:
    if not entry.again:
        return None
    rounds = select(Clock.id).where(Clock.code == entry.code, Clock.occasion_id == occasion_id)
    return work.session.execute(rounds.order_by(Clock.round.desc()).limit(1)).scalar()
