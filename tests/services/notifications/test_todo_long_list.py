"""A list of 10,000 open items costs what a page costs: what is read for it, and that nothing is dropped or doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from services.notifications.todo import shown
from services.notifications.todo.counting import KEPT_SECONDS, MOST_COUNTED, counts
from services.notifications.todo.filtering import Wanted
from services.notifications.todo.models import TodoItem
from services.notifications.todo.schemas import TodoAnswer
from shared.clock import Clocks, FixedClock
from shared.ids import new_id
from tests.services.notifications.conftest import SignedIn
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_changes import changed, picture, seen
from tests.services.notifications.test_notifications_pages import page, read

API = "/notifications/api/todo"
LONG = 10_000
# Kinds, due days, importance and nominals mixed; a few put off.
_FILL = """
    INSERT INTO todo_item (id, person_id, cause, kind, title, role, nominal_id, due_on, late_from, raised_at, important,
        pinned, put_off_to, detail, clause, link, subject_kind, state)
    SELECT gen_random_uuid(), %(who)s, 'long:' || n, 'kind_' || n %% 5, 'Task ' || n %% 7, 'manager',
        ('00000000-0000-0000-0000-' || lpad((n %% 1500)::text, 12, '0'))::uuid,
        CASE WHEN n %% 11 > 0 THEN %(now)s::date + (n %% 60 - 20) END,
        CASE WHEN n %% 11 > 0 THEN %(now)s + (n %% 60 - 19) * interval '1 day' END,
        %(now)s - n * interval '1 minute', n %% 50 = 0, n %% 500 = 0,
        CASE WHEN n %% 100 = 7 THEN %(now)s::date + 3 END, 'full', '', '', '', 'open'
    FROM generate_series(1, %(many)s) AS n
