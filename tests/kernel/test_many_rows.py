"""A batch of rows in one statement: the same rows as one by one would be, and none twice."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, String, Table, UniqueConstraint, Uuid, select

from shared.ids import new_id
from shared.many_rows import ManyRows
from shared.runtime import Runtime

TRIAL = Table(
    "trial",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("name", String(20), nullable=False),
    Column("sealed", LargeBinary),
    Column("at", DateTime(timezone=True)),
    Column("state", String(10), nullable=False, default="open"),
    UniqueConstraint("name"),
)
AT = datetime(2026, 3, 9, 9, 30, 0, 123456, tzinfo=UTC)
COLUMNS = ("id", "name", "sealed", "at")


@pytest.fixture
def trial(runtime: Runtime) -> Runtime:
    TRIAL.create(runtime.database.engine)
    return runtime


def rows_of(runtime: Runtime) -> list[tuple[object, ...]]:
    with runtime.database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(TRIAL).order_by(TRIAL.c.name))]


def row(name: str, sealed: bytes | None = None) -> dict[str, object]:
    return {"id": new_id(), "name": name, "sealed": sealed, "at": AT}


def test_rows_are_as_they_were_given_with_the_models_defaults(trial: Runtime) -> None:
    first, second = row("Renée %s “x”\\", b"\x00\xff"), row("Z")
    with trial.database.session() as session:
        assert ManyRows(TRIAL, COLUMNS).write(session, [first, second]) == []
        session.commit()
    assert rows_of(trial) == [(*first.values(), "open"), (*second.values(), "open")]


def test_what_is_known_is_left_out_and_what_is_new_is_told(trial: Runtime) -> None:
    many = ManyRows(TRIAL, COLUMNS, known_by=("name",), returning=("id", "name"))
    first, again, new = row("A"), row("A"), row("B")
    with trial.database.session() as session:
        assert many.write(session, [first]) == [(first["id"], "A")]
        assert many.write(session, [again, new]) == [(new["id"], "B")]
        session.commit()
    assert [one[1] for one in rows_of(trial)] == ["A", "B"]


def test_what_no_row_can_hold_is_our_own_mistake(trial: Runtime) -> None:
    with trial.database.session() as session, pytest.raises(TypeError):
        ManyRows(TRIAL, COLUMNS).write(session, [row("A") | {"sealed": object()}])
    assert isinstance(row("A")["id"], UUID)
