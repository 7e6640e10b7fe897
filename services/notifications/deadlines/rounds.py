"""Duties that come round by themselves, begun for each unit by the calendar: user groups, checks, reviews, returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.notifications.deadlines import clocks
from services.notifications.deadlines.catalogue import Calendar, Entry, catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.tasks import own_task
from services.notifications.service import service
from shared.directory.tables import DIRECTORY
from shared.ids import derived_id
from shared.time.calendars import add_months, start_of_day
from shared.time.periods import due
from shared.work import Work

_AT_ONCE = 20
_DONE_FOR = "deadlines.rounds_begun_for"
_unit, _state = DIRECTORY.unit, DIRECTORY.state


@dataclass(frozen=True)
class Turn:
    """One unit's turn: `occasion` is the same in all its rounds, `subject` this one's."""

    entry: Entry
    unit: str
    jurisdiction: str
    occasion: UUID
    subject: UUID
    since: date


@service.each_tick
def begin_rounds(work: Work) -> bool:
    """Whatever has no round yet, some at once; whether more may be left. Looked for daily, and after the directory."""
    read_to = work.session.execute(select(_state.c.version)).scalar()
    seen = (work.today, read_to)
    if work.runtime.extras.get(_DONE_FOR) == seen:
        return False
    wanted = list(_turns(work))
    known = _known(work, [turn.subject for turn in wanted])
    missing = [turn for turn in wanted if turn.subject not in known]
    for turn in missing[:_AT_ONCE]:
        _begin(work, turn)
    if len(missing) > _AT_ONCE:
        return True
    work.runtime.extras[_DONE_FOR] = seen
    return False


def _turns(work: Work) -> Iterator[Turn]:
    for entry in catalogue().values():
        calendar = entry.calendar
        if not entry.runs or calendar is None:
            continue
        for code, jurisdiction in _units(work, calendar):
            since = _since(work, entry, calendar)
            occasion = derived_id("calendar", entry.code, code)
            subject = derived_id("calendar", entry.code, code, since.year) if calendar.yearly else occasion
            yield Turn(entry, code, jurisdiction, occasion, subject, since)


def _units(work: Work, calendar: Calendar) -> list[tuple[str, str]]:
    found = select(_unit.c.code, _unit.c.jurisdiction).where(_unit.c.kind.in_(calendar.kinds))
    return [(row[0], row[1]) for row in work.session.execute(found.order_by(_unit.c.code))]


def _since(work: Work, entry: Entry, calendar: Calendar) -> date:
    """The year's day, of this year or the last: the one whose duty is not over yet; else from today on."""
    if calendar.yearly is None:
        return work.today
    latest = date(work.today.year, *calendar.yearly)
    if latest > work.today:
        latest = add_months(latest, -12)
    period = entry.period(work.policy, work.today)
    end = due(start_of_day(latest), period, "ENG").day
    return latest if end >= work.today else add_months(latest, 12)


def _known(work: Work, subjects: list[UUID]) -> frozenset[UUID]:
    if not subjects:
        return frozenset()
    found = select(Clock.subject_id).where(Clock.subject_id.in_(subjects), Clock.started_at.is_not(None))
    return frozenset(work.session.execute(found).scalars())


def _begin(work: Work, turn: Turn) -> None:
    begin = clocks.Beginning(
        entry=turn.entry,
        subject_id=turn.subject,
        started_at=start_of_day(turn.since),
        unit=turn.unit,
        jurisdiction=turn.jurisdiction,
        nominal_id=None,
        occasion_id=turn.occasion,
    )
    clocks.start(work, begin, own_task(turn.entry, turn.subject), ())
