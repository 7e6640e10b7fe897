"""The database's copy of the policy, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Table, create_engine, insert
from sqlalchemy.exc import IntegrityError

from shared.database import new_metadata
from shared.policy import published_policy
from shared.policy.tables import load_published, read_policy, tables
from shared.time.periods import Period, Unit
from tests.servers.databases import FreshDatabase

MONDAY = date(2026, 11, 23)
ANNE, BASIL = UUID(int=1), UUID(int=2)


@pytest.fixture(scope="module")
def policy() -> Table:
    return tables(new_metadata())


@pytest.fixture
def connection(fresh_database: FreshDatabase, policy: Table) -> Iterator[Connection]:
    engine = create_engine(fresh_database("policy"))
    policy.metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def row(**changes: Any) -> dict[str, Any]:
    """An approved change of the grace for signing, from Monday on."""
    return {
        "id": uuid4(),
        "key": "documents.resign.grace",
        "value": "14 calendar days",
        "in_force_from": MONDAY,
        "source": "National user group",
        "state": "approved",
        "proposed_by": ANNE,
        "approved_by": BASIL,
        "approved_at": datetime(2026, 11, 20, tzinfo=UTC),
        **changes,
    }


def test_what_is_published_is_what_is_read(connection: Connection, policy: Table) -> None:
    load_published(connection, policy)
    assert read_policy(connection, policy) == published_policy()


def test_loading_twice_changes_nothing_and_keeps_what_people_changed(
    connection: Connection, policy: Table
) -> None:
    load_published(connection, policy)
    connection.execute(insert(policy), [row()])
    load_published(connection, policy)
    changed = read_policy(connection, policy)
    assert changed.period("documents.resign.grace", date(2026, 11, 22)) == Period(28, Unit.CALENDAR_DAYS)
    assert changed.period("documents.resign.grace", MONDAY) == Period(14, Unit.CALENDAR_DAYS)


def test_a_proposal_does_not_stand(connection: Connection, policy: Table) -> None:
    load_published(connection, policy)
    connection.execute(insert(policy), [row(state="proposed", approved_by=None, approved_at=None)])
    assert read_policy(connection, policy) == published_policy()


def test_a_key_that_this_release_does_not_know_is_left_aside(connection: Connection, policy: Table) -> None:
    load_published(connection, policy)
    connection.execute(insert(policy), [row(key="a.later.release")])
    assert read_policy(connection, policy) == published_policy()


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (row(approved_by=ANNE), "two_people"),
        (row(approved_by=None, approved_at=None), "approver"),
        (row(state="published", approved_by=None, approved_at=None), "proposer"),
        (row(proposed_by=None), "proposer"),
        (row(state="proposed"), "approved_by"),
        (row(approved_at=None), "approved_at"),
        (row(state="agreed", approved_by=None, approved_at=None), "state"),
        (row(in_force_to=date(2026, 11, 22)), "period"),
    ],
)
def test_the_database_itself_refuses(
    connection: Connection, policy: Table, wrong: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=f"ck_policy_{constraint}\\b"):
        connection.execute(insert(policy), [wrong])


def test_two_approved_changes_of_one_key_cannot_begin_on_one_day(
    connection: Connection, policy: Table
) -> None:
    connection.execute(insert(policy), [row()])
    with pytest.raises(IntegrityError, match=r"uq|ix"):
        connection.execute(insert(policy), [row(value="21 calendar days")])
