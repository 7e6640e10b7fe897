"""A service's copy of the changes of policy, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.database import new_metadata
from shared.policy import published_policy
from shared.policy.standing import StandingPolicy
from shared.policy.tables import confirmed, policy_change_table, with_changes
from shared.time.periods import Period, Unit
from tests.servers.databases import FreshDatabase

MONDAY = date(2026, 11, 23)
ANNE, BASIL = UUID(int=1), UUID(int=2)
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)
UNDECIDED = {"decided_by": None, "decided_at": None}


@pytest.fixture(scope="module")
def changes() -> Table:
    return policy_change_table(new_metadata())


@pytest.fixture
def engine(fresh_database: FreshDatabase, changes: Table) -> Iterator[Engine]:
    engine = create_engine(fresh_database("policy"))
    changes.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as opened:
        yield opened


def row(**changed: Any) -> dict[str, Any]:
    """A confirmed change of the grace for signing, from Monday on."""
    return {
        "id": uuid4(),
        "key": "deadline.D-35",
        "value": "14 calendar days",
        "in_force_from": MONDAY,
        "source": "National user group",
        "state": "confirmed",
        "proposed_by": ANNE,
        "proposed_at": FRIDAY,
        "decided_by": BASIL,
        "decided_at": FRIDAY,
        **changed,
    }


def test_without_a_change_the_published_values_stand(connection: Connection, changes: Table) -> None:
    assert with_changes(confirmed(connection, changes)) == published_policy()


def test_a_confirmed_change_stands_from_its_day_on(connection: Connection, changes: Table) -> None:
    connection.execute(insert(changes), [row()])
    changed = with_changes(confirmed(connection, changes))
    assert changed.period("deadline.D-35", date(2026, 11, 22)) == Period(28, Unit.CALENDAR_DAYS)
    assert changed.period("deadline.D-35", MONDAY) == Period(14, Unit.CALENDAR_DAYS)


@pytest.mark.parametrize(
    "other",
    [
        row(state="proposed", **UNDECIDED),
        row(state="rejected"),
        row(state="withdrawn", decided_by=ANNE),
        row(key="a.later.release"),
    ],
    ids=["proposed", "rejected", "withdrawn", "unknown"],
)
def test_nothing_else_stands(connection: Connection, changes: Table, other: dict[str, Any]) -> None:
    connection.execute(insert(changes), [other])
    assert with_changes(confirmed(connection, changes)) == published_policy()


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (row(decided_by=ANNE), "two_people"),
        (row(state="rejected", decided_by=ANNE), "two_people"),
        (row(state="withdrawn"), "two_people"),
        (row(**UNDECIDED), "decided_by"),
        (row(state="proposed"), "decided_by"),
        (row(decided_at=None), "decided_at"),
        (row(state="agreed"), "state"),
        (row(in_force_to=date(2026, 11, 22)), "period"),
    ],
)
def test_the_database_itself_refuses(
    connection: Connection, changes: Table, wrong: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=f"ck_policy_change_{constraint}\\b"):
        connection.execute(insert(changes), [wrong])


def test_two_confirmed_changes_of_one_key_cannot_begin_on_one_day(
    connection: Connection, changes: Table
) -> None:
    connection.execute(insert(changes), [row()])
    with pytest.raises(IntegrityError, match="uq_policy_change_one_a_day"):
        connection.execute(insert(changes), [row(value="21 calendar days")])


def test_who_made_a_change_goes_by_it_at_once_and_costs_no_query_meanwhile(
    engine: Engine, changes: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.policy.standing.FRESH_SECONDS", 3600.0)
    here, elsewhere = StandingPolicy(engine, changes), StandingPolicy(engine, changes)
    before = here()
    assert elsewhere() == before == published_policy()
    with Session(engine) as session:
        session.execute(insert(changes), [row()])
        here.changed_in(session)
        assert here() is before, "not committed yet"
        session.commit()
    assert here().text("deadline.D-35", MONDAY) == "14 calendar days"
    assert here() is here()
    assert elsewhere() is before
    monkeypatch.setattr("shared.policy.standing.FRESH_SECONDS", 0.0)
    assert elsewhere().text("deadline.D-35", MONDAY) == "14 calendar days"
