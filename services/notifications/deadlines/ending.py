"""Saying that a duty was done which no fact says, and having a clock stand still where the law does."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from services.notifications.deadlines import clocks, moving, rules, shown
from services.notifications.deadlines.catalogue import Entry, catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.deadlines.note_schemas import DayInput, PauseInput
from services.notifications.deadlines.schemas import ClockAnswer
from services.notifications.deadlines.shown import ShownClock
from services.notifications.service import service
from services.notifications.todo.models import TodoItem
from shared.declarations import FormPage
from shared.refusals import Invalid, NotFound, Refusal
from shared.time.calendars import end_of_day, london_day
from shared.web.schemas import Nothing
from shared.work import Work

_PATH = "/deadlines/<uuid:deadline_id>"


def about_done(work: Work, *, deadline_id: UUID) -> dict[str, Any]:
    """Whoever may not say so is told before typing."""
    clock, entry = _done_by_hand(work, deadline_id, lock=False)
    return {"about": f"{clock.code}: {entry.duty}", "on": work.today}


def about_pause(work: Work, *, deadline_id: UUID) -> dict[str, Any]:
    clock, entry = _pausable(work, deadline_id, lock=False)
    return {"about": f"{clock.code}: {entry.duty}"}


@service.command(
    "deadlines.done",
    path=f"{_PATH}/done",
    input=DayInput,
    answer=ClockAnswer,
    form=FormPage(
        title="Say when it was done",
        button="Save",
        done="The deadline is stopped, and off everybody’s list.",
        next="/deadlines/{deadline_id}",
        path=f"{_PATH}/done/new",
        values=about_done,
    ),
)
def done(work: Work, *, deadline_id: UUID, on: date) -> ShownClock:
    """Stop a clock that no fact stops; what comes round begins again from that day."""
    clock, entry = _done_by_hand(work, deadline_id)
    if wrong := rules.wrong_end(on, _earliest(clock, entry), work.today):
        raise Invalid({"on": [wrong]})
    clocks.meet_this(work, entry, clock, min(end_of_day(on), work.now))
    work.concerns(nominal_id=clock.nominal_id, subject=("deadline", clock.id), code=clock.code)
    return shown.shown(clock, work.now)


@service.command(
    "deadlines.pause",
    path=f"{_PATH}/pause",
    input=PauseInput,
    answer=ClockAnswer,
    form=FormPage(
        title="Have the deadline stand still",
        button="Pause",
        done="The deadline stands still until you let it go on.",
        next="/deadlines/{deadline_id}",
        path=f"{_PATH}/pause/new",
        values=about_pause,
    ),
)
def pause(work: Work, *, deadline_id: UUID, reason: str) -> ShownClock:
    """The days until it goes on are not counted; why is kept in the audit."""
    clock, _ = _pausable(work, deadline_id)
    if not moving.pause(work, clock):
        raise Refusal("R34", what="This deadline does not run.", nominal_id=clock.nominal_id)
    work.concerns(nominal_id=clock.nominal_id, subject=("deadline", clock.id), private=reason)
    return shown.shown(clock, work.now)


@service.command(
    "deadlines.resume",
    path=f"{_PATH}/resume",
    input=Nothing,
    answer=ClockAnswer,
    form=FormPage(
        title="Let the deadline go on",
        button="Go on",
        done="The deadline goes on.",
        next="/deadlines/{deadline_id}",
        path=f"{_PATH}/resume/new",
        values=about_pause,
    ),
)
def resume(work: Work, *, deadline_id: UUID) -> ShownClock:
    """From today it is counted on."""
    clock, entry = _pausable(work, deadline_id)
    if not moving.resume(work, clock, entry):
        raise Refusal("R34", what="This deadline does not stand still.", nominal_id=clock.nominal_id)
    work.concerns(nominal_id=clock.nominal_id, subject=("deadline", clock.id))
    return shown.shown(clock, work.now)


def _earliest(clock: Clock, entry: Entry) -> date | None:
    """Nothing is done before it begins; what is done ahead of a date, or comes round, may have been done before."""
    early = entry.again or clock.until_at is not None or clock.started_at is None
    return None if early or clock.started_at is None else london_day(clock.started_at)


def _done_by_hand(work: Work, deadline_id: UUID, *, lock: bool = True) -> tuple[Clock, Entry]:
    """Whoever has it on their list, or oversees the unit. Raises NotFound for all others."""
    mine = exists().where(TodoItem.clock_id == Clock.id, TodoItem.person_id == work.principal.person_id)
    clock, entry = _one(work, deadline_id, mine | shown.overseen(work.principal), lock=lock)
    if entry.by_hand is None or not entry.by_hand.done:
        raise Refusal("R34", what="It is stopped by what is done, not by saying so.")
    if clock.state == "met":
        raise Refusal("R34", what="This deadline is stopped already.", nominal_id=clock.nominal_id)
    return clock, entry


def _pausable(work: Work, deadline_id: UUID, *, lock: bool = True) -> tuple[Clock, Entry]:
    """A point of contact, of the unit or above it."""
    clock, entry = _one(work, deadline_id, shown.overseen(work.principal), lock=lock)
    if not entry.pausable:
        raise Refusal("R34", what="This deadline cannot stand still.", nominal_id=clock.nominal_id)
    return clock, entry


def _one(work: Work, deadline_id: UUID, whose: Any, *, lock: bool) -> tuple[Clock, Entry]:
    """Locked by whoever changes it; a form that is only shown waits for nobody."""
    found = select(Clock).where(Clock.id == deadline_id, Clock.started_at.is_not(None), whose)
    found = found.with_for_update(of=Clock) if lock else found
    clock = work.session.execute(found).scalar_one_or_none()
    entry = catalogue().get(clock.code) if clock else None
    if clock is None or entry is None:
        raise NotFound
    return clock, entry
