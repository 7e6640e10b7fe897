"""Taking the steps that are owed: the reminder, the overdue notice, each rung of the ladder once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.holders import holders, report_missing
from services.notifications.deadlines.models import Clock, ClockPerson, Rung
from services.notifications.deadlines.rules import Owed, Step, owed
from services.notifications.deadlines.tasks import about, rung_task, task_of
from services.notifications.delivery.rules import Addressee, Named
from services.notifications.todo.items import bring_back, raise_items
from services.notifications.todo.telling import NEXT_IN_LINE, report_vacant, tell
from shared.events.notifications import DEADLINE_DUE_SOON, DEADLINE_OVERDUE, ESCALATED
from shared.work import NOBODY, About, Work


def dump_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "number": one.number, "at": one.at.isoformat(), "roles": list(one.roles)}
        for one in steps
    ]


def load_steps(rows: Sequence[dict[str, Any]]) -> list[Step]:
    return [
        Step(row["kind"], row["number"], datetime.fromisoformat(row["at"]), tuple(row["roles"]))
        for row in rows
    ]


def take_steps(work: Work, clock: Clock) -> None:
    """Do what this clock owes now. The caller holds the clock's row locked."""
    if clock.state != "running":
        return
    steps = load_steps(clock.steps)
    due_now = owed(steps, clock.reached, work.now)
    if due_now.opened:
        tell(work, task_of(clock), kept_people(work, clock), at=clock.opens_at)
    if due_now.overdue:
        clock.overdue_at = due_now.at
    if due_now.remind or due_now.overdue:
        _remind(work, clock, due_now)
    for rung in due_now.rungs:
        _climb(work, clock, rung, steps)
    clock.reached, clock.next_at = due_now.reached, due_now.next_at


def _remind(work: Work, clock: Clock, due_now: Owed) -> None:
    """To whoever fills the role by now (8: somebody suspended meanwhile gets nothing, the next holder does)."""
    task = task_of(clock)
    reached = tell(work, task, kept_people(work, clock))
    bring_back(work, clock.id, task.kind, reached, at=due_now.at or work.now, important=due_now.overdue)
    kind = DEADLINE_OVERDUE if due_now.overdue else DEADLINE_DUE_SOON
    _audit(work, "deadlines.overdue" if due_now.overdue else "deadlines.remind", clock)
    work.emit(kind, {**about(clock), "due_on": clock.due_on}, aggregate=("deadline", clock.id))


def kept_people(work: Work, clock: Clock) -> list[Named]:
    """Whom this clock reminds: those its fact named, or whoever fills the roles of its unit by now."""
    entry = catalogue().get(clock.code)
    if entry is not None and entry.by_role and clock.unit is not None:
        found = holders(work, clock, entry.reminded_roles)
        nobody = [role for role, _unit in found.here.vacant] + list(found.missing)
        vacant = [Named(None, role, clock.unit) for role in nobody]
        return [*_named_ones(work, clock), *(_as_named(one) for one in found.people), *vacant]
    return _named_ones(work, clock)


def _as_named(found: Addressee) -> Named:
    return Named(found.person_id, found.role, found.unit, found.by_role)


def _named_ones(work: Work, clock: Clock) -> list[Named]:
    kept = select(ClockPerson).where(ClockPerson.deadline_id == clock.id).order_by(ClockPerson.person_id)
    return [
        Named(None if one.person_id == NOBODY else one.person_id, one.role, one.unit)
        for one in work.session.execute(kept).scalars()
    ]


def _climb(work: Work, clock: Clock, rung: Step, steps: Sequence[Step], at: datetime | None = None) -> None:
    """Tell the rung's holders at this moment. Its row is the lock: whoever writes it first is the only one to tell.

    A rung that nobody holds escalates past itself: the next that somebody holds is told at once, and the vacancy
    reported. Should there be none, each waits for its own time: somebody may hold it by then.
    """
    at = at or rung.at
    roles = [role for role in rung.roles if role not in _told_elsewhere(clock)]
    if not _is_first(work, clock, rung, at) or clock.unit is None or not roles:
        return
    found = holders(work, clock, roles)
    raise_items(work, rung_task(clock, rung.number), found.people, at=at)
    above = _above(rung, steps)
    next_roles = above.roles if above else NEXT_IN_LINE
    report_vacant(work, found.here, next_roles)
    report_missing(work, clock, found.missing, next_roles)
    mine = (Rung.deadline_id == clock.id) & (Rung.number == rung.number)
    work.session.execute(update(Rung).where(mine).values(told=len(found.people)))
    _audit(work, "deadlines.escalate", clock, rung=rung.number, told=len(found.people))
    said = {**about(clock), "rung": rung.number, "told": len(found.people)}
    work.emit(ESCALATED, said, aggregate=("deadline", clock.id))
    if not found.people:
        for further in _up_to_a_holder(work, clock, rung, steps):
            _climb(work, clock, further, steps, at)


def _up_to_a_holder(work: Work, clock: Clock, rung: Step, steps: Sequence[Step]) -> list[Step]:
    """The rungs above this one, to the first that somebody holds; none where nobody holds any."""
    passed = []
    above = _above(rung, steps)
    while above is not None:
        passed.append(above)
        if holders(work, clock, above.roles).people:
            return passed
        above = _above(above, steps)
    return []


def _is_first(work: Work, clock: Clock, rung: Step, at: datetime) -> bool:
    row = {"planned_for": at, "climbed_at": work.now, "told": 0}
    first = insert(Rung).values(deadline_id=clock.id, number=rung.number, **row)
    return work.session.execute(first.on_conflict_do_nothing().returning(Rung.number)).first() is not None


def _told_elsewhere(clock: Clock) -> Mapping[str, str]:
    """Whom no role of a unit names, and a fact of its own tells when it is late: a line manager."""
    entry = catalogue().get(clock.code)
    return entry.told_by if entry is not None else {}


def _above(rung: Step, steps: Sequence[Step]) -> Step | None:
    return next((one for one in steps if one.kind == "rung" and one.number == rung.number + 1), None)


def _audit(work: Work, action: str, clock: Clock, **facts: Any) -> None:
    work.audit(action, About("deadline", clock.id, clock.nominal_id, {"code": clock.code, **facts}))
