"""A tick with more to do goes on at once, each batch committed by itself, and not for ever."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deploy.participants import MOST_BATCHES, participant
from shared import once
from shared.clock import Clocks, FixedClock
from shared.ids import new_id
from shared.runtime import Runtime
from shared.work import Work


class Batches:
    """A tick of so many batches, each of one row; the batch `breaks` raises after its row was written."""

    __name__ = "batches"

    def __init__(self, count: int, *, breaks: int = 0) -> None:
        self.left, self.breaks, self.done = count, breaks, 0

    def __call__(self, work: Work) -> bool:
        once.claim(
            work.session, work.runtime.service.tables.once, new_id(), "note.add", "key", work.system_now
        )
        self.done += 1
        self.left -= 1
        if self.done == self.breaks:
            raise ValueError
        return self.left > 0


def look(runtime: Runtime, tick: object, monkeypatch: pytest.MonkeyPatch) -> int:
    """Runs the service's ticks, of which this is the only one; returns how many rows were committed."""
    monkeypatch.setattr(runtime.service, "ticks", [tick])
    for one in participant(runtime).ticks:
        with contextlib.suppress(ValueError):
            one()
    with runtime.database.session() as session:
        return session.execute(select(func.count()).select_from(runtime.service.tables.once)).scalar_one()


def test_a_tick_is_called_again_as_long_as_it_says_so(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(runtime, Batches(3), monkeypatch) == 3


def test_a_batch_that_fails_takes_none_before_it_along(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look(runtime, Batches(5, breaks=3), monkeypatch) == 2


def test_a_backlog_is_left_to_the_next_tick(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    backlog = Batches(MOST_BATCHES + 2)
    assert look(runtime, backlog, monkeypatch) == MOST_BATCHES
    assert look(runtime, backlog, monkeypatch) == MOST_BATCHES + 2


def test_where_a_day_begins_in_its_midst_a_round_ends_and_the_next_begins_with_what_comes_first(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day's long lists must not keep open what the day has ended (PF-4.16/A.2)."""
    seen: list[str] = []

    def first(work: Work) -> None:
        seen.append(f"first {work.today - today}")

    def midnight(_work: Work) -> None:
        clock.at = tomorrow

    def long_list(work: Work) -> None:
        seen.append(f"list {work.today - today}")

    clock = FixedClock(runtime.clocks.policy.now())
    today, tomorrow = clock.today(), clock.now() + timedelta(days=1)
    monkeypatch.setattr(runtime, "clocks", Clocks(clock, runtime.clocks.system))
    monkeypatch.setattr(runtime.service, "ticks", [first, midnight, long_list])
    looks = participant(runtime).ticks
    for look_ in looks:
        look_()
    assert seen == ["first 0:00:00"]
    for look_ in looks:
        look_()
    assert seen == ["first 0:00:00", "first 1 day, 0:00:00", "list 1 day, 0:00:00"]
