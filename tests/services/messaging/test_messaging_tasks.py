"""Task rows: done once, tried again, taken over, gone on with where they stopped."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from deploy.rabbitmq import RabbitMQ
from shared.messaging import given_up, tasks
from shared.messaging.participant import GiveUp, TaskKind
from shared.messaging.tables import SPINE
from shared.messaging.task_runner import TaskRunner
from shared.messaging.tick import MOST_LAPSES, Tick
from tests.services.messaging.kit import HANDLED, Side, Spine, eventually, kill, working

NOBODY = UUID(int=0)


def count(session: Session, payload: Mapping[str, Any]) -> dict[str, int]:
    n = payload["n"]
    session.execute(insert(HANDLED), {"event_id": NOBODY, "agency": "", "type": "task", "n": n})
    return {"twice": 2 * n}


def ask(side: Side, n: int, name: str = "count", **more: Any) -> UUID:
    with side.work() as session:
        return tasks.write(session, SPINE, name, {"n": n}, **more)


def state(side: Side, task_id: UUID) -> Any:
    (row,) = side.rows("SELECT * FROM task WHERE id = :id", id=task_id)
    return row


def tick(side: Side) -> None:
    Tick([side.participant], {side.participant.name: side.ring.ring}).tick()


@pytest.fixture
def counting(any_spine: Spine) -> Side:
    any_spine.sender = working(any_spine.sender, TaskKind("count", count))
    return any_spine.sender


def test_a_task_is_done_once_and_keeps_its_result(any_spine: Spine, counting: Side) -> None:
    any_spine.start()
    asked = [ask(counting, n) for n in range(20)]
    eventually(lambda: len(counting.handled()) == 20)
    eventually(lambda: all(state(counting, one).state == "done" for one in asked))
    assert sorted(counting.handled()) == list(range(20))
    assert state(counting, asked[7]).result == {"twice": 14}


def test_the_same_key_asks_once(local_spine: Spine) -> None:
    assert ask(local_spine.sender, 1, key="monday") == ask(local_spine.sender, 1, key="monday")
    assert ask(local_spine.sender, 1, key="tuesday") != ask(local_spine.sender, 1, key="monday")


def test_what_is_not_yet_due_waits(any_spine: Spine, counting: Side) -> None:
    soon = counting.value("SELECT now() + interval '2 s'")
    any_spine.start()
    ask(counting, 1, due_at=soon)
    ask(counting, 2)
    eventually(lambda: counting.handled() == [2])
    eventually(lambda: counting.handled() == [2, 1])
    assert counting.value("SELECT now()") >= soon


def test_a_failing_task_is_tried_again_and_ends_with_its_reason(any_spine: Spine) -> None:
    def fail(session: Session, payload: Mapping[str, Any]) -> None:
        count(session, payload)
        raise RuntimeError("no luck")

    def hopeless(_session: Session, _payload: Mapping[str, Any]) -> None:
        raise GiveUp("never")

    side = any_spine.sender = working(
        any_spine.sender, TaskKind("fail", fail, max_attempts=3), TaskKind("hopeless", hopeless)
    )
    any_spine.start()
    failing, never = ask(side, 1, "fail"), ask(side, 1, "hopeless")
    hurry = text("UPDATE task SET due_at = now() WHERE state = 'waiting'")

    def hurried() -> bool:
        with side.engine.begin() as connection:
            connection.execute(hurry)
        return bool(state(side, failing).state == "failed")

    eventually(hurried)
    assert (state(side, failing).attempts, state(side, failing).last_error) == (3, "RuntimeError: no luck")
    eventually(lambda: state(side, never).state == "failed")
    assert state(side, never).attempts == 1
    assert side.handled() == []


def test_what_was_given_up_is_listed_and_tried_anew(any_spine: Spine) -> None:
    """By its id, by its name and key, or with all others; what was done, or waits, is left alone."""
    cured = threading.Event()

    def ill(session: Session, payload: Mapping[str, Any]) -> Any:
        if not cured.is_set():
            raise GiveUp("no luck")
        return count(session, payload)

    side = any_spine.sender = working(any_spine.sender, TaskKind("ill", ill), TaskKind("count", count))
    any_spine.start()
    done = ask(side, 9)
    by_id, by_key, other = (ask(side, n, "ill", key=f"job {n}") for n in (1, 2, 3))
    eventually(lambda: all(state(side, one).state == "failed" for one in (by_id, by_key, other)))
    eventually(lambda: state(side, done).state == "done")
    cured.set()
    with side.work() as session:
        assert {(one.id, one.reason) for one in given_up.listed(session, SPINE)} == {
            (one, "GiveUp: no luck") for one in (by_id, by_key, other)
        }
        assert given_up.is_given_up(session, SPINE, "ill", "job 2")
        assert given_up.try_again(session, SPINE, task_id=by_id) == 1
        assert given_up.try_again(session, SPINE, task_id=done) == 0
        assert given_up.try_again(session, SPINE, by_key=("ill", "job 2")) == 1
        assert not given_up.is_given_up(session, SPINE, "ill", "job 2")
    eventually(lambda: sorted(side.handled()) == [1, 2, 9])
    with side.work() as session:
        assert given_up.try_again(session, SPINE) == 1
    eventually(lambda: sorted(side.handled()) == [1, 2, 3, 9])


def test_told_the_same_id_by_many_it_is_done_once(local_spine: Spine) -> None:
    side = working(local_spine.sender, TaskKind("count", count))
    task_id = ask(side, 1)
    runners = [TaskRunner(side.participant) for _ in range(6)]
    threads = [threading.Thread(target=runner.run, args=(task_id,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert side.handled() == [1]


def test_a_worker_held_for_dead_commits_nothing(local_spine: Spine) -> None:
    """Its lease ran out, the tick freed the task, another did it, and then the first one wakes up."""
    entered, go_on = threading.Event(), threading.Event()

    def slow(session: Session, payload: Mapping[str, Any]) -> None:
        count(session, payload)
        if not entered.is_set():
            entered.set()
            go_on.wait(10)

    side = working(local_spine.sender, TaskKind("slow", slow))
    task_id = ask(side, 1, "slow")
    first = threading.Thread(
        target=TaskRunner(side.participant, lease=timedelta(hours=1)).run, args=(task_id,)
    )
    first.start()
    entered.wait(10)
    with side.engine.begin() as connection:
        connection.execute(text("UPDATE task SET lease_until = now() - interval '1 s'"))
    tick(side)
    assert TaskRunner(side.participant).run(task_id)
    go_on.set()
    first.join()
    assert side.handled() == [1]
    assert (state(side, task_id).state, state(side, task_id).lapses) == ("done", 1)


def test_a_lease_is_renewed_while_the_work_lasts(local_spine: Spine) -> None:
    def slow(session: Session, payload: Mapping[str, Any]) -> None:
        threading.Event().wait(1.5)
        tick(side)
        count(session, payload)

    side = working(local_spine.sender, TaskKind("slow", slow))
    task_id = ask(side, 1, "slow")
    TaskRunner(side.participant, lease=timedelta(seconds=0.6)).run(task_id)
    assert (state(side, task_id).state, state(side, task_id).lapses) == ("done", 0)


def test_a_task_that_kills_its_worker_every_time_ends(local_spine: Spine) -> None:
    side = working(local_spine.sender, TaskKind("count", count))
    task_id = ask(side, 1)
    with side.engine.begin() as connection:
        lapsed = "UPDATE task SET state = 'running', lapses = :most, lease_until = now() - interval '1 s'"
        connection.execute(text(lapsed), {"most": MOST_LAPSES})
    tick(side)
    assert state(side, task_id).state == "failed"
    assert not TaskRunner(side.participant).run(task_id)


def test_a_bulk_job_keeps_each_items_result_and_goes_on_where_it_stopped(any_spine: Spine) -> None:
    died = threading.Event()

    def item(session: Session, payload: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, int]:
        if one["n"] == 60 and not died.is_set():
            died.set()
            raise SystemExit
        if one["n"] == 13:
            raise ValueError("unlucky")
        return count(session, {"n": one["n"] + payload["n"]})

    def end(_session: Session, payload: Mapping[str, Any]) -> dict[str, int]:
        return {"n": payload["n"]}

    side = any_spine.sender = working(any_spine.sender, TaskKind("bulk", end, item, chunk=10))
    with side.work() as session:
        task_id = tasks.write(session, SPINE, "bulk", {"n": 1000})
        tasks.write_items(session, SPINE, task_id, [{"n": n} for n in range(100)])
    with pytest.raises(SystemExit):
        TaskRunner(side.participant, lease=timedelta(seconds=1)).run(task_id)
    assert len(side.handled()) == 59
    any_spine.start()
    eventually(lambda: state(side, task_id).state == "done")
    assert sorted(side.handled()) == [1000 + n for n in range(100) if n != 13]
    failed = side.rows("SELECT position, error FROM task_item WHERE state <> 'done'")
    assert [tuple(row) for row in failed] == [(13, "ValueError: unlucky")]


def test_a_nudge_that_got_lost_is_given_again(spine: Spine, rabbitmq: RabbitMQ) -> None:
    spine.sender = working(spine.sender, TaskKind("count", count))
    task_id = ask(spine.sender, 1)
    with spine.sender.engine.begin() as connection:
        connection.execute(text("UPDATE task SET nudged_at = now() - interval '10 s'"))
    spine.start()
    eventually(lambda: state(spine.sender, task_id).state == "done")


def test_tasks_survive_a_broker_that_is_killed(spine: Spine, rabbitmq: RabbitMQ) -> None:
    side = spine.sender = working(spine.sender, TaskKind("count", count))
    spine.start()
    ask(side, 0)
    eventually(lambda: side.handled() == [0])
    kill(rabbitmq)
    for n in range(1, 20):
        ask(side, n)
    rabbitmq.start()
    eventually(lambda: len(side.handled()) >= 20, seconds=40)
    assert sorted(side.handled()) == list(range(20))
