"""A merge, its undoing and a deletion, killed (`kill -9`) in their midst: each ends before or after, never between."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from deploy.participants import participant
from services.records.deletion import proof
from services.records.deletion.jobs import TASK
from services.records.deletion.rules import CHECKLIST
from shared.access.principal import Principal
from shared.keys import KeyDestroyed
from shared.messaging.task_runner import TaskRunner
from tests.servers.records import WEST_YORKSHIRE, World, again
from tests.services.records.conftest import Cast
from tests.services.records.dying import Dying
from tests.services.records.test_merging import UNDO, everything, log, merge, write
from tests.services.records.test_merging import WHY as SAME

# Where it dies → whether it had been committed.
WRITER = {"writer.outbox_written": False, "writer.committed": True}
WHY = "The court found that he was entered by mistake for somebody else."
COUNTED = {
    "merged": "SELECT count(*) FROM outbox WHERE kind = 'records.nominal.merged'",
    "unmerged": "SELECT count(*) FROM outbox WHERE kind = 'records.nominal.unmerged'",
    "deleted": "SELECT count(*) FROM outbox WHERE kind = 'records.nominal.deleted'",
    "changes": "SELECT count(*) FROM nominal_change WHERE act IN ('merged', 'unmerged')",
    "tombstones": "SELECT count(*) FROM tombstone",
    "tasks": f"SELECT count(*) FROM task WHERE name = '{TASK}'",
}


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    process = Dying.begin()
    yield process
    process.end()


@pytest.fixture
def other(records: World, cast: Cast) -> UUID:
    found = records.nominal(surname="Exampel", partners=(cast.prison,), manager_id=cast.manager.person_id)
    write(records, cast.manager, cast.nominal, "Seen at work.")
    write(records, cast.manager, found, "Seen at home.")
    records.later(minutes=1)
    return found


@pytest.fixture
def head(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, "admin", roles=("head_of_public_protection",), name="Hal Head")


def counted(world: World, *names: str) -> list[int]:
    return [world.rows(COUNTED[name])[0][0] for name in names]


@pytest.mark.clause("PF-4.16m")
@pytest.mark.parametrize(("point", "done"), [("merging.rows_moved", False), *WRITER.items()])
def test_a_merge(records: World, cast: Cast, other: UUID, dying: Dying, point: str, *, done: bool) -> None:
    two = (cast.nominal, other)
    before = everything(records, *two)
    asked = {"nominal_id": cast.nominal, "other_id": other, "reason": SAME}
    assert dying.run(records, point, "merging.merge", cast.cpc, **asked) == -signal.SIGKILL
    assert counted(records, "merged", "changes") == [done, done]
    assert records.rows("SELECT state FROM merge") == [("merged",)] * done
    assert (everything(records, *two) == before) == (not done)
    if not done:
        merge(records, cast, other)
    assert log(records, cast.manager, cast.nominal) == ["Seen at home.", "Seen at work."]
    assert counted(records, "merged", "changes") == [1, 1]
    assert [row.status for row in records.rows("SELECT status FROM nominal ORDER BY id")] == [
        "live",
        "merged",
    ]


@pytest.mark.clause("PF-4.16m")
@pytest.mark.parametrize(("point", "done"), [("merging.rows_returned", False), *WRITER.items()])
def test_an_undoing(records: World, cast: Cast, other: UUID, dying: Dying, point: str, *, done: bool) -> None:
    """Also of an entry that is sealed anew: it has one key, before and after."""
    merged = merge(records, cast, other)
    write(records, cast.manager, cast.nominal, "Seen with his brother.")
    [one] = records.ask("merging.read", again(cast.cpc), merge_id=merged)["since"]
    undo: dict[str, Any] = {"merge_id": merged, "reason": UNDO, "assign": [one.key]}
    assert dying.run(records, point, "merging.undo", cast.cpc, **undo) == -signal.SIGKILL
    assert counted(records, "unmerged", "changes") == [done, 1 + done]
    assert records.rows("SELECT state FROM merge") == [("undone" if done else "merged",)]
    if not done:
        whole = ["Seen at home.", "Seen at work.", "Seen with his brother."]
        assert log(records, cast.manager, cast.nominal) == whole
        records.run("merging.undo", again(cast.cpc), **undo)
    assert log(records, cast.manager, cast.nominal) == ["Seen at work."]
    assert log(records, cast.manager, other) == ["Seen at home.", "Seen with his brother."]
    assert counted(records, "unmerged", "changes") == [1, 2]


@pytest.mark.clause("PF-4.16i.1", "PF-4.16i.3")
@pytest.mark.parametrize(("point", "done"), [("deletion.rows_purged", False), *WRITER.items()])
def test_an_approval_of_a_deletion(
    records: World, cast: Cast, other: UUID, head: Principal, dying: Dying, point: str, *, done: bool
) -> None:
    """No key goes before rows and tombstone are committed; of the other record nothing goes."""
    request = ask(records, cast)
    given = {"request_id": request}
    assert dying.run(records, point, "deletion.approve", head, **given) == -signal.SIGKILL
    assert counted(records, "deleted", "tombstones", "tasks") == [done] * 3
    forget(records, cast.nominal)
    assert records.runtime.keys.for_nominal(cast.nominal)
    if not done:
        assert log(records, cast.manager, cast.nominal) == ["Seen at work."]
        records.run("deletion.approve", again(head), **given)
    assert records.rows("SELECT id FROM nominal") == [(other,)]
    ended(records, cast.nominal)
    assert log(records, cast.manager, other) == ["Seen at home."]


@pytest.mark.clause("PF-4.16i.1", "PF-4.16i.3")
@pytest.mark.parametrize(
    "point", ["task.claimed", "deletion.keys_destroyed", "task.worked", "task.marked", "task.committed"]
)
def test_the_destruction_of_its_key(
    records: World, cast: Cast, head: Principal, dying: Dying, point: str
) -> None:
    records.run("deletion.approve", head, request_id=ask(records, cast))
    [(task,)] = records.rows("SELECT id FROM task WHERE name = :name", name=TASK)
    assert dying.work_off(records, point, task) == -signal.SIGKILL
    assert counted(records, "deleted", "tombstones") == [1, 1]
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'waiting', lease = NULL WHERE finished_at IS NULL"))
    ended(records, cast.nominal)


def ask(world: World, cast: Cast) -> UUID:
    asked = {"nominal_id": cast.nominal, "ground": "unlawful", "checked": list(CHECKLIST), "reason": WHY}
    return UUID(world.run("deletion.request", again(cast.cpc), **asked)["id"])


def ended(world: World, nominal: UUID) -> None:
    """The task is worked off, and all that is left of the record is one tombstone, here and beside the keys."""
    for row in world.rows("SELECT id FROM task WHERE name = :name AND state = 'waiting'", name=TASK):
        TaskRunner(participant(world.runtime)).run(row.id)
    forget(world, nominal)
    with pytest.raises(KeyDestroyed):
        world.runtime.keys.for_nominal(nominal)
    assert counted(world, "deleted", "tombstones", "tasks") == [1, 1, 1]
    [(destroyed, state)] = world.rows(
        "SELECT keys_destroyed_at, (SELECT state FROM task WHERE name = :name) FROM tombstone", name=TASK
    )
    assert (destroyed is not None, state) == (True, "done")
    kept = (world.runtime.settings.keys_home / proof.NAME).read_text().splitlines()
    lines = [json.loads(line) for line in kept]
    assert {one["visor_number"] for one in lines if one["record_id"] == str(nominal)} == {"V10000001"}


def forget(world: World, nominal: UUID) -> None:
    """As if a minute had gone since: what another process did to its key is seen here."""
    world.runtime.keys._cache.forget(nominal)
