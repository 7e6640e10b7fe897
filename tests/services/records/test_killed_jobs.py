"""What changes a state by itself, killed (`kill -9`) before and after its commit: done whole, once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from deploy.participants import participant
from services.records.service import service
from shared.messaging.task_runner import TaskRunner
from tests.servers.records import World
from tests.services.records.conftest import Cast
from tests.services.records.dying import Dying, ticks
from tests.services.records.jobs_to_kill import JOBS, JOBS_NOT_KILLED, TICKS, TICKS_NOT_KILLED
from tests.services.records.test_killed_acts import KILLED, changed, contents, kinds

NOWHERE = "-"


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    process = Dying.begin()
    yield process
    process.end()


@pytest.mark.parametrize("name", TICKS)
def test_a_tick_is_done_whole_or_not_at_all(records: World, cast: Cast, dying: Dying, name: str) -> None:
    one = TICKS[name]
    one.ready(records, cast)
    before, told = contents(records), kinds(records)

    assert dying.tick(records, "writer.outbox_written", name) == KILLED
    assert changed(before, contents(records)) == set(), "killed before the commit it left something"

    assert dying.tick(records, "writer.committed", name) == KILLED
    after = contents(records)
    assert changed(before, after) - {"outbox"}, "it noted nothing of what it told"
    assert {f"records.{kind}" for kind in one.facts} <= set(kinds(records)[len(told) :])

    assert dying.tick(records, NOWHERE, name) == 0
    assert changed(after, contents(records)) == set(), "once more it was done twice"


@pytest.mark.parametrize(
    ("name", "point"), [(name, point) for name, job in JOBS.items() for point in job.points]
)
def test_a_task_goes_on_where_it_stopped(
    records: World, cast: Cast, dying: Dying, name: str, point: str
) -> None:
    job = JOBS[name]
    job.ready(records, cast)
    [(task,)] = records.rows("SELECT id FROM task WHERE name = :name", name=name)
    assert dying.work_off(records, point, task) == KILLED

    with records.engine.begin() as connection:
        free = "UPDATE task SET state = 'waiting', lease = NULL WHERE id = :id AND finished_at IS NULL"
        connection.execute(text(free), {"id": task})
    TaskRunner(participant(records.runtime)).run(task)

    assert records.rows("SELECT state FROM task WHERE id = :id", id=task) == [("done",)]
    found, ended = job.ended
    assert [tuple(row) for row in records.rows(found)] == [ended]


def test_nothing_that_happens_by_itself_is_forgotten() -> None:
    assert ticks().keys() == TICKS.keys() | TICKS_NOT_KILLED.keys()
    assert service.tasks.keys() == JOBS.keys() | JOBS_NOT_KILLED.keys()