"""


def fill(office: Office, who: UUID, many: int) -> None:
    with office.runtime.database.engine.begin() as connection:
        connection.exec_driver_sql(_FILL, {"who": who, "now": office.clock.now(), "many": many})
    with office.runtime.database.reading.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE todo_item")


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database meanwhile, with its values."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        heard.extend(values if isinstance(values, list) else [(statement, values)])

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def rows_read(office: Office, statement: str, values: Any) -> int:
    """How many rows and index entries of items PostgreSQL looked at for it."""
    with office.runtime.database.engine.connect() as connection:
        told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar_one()
    plan = told if isinstance(told, list) else json.loads(told)
    return _looked_at(plan[0]["Plan"])


def _looked_at(node: dict[str, Any]) -> int:
    own = 0
    if node.get("Relation Name") == "todo_item":
        removed = node.get("Rows Removed by Filter", 0)
        own = round((node["Actual Rows"] + removed) * node["Actual Loops"])
    return own + sum(_looked_at(inner) for inner in node.get("Plans", []))


def of_items(heard: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [one for one in heard if "todo_item" in one[0] and one[0].lstrip().startswith(("SELECT", "WITH"))]


def test_a_page_of_ten_thousand_reads_its_own_rows_and_the_counts_are_kept(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    fill(office, ada, LONG)
    fill(office, office.person("Ben"), LONG)
    who = signed_in(ada)
    first = read(client, API, who)  # counts the list whole
    assert (first["open"], first["put_off"], first["pages"]) == (9_900, 100, 396)
    with statements(office.runtime.database.engine) as heard:
        again = read(client, API, who)
    assert [one["id"] for one in again["items"]] == [one["id"] for one in first["items"]]
    assert (again["total"], again["overdue"]) == (first["total"], first["overdue"])
    assert again["counted_at"] is not None
    read_for = [rows_read(office, *one) for one in of_items(heard)]
    # The bounded look at the index, then a page of index entries and as many rows.
    assert max(read_for) <= MOST_COUNTED + 1
    assert sum(read_for) <= MOST_COUNTED + 1 + 3 * shown.PAGE
    # Both, and the audit entry; who was shut out is looked up once a second, whatever is asked.
    assert len([one for one in heard if "FROM revocation" not in one[0]]) == 3


def test_a_later_page_is_found_in_the_index_and_fetches_only_its_rows(office: Office) -> None:
    ada = office.person("Ada")
    fill(office, office.person("Ben"), 4 * LONG)
    fill(office, ada, LONG)
    with office.runtime.database.session() as session:
        whose = shown.whose(session, office.principal(ada), office.clock.today())
        with statements(office.runtime.database.engine) as heard:
            found = [
                shown.page_of(session, whose.where, Wanted(page=n), office.clock.now()) for n in (20, 396)
            ]
    assert [len(one) for one in found] == [shown.PAGE, shown.PAGE]
    middle, last = of_items(heard)
    with office.runtime.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN {middle[0]}", middle[1]).scalars().all()
    assert any("Index Only Scan using ix_todo_item_open" in line for line in plan), "\n".join(plan)
    assert rows_read(office, *middle) <= 20 * shown.PAGE + shown.PAGE + 10
    # Even where sorting is cheaper than the index, ids are sorted, and a page of rows fetched.
    assert rows_read(office, *last) <= LONG + shown.PAGE


@pytest.mark.clause("PF-7/To do list.1")
@pytest.mark.parametrize("sort", ["", "nominal", "-nominal", "-due", "task", "raised"])
def test_page_by_page_nothing_is_dropped_and_nothing_doubled(office: Office, sort: str) -> None:
    ada = office.person("Ada")
    fill(office, ada, 1_200)
    pages = []
    with office.runtime.database.session() as session:
        whose = shown.whose(session, office.principal(ada), office.clock.today())
        for number in range(1, 50):
            wanted = Wanted(sort=sort, page=number)
            pages.append(shown.page_of(session, whose.where, wanted, office.clock.now()))
    listed = [item for one in pages for item in one]
    assert len({item.id for item in listed}) == len(listed) == 1_188
    assert {len(one) for one in pages} == {25, 13, 0}


@pytest.mark.clause("PF-7/To do list.1")
def test_tasks_about_one_nominal_stand_together_where_the_most_urgent_of_them_stands(office: Office) -> None:
    ada = office.person("Ada")
    fill(office, ada, 3_000)
    with office.runtime.database.session() as session:
        whose = shown.whose(session, office.principal(ada), office.clock.today())
        first = shown.page_of(session, whose.where, Wanted(), office.clock.now())
        grouped = [
            item
            for number in range(1, 6)
            for item in shown.page_of(
                session, whose.where, Wanted(sort="nominal", page=number), office.clock.now()
            )
        ]
    for listed in (first, grouped):
        order = [item.nominal_id for item in listed]
        assert sum(a != b for a, b in pairwise(order)) + 1 == len(set(order))
    assert len({item.nominal_id for item in grouped}) < len(grouped)
    assert first[0].pinned


@pytest.mark.parametrize("sort", ["", "task", "-nominal", "due", "-raised"])
def test_the_landing_page_reads_what_any_other_way_reads(
    office: Office, client: FlaskClient, signed_in: SignedIn, sort: str
) -> None:
    ada = office.person("Ada")
    fill(office, ada, 300)
    for number in (1, 12, 13):
        listed = read(client, f"{API}?page={number}&sort={sort}", signed_in(ada))
        with office.runtime.database.session() as session:
            whose, now = shown.whose(session, office.principal(ada), office.clock.today()), office.clock.now()
            wanted = Wanted(sort=sort, page=number)
            told = counts(office.runtime, session, whose, wanted, now)
            items = shown.page_of(session, whose.where, wanted, now)
        assert [one["id"] for one in listed["items"]] == [str(one.id) for one in items]
        assert {name: listed[name] for name in ("open", "overdue", "put_off", "total")} == {
            name: getattr(told, name) for name in ("open", "overdue", "put_off", "total")
        }


def test_the_landing_page_says_of_each_task_what_is_said_of_it_alone(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    fill(office, ada, 45)
    items = [one for n in (1, 2) for one in read(client, f"{API}?page={n}", signed_in(ada))["items"]]
    now, whole = office.clock.now(), TodoAnswer()
    assert {one["due"]["code"] for one in items} >= {"overdue", "none"}
    assert set(items[0]) == set(whole.dump_fields)
    with office.runtime.database.session() as session:
        for one in items:
            item = session.get_one(TodoItem, UUID(one["id"]))
            assert one == whole.dump(shown.shown(item, now))


def test_own_acts_are_counted_at_once_and_those_of_others_within_half_a_minute(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    fill(office, ada, 1_200)
    runtime = client.application.extensions["visor.runtime"]
    system = FixedClock(office.runtime.clocks.system.now())
    who = signed_in(ada)
    runtime.clocks = Clocks(policy=office.clock, system=system)
    before = read(client, API, who)
    assert before["open"] == 1_188
    assert read(client, f"{API}/count", who) == {"count": 1_188}
    done = client.post(f"{API}/{before['items'][0]['id']}/outcome", headers=who, json={"outcome": "actioned"})
    assert done.status_code == 200, done.text
    assert read(client, API, who)["open"] == 1_187
    assert read(client, f"{API}/count", who) == {"count": 1_187}
    with office.runtime.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM todo_item WHERE cause = 'long:11'")
    assert read(client, API, who)["open"] == 1_187
    system.at += timedelta(seconds=KEPT_SECONDS + 1)
    assert read(client, API, who)["open"] == 1_186


@pytest.mark.clause("PF-7/To do list.1")
def test_how_many_records_have_news_is_kept_with_a_long_list_until_its_owner_reads_of_one(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada, first, second = office.person("Ada"), new_id(), new_id()
    fill(office, ada, MOST_COUNTED + 100)
    for nominal in (first, second):
        picture(office, nominal, 1, ada)
    changed(office, first, 1)
    who = signed_in(ada)
    assert [read(client, API, who)["changed_records"] for _ in range(2)] == [1, 1]
    changed(office, second, 1)
    assert read(client, API, who)["changed_records"] == 1  # somebody else's doing: within half a minute
    seen(office, ada, first, 1)
    assert read(client, API, who)["changed_records"] == 1
    seen(office, ada, second, 1)
    assert read(client, API, who)["changed_records"] == 0


def test_the_page_of_a_long_list_says_how_many_there_are(
    office: Office, client: FlaskClient, signed_in: SignedIn
) -> None:
    ada = office.person("Ada")
    fill(office, ada, 1_200)
    text = page(client, "/notifications/todo", signed_in(ada))
    assert "1188 open tasks" in text
    narrowed = read(client, f"{API}?kind=kind_0&important=true&due=overdue", signed_in(ada))
    assert 0 < narrowed["total"] < narrowed["overdue"] < narrowed["open"]
