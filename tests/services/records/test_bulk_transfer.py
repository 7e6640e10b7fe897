"""Many records at once: one approval on each side, a result for each, and one word to each whom it concerns."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from deploy.participants import participant
from services.records.bulk_transfer import jobs
from services.records.transfers.moving import take_over
from shared.access.principal import Principal
from shared.ids import new_id
from shared.messaging import task_runner
from shared.messaging.task_runner import TaskRunner
from shared.refusals import Invalid, NotFound
from tests.servers.records import BRADFORD, LEEDS, NOW, WEST_YORKSHIRE, World
from tests.services.records.conftest import Web, at_once, at_once_behind, codes, refusal, told

SHEFFIELD, SOUTH_YORKSHIRE = "pdu-N55SHF", "area-52"
REASON = "The two delivery units are one from April."
COMPLETED = "records.bulk_transfer.completed"


@dataclass
class Sides:
    cpc: Principal
    support: Principal
    manager: Principal
    supervisor: Principal
    there: Principal
    deputy: Principal
    new_manager: Principal
    new_supervisor: Principal

    @property
    def people(self) -> dict[str, UUID]:
        return {"manager_id": self.new_manager.person_id, "supervisor_id": self.new_supervisor.person_id}


@pytest.fixture
def sides(records: World) -> Sides:
    return Sides(
        cpc=records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc"),
        support=records.person(LEEDS, "central_support", name="Cass Support"),
        manager=records.person(LEEDS, "manager", name="Mary Manager"),
        supervisor=records.person(LEEDS, "supervisor", name="Sue Supervisor"),
        there=records.person(SOUTH_YORKSHIRE, "cpc", name="Cora Cpc"),
        deputy=records.person(
            SHEFFIELD, "lpc", "central_support", name="Dee Deputy", deputy_for=(SOUTH_YORKSHIRE,)
        ),
        new_manager=records.person(SHEFFIELD, "manager", name="Nell Manager"),
        new_supervisor=records.person(SHEFFIELD, "supervisor", name="Noor Supervisor"),
    )


def mine(world: World, sides: Sides, **given: Any) -> UUID:
    people = {"manager_id": sides.manager.person_id, "supervisor_id": sides.supervisor.person_id}
    return world.nominal(**{**people, **given})


def ask_for(world: World, who: Principal, **changes: Any) -> UUID:
    given = {"from_unit": LEEDS, "to_unit": SHEFFIELD, "reason": REASON, "whole": True} | changes
    return UUID(world.run("bulk_transfer.request", who, **given)["id"])


def agree(world: World, who: Principal, bulk: UUID, sides: Sides, **changes: Any) -> Any:
    return world.run("bulk_transfer.agree", who, bulk_id=bulk, **sides.people, **changes)


def work_off(world: World) -> None:
    runner = TaskRunner(participant(world.runtime))
    for row in world.rows("SELECT id FROM task WHERE state = 'waiting'"):
        assert runner.run(row.id)


def owners(world: World) -> dict[UUID, str]:
    return {row.id: row.owner_unit for row in world.rows("SELECT id, owner_unit FROM nominal")}


def results(world: World, bulk: UUID) -> dict[UUID, tuple[str | None, str | None]]:
    found = "SELECT nominal_id, result, why FROM bulk_transfer_item WHERE bulk_id = :bulk"
    return {row.nominal_id: (row.result, row.why) for row in world.rows(found, bulk=bulk)}


@pytest.mark.clause("PF-4.16f")
def test_a_merged_unit_goes_with_one_approval_on_each_side(records: World, sides: Sides) -> None:
    going = {mine(records, sides) for _ in range(3)}
    elsewhere = mine(records, sides, managing_unit=BRADFORD)
    bulk = ask_for(records, sides.cpc)
    assert told(records, "records.bulk_transfer.requested") == [("cpc", "Cora Cpc")]
    assert set(owners(records).values()) == {WEST_YORKSHIRE}, "until they agree"

    assert agree(records, sides.there, bulk, sides)["state"] == "running"
    work_off(records)

    assert {one for one, owner in owners(records).items() if owner == SOUTH_YORKSHIRE} == going
    assert owners(records)[elsewhere] == WEST_YORKSHIRE
    (row,) = {
        tuple(row)
        for row in records.rows(
            "SELECT managing_unit, manager_id, supervisor_id FROM nominal WHERE owner_unit = :there",
            there=SOUTH_YORKSHIRE,
        )
    }
    assert row == (SHEFFIELD, sides.new_manager.person_id, sides.new_supervisor.person_id)
    assert results(records, bulk) == dict.fromkeys(going, ("transferred", None))
    whole = records.ask("bulk_transfer.read", sides.cpc, bulk_id=bulk)
    assert (whole["state"], whole["total"], whole["transferred"], whole["reason"]) == (
        "completed",
        3,
        3,
        REASON,
    )


@pytest.mark.clause("PF-4.16f")
def test_one_word_goes_to_each_whom_it_concerns_and_each_record_tells_the_services(
    records: World, sides: Sides
) -> None:
    for _ in range(3):
        mine(records, sides)
    agree(records, sides.there, ask_for(records, sides.cpc), sides)
    work_off(records)
    assert told(records, COMPLETED) == [
        ("cpc", "Colin Cpc"),
        ("cpc", "Cora Cpc"),
        ("manager", "Mary Manager"),
        ("manager", "Nell Manager"),
        ("supervisor", "Noor Supervisor"),
        ("supervisor", "Sue Supervisor"),
    ]
    each = records.events("records.transfer.completed")
    assert len(each) == 3
    assert [copy["people"] for _, copies in each for copy in copies] == [[]] * 3, "one word for all"
    assert records.events("records.transfer.progressed") == []


@pytest.mark.clause("PF-4.16f")
def test_each_record_is_audited_and_has_the_transfer_in_its_history(records: World, sides: Sides) -> None:
    nominal = mine(records, sides)
    bulk = ask_for(records, sides.cpc)
    records.later(minutes=5)
    agree(records, sides.there, bulk, sides)
    work_off(records)
    (entry,) = records.rows("SELECT * FROM audit_entry WHERE action = 'bulk_transfer.transfer'")
    assert (entry.nominal_id, entry.subject_id, entry.actor) == (nominal, bulk, sides.there.person_id)
    assert entry.session_id == sides.there.session_id
    transfers = records.ask("transfers.of_nominal", sides.new_manager, nominal_id=nominal)["transfers"]
    (one,) = transfers
    whole = records.ask("transfers.read", sides.new_manager, transfer_id=one.id)
    assert [(step["act"], step["text"]) for step in whole["steps"]] == [
        ("requested", REASON),
        ("agreed", None),
    ]
    history = records.ask("nominals.history", sides.new_manager, nominal_id=nominal)
    assert history["changes"][0]["act"] == "transferred"


@pytest.mark.clause("PF-4.16f")
def test_what_stands_in_the_way_is_shown_before_and_left_out_after(records: World, sides: Sides) -> None:
    ready = mine(records, sides)
    owes_minutes = mine(records, sides)
    limited = mine(records, sides, limited_access=True, surname="Hidden")
    records.run(
        "meetings.record", sides.manager, nominal_id=owes_minutes, level=2, held_on=NOW.date().isoformat()
    )
    shown = records.ask("bulk_transfer.preview", sides.cpc, from_unit=LEEDS, to_unit=SHEFFIELD)
    assert (shown["total"], shown["can_go"]) == (3, 1)
    assert {one.nominal_id: one.why for one in shown["records"]} == {
        ready: [],
        owes_minutes: ["minutes"],
        limited: ["limited"],
    }
    bulk = ask_for(records, sides.cpc)
    agree(records, sides.there, bulk, sides)
    work_off(records)
    assert results(records, bulk) == {
        ready: ("transferred", None),
        owes_minutes: ("left_out", "minutes"),
        limited: ("left_out", "limited"),
    }
    assert records.events(COMPLETED)[-1][0]["left_out"] == 2
    receiving = records.ask("bulk_transfer.read", sides.there, bulk_id=bulk)
    assert limited not in receiving["lines"], "no name of a record under Limited Access"


@pytest.mark.clause("PF-4.16f")
def test_a_choice_goes_and_the_others_stay(records: World, sides: Sides) -> None:
    chosen, other = mine(records, sides), mine(records, sides)
    bulk = ask_for(records, sides.cpc, whole=False, nominal_ids=[str(chosen)])
    agree(records, sides.deputy, bulk, sides)
    work_off(records)
    assert (owners(records)[chosen], owners(records)[other]) == (SOUTH_YORKSHIRE, WEST_YORKSHIRE)
    for ids in ([], [str(new_id())], [str(other), str(chosen)]):
        with pytest.raises(Invalid) as wrong:
            ask_for(records, sides.cpc, whole=False, nominal_ids=ids)
        assert set(wrong.value.errors) == {"nominal_ids"}


@pytest.mark.clause("PF-4.16f")
def test_who_moved_along_keeps_their_records(records: World, sides: Sides) -> None:
    moved = records.person(SHEFFIELD, "manager", name="Moe Moved")
    kept = mine(records, sides, manager_id=moved.person_id)
    bulk = ask_for(records, sides.cpc)
    agree(records, sides.there, bulk, sides, keep_people=True)
    work_off(records)
    (row,) = records.rows("SELECT manager_id, supervisor_id FROM nominal WHERE id = :id", id=kept)
    assert tuple(row) == (moved.person_id, sides.new_supervisor.person_id)


@pytest.mark.clause("PF-4.16f", "PF-4.28.1")
def test_a_category_that_is_not_owned_there_stays(records: World, sides: Sides) -> None:
    cpc = records.person("force-12", "cpc", name="Percy Cpc")
    people = {
        "manager_id": records.person("force-12", "manager").person_id,
        "supervisor_id": records.person("force-12", "supervisor").person_id,
    }
    own, without_papers = mine(records, sides), mine(records, sides, category="1", level=1)
    shown = records.ask("bulk_transfer.preview", sides.cpc, from_unit=LEEDS, to_unit="force-12")
    assert {one.nominal_id: one.why for one in shown["records"]} == {
        own: ["owner"],
        without_papers: ["termination"],
    }
    bulk = ask_for(records, sides.cpc, to_unit="force-12")
    records.run("bulk_transfer.agree", cpc, bulk_id=bulk, **people)
    work_off(records)
    assert {result for result, _ in results(records, bulk).values()} == {"left_out"}


@pytest.mark.clause("SC-17.3.2")
def test_across_the_border_each_goes_by_itself(records: World, sides: Sides) -> None:
    mine(records, sides, category="1", level=1)
    shown = records.ask("bulk_transfer.preview", sides.cpc, from_unit=LEEDS, to_unit="force-scotland")
    assert "category" in shown["records"][0].why


def test_who_may_ask_and_who_may_agree(records: World, sides: Sides) -> None:
    mine(records, sides)
    prison_cpc = records.person("group-YRKS", "cpc")
    new = {"from_unit": LEEDS, "to_unit": SHEFFIELD, "reason": REASON, "whole": True}
    for who, code in (
        (sides.support, "R11"),
        (sides.manager, "R11"),
        (sides.there, "R11"),
        (prison_cpc, "R30"),
    ):
        assert refusal(records, "bulk_transfer.request", who, **new).code == code
    bulk = ask_for(records, sides.cpc)
    for who, code in ((sides.cpc, "R11"), (sides.support, "R11"), (prison_cpc, "R30")):
        assert refusal(records, "bulk_transfer.agree", who, bulk_id=bulk, **sides.people).code == code
    both = records.person(WEST_YORKSHIRE, "cpc", deputy_for=(SOUTH_YORKSHIRE,))
    mine(records, sides, managing_unit=BRADFORD)
    own = ask_for(records, both, from_unit=BRADFORD)
    assert refusal(records, "bulk_transfer.agree", both, bulk_id=own, **sides.people).code == "R23"
    with pytest.raises(NotFound):
        records.ask("bulk_transfer.read", sides.support, bulk_id=bulk)
    with pytest.raises(Invalid):
        records.run(
            "bulk_transfer.agree",
            sides.there,
            bulk_id=bulk,
            manager_id=sides.manager.person_id,
            supervisor_id=sides.new_manager.person_id,
        )


def test_refused_or_withdrawn_nothing_moves(records: World, sides: Sides) -> None:
    mine(records, sides)
    bulk = ask_for(records, sides.cpc)
    records.run("bulk_transfer.refuse", sides.there, bulk_id=bulk, text="Not before the summer.")
    assert told(records, "records.bulk_transfer.refused") == [("cpc", "Colin Cpc")]
    assert refusal(records, "bulk_transfer.agree", sides.there, bulk_id=bulk, **sides.people).code == "R34"
    again = ask_for(records, sides.cpc)
    records.run("bulk_transfer.withdraw", sides.cpc, bulk_id=again, text="Asked too early.")
    assert told(records, "records.bulk_transfer.withdrawn") == [("cpc", "Cora Cpc")]
    assert records.rows("SELECT FROM task") == []
    assert set(owners(records).values()) == {WEST_YORKSHIRE}


@pytest.mark.clause("PF-4.16f")
def test_two_who_agree_at_one_moment(records: World, sides: Sides) -> None:
    mine(records, sides)
    bulk = ask_for(records, sides.cpc)
    both = at_once_behind(
        records,
        "SELECT FROM bulk_transfer",
        *(lambda who=who: agree(records, who, bulk, sides) for who in (sides.there, sides.deputy)),
    )
    assert codes(both) == ["R34", "done"]
    assert len(records.rows("SELECT FROM task")) == 1


def test_one_agrees_while_the_other_side_withdraws(records: World, sides: Sides) -> None:
    mine(records, sides)
    bulk = ask_for(records, sides.cpc)
    both = at_once_behind(
        records,
        "SELECT FROM bulk_transfer",
        lambda: agree(records, sides.there, bulk, sides),
        lambda: records.run("bulk_transfer.withdraw", sides.cpc, bulk_id=bulk, text="He stays after all."),
    )
    assert codes(both) == ["R34", "done"]


def test_two_jobs_at_once_transfer_each_record_once(records: World, sides: Sides) -> None:
    moving = {mine(records, sides) for _ in range(6)}
    other = records.person("area-51", "cpc")
    people = {
        "manager_id": records.person("area-51", "manager").person_id,
        "supervisor_id": records.person("area-51", "supervisor").person_id,
    }
    unit = records.rows(
        "SELECT code FROM directory_unit WHERE parent = 'area-51' AND kind = 'delivery_unit' LIMIT 1"
    )[0].code
    first = ask_for(records, sides.cpc)
    agree(records, sides.there, first, sides)
    second = listed_twice(records, sides, first, to_unit=unit)
    records.run("bulk_transfer.agree", other, bulk_id=second, **people)
    tasks = [row.id for row in records.rows("SELECT id FROM task")]
    runner = TaskRunner(participant(records.runtime))
    at_once(*(lambda task=task: runner.run(task) for task in tasks))
    ended = [str(results(records, bulk)[nominal][0]) for nominal in moving for bulk in (first, second)]
    assert sorted(ended) == ["left_out"] * 6 + ["transferred"] * 6
    assert len(records.events("records.transfer.completed")) == 6
    assert len(records.rows("SELECT FROM transfer")) == 6


def listed_twice(world: World, sides: Sides, first: UUID, *, to_unit: str) -> UUID:
    """A second list of the same records, which no request makes: the job relies on no request having been careful."""
    state = "UPDATE bulk_transfer SET state = :state WHERE id = :id"
    with world.engine.begin() as connection:
        connection.execute(text(state), {"state": "withdrawn", "id": first})
    second = ask_for(world, sides.cpc, to_unit=to_unit)
    with world.engine.begin() as connection:
        connection.execute(text(state), {"state": "running", "id": first})
    return second


@pytest.mark.clause("PF-4.16f")
def test_no_record_is_on_two_lists_at_a_time(records: World, sides: Sides) -> None:
    """Not while one waits for its answer, nor while it is being done; as soon as it is over there may be another."""
    one, other = mine(records, sides), mine(records, sides)
    elsewhere = mine(records, sides, managing_unit=BRADFORD)
    bulk = ask_for(records, sides.cpc, whole=False, nominal_ids=[str(one)])
    for changes, said in (
        ({}, "from_unit: 1 of these records is on the list"),
        ({"from_unit": WEST_YORKSHIRE}, "from_unit: 1 of these records is on the list"),
        ({"whole": False, "nominal_ids": [str(one)]}, "nominal_ids: These records are on the list"),
    ):
        assert said in not_asked(records, sides, **changes)
    shown = records.ask("bulk_transfer.preview", sides.cpc, from_unit=LEEDS, to_unit=SHEFFIELD)
    assert {line.nominal_id: line.why for line in shown["records"]} == {one: ["listed"], other: []}
    ask_for(records, sides.cpc, from_unit=BRADFORD)
    agree(records, sides.there, bulk, sides)
    assert "1 of these records is on the list" in not_asked(records, sides)
    work_off(records)
    assert owners(records)[one] == SOUTH_YORKSHIRE
    third = ask_for(records, sides.cpc)
    assert results(records, third) == {other: (None, None)}
    records.run("bulk_transfer.withdraw", sides.cpc, bulk_id=third, text="Asked too early.")
    assert results(records, ask_for(records, sides.cpc)) == {other: (None, None)}
    assert owners(records)[elsewhere] == WEST_YORKSHIRE


def not_asked(world: World, sides: Sides, **changes: Any) -> str:
    with pytest.raises(Invalid) as wrong:
        ask_for(world, sides.cpc, **changes)
    return "; ".join(f"{field}: {texts[0]}" for field, texts in wrong.value.errors.items())


@pytest.mark.clause("PF-4.16f")
def test_two_who_ask_for_the_same_unit_at_one_moment(records: World, sides: Sides) -> None:
    mine(records, sides)
    lena = records.person(LEEDS, "lpc", name="Lena Lpc", deputy_for=(WEST_YORKSHIRE,))
    turn = f"SELECT pg_advisory_xact_lock(hashtextextended('bulk_transfer|{WEST_YORKSHIRE}', 0))"
    both = at_once_behind(
        records, turn, *(lambda who=who: ask_for(records, who) for who in (sides.cpc, lena))
    )
    assert sorted(type(one).__name__ for one in both) == ["Invalid", "UUID"]
    assert len(records.rows("SELECT FROM bulk_transfer")) == 1
    assert len(records.rows("SELECT FROM bulk_transfer_item")) == 1
    assert len(records.events("records.bulk_transfer.requested")) == 1


def test_a_record_that_is_asked_for_by_itself_meanwhile_is_left_out(records: World, sides: Sides) -> None:
    nominal = mine(records, sides)
    bulk = ask_for(records, sides.cpc)
    records.run(
        "transfers.request", sides.cpc, nominal_id=nominal, to_unit=SHEFFIELD, reason="He moves to Sheffield."
    )
    agree(records, sides.there, bulk, sides)
    work_off(records)
    assert results(records, bulk) == {nominal: ("left_out", "transfer")}


# Where it dies, and how many of the eight records are then transferred.
POINTS = [("task.worked:2", 3), ("task.items_done:2", 6), ("task.marked", 8)]


@pytest.mark.clause("PF-4.16f")
@pytest.mark.parametrize(("point", "done"), POINTS)
def test_a_job_killed_in_the_middle_goes_on_where_it_stopped(
    records: World, sides: Sides, point: str, done: int
) -> None:
    moving = {mine(records, sides) for _ in range(8)}
    bulk = ask_for(records, sides.cpc)
    agree(records, sides.there, bulk, sides)
    ((task,),) = records.rows("SELECT id FROM task")
    runtime = records.runtime
    urls = [
        engine.url.render_as_string(hide_password=False) for engine in (records.engine, runtime.keys._engine)
    ]
    given = [*urls, str(runtime.settings.home), str(task), "3", jobs.__name__]
    died = subprocess.run(
        [sys.executable, "-m", "tests.services.bulk_worker", *given],
        env=os.environ | {"VISOR_CRASH_AT": point},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    moved = [one for one, owner in owners(records).items() if owner == SOUTH_YORKSHIRE]
    assert len(moved) == sum(result is not None for result, _ in results(records, bulk).values()) == done

    with records.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'waiting', lease = NULL WHERE finished_at IS NULL"))
    work_off(records)
    assert results(records, bulk) == dict.fromkeys(moving, ("transferred", None))
    assert len(records.events("records.transfer.completed")) == 8
    assert len(records.rows("SELECT FROM audit_entry WHERE action = 'bulk_transfer.transfer'")) == 8
    assert len(records.events(COMPLETED)) == 1


@pytest.mark.clause("PF-4.16f")
@pytest.mark.parametrize("point", ["task.worked:2", "task.items_done:2", "task.worked:4", "task.marked"])
def test_a_job_whose_connections_are_closed_goes_on_where_it_stopped(
    records: World, sides: Sides, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """As by a database that is restarted: what was not committed is done again, and nothing counts against the task."""
    moving = {mine(records, sides) for _ in range(8)}
    bulk = ask_for(records, sides.cpc)
    agree(records, sides.there, bulk, sides)
    monkeypatch.setattr(jobs, "CHUNK", 3)
    ((task,),) = records.rows("SELECT id FROM task")
    runner = TaskRunner(participant(records.runtime))
    name, _, count = point.partition(":")
    passed: list[str] = []

    def close(here: str) -> None:
        passed.append(here)
        if here == name and passed.count(here) == int(count or 1):
            closed_by_the_server(records)

    monkeypatch.setattr(task_runner, "crash_point", close)
    with suppress(OperationalError):
        runner.run(task)
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'waiting', lease = NULL WHERE finished_at IS NULL"))
    work_off(records)
    assert results(records, bulk) == dict.fromkeys(moving, ("transferred", None))
    assert records.rows("SELECT state, attempts FROM task") == [("done", 0)]
    assert len(records.events("records.transfer.completed")) == 8
    assert len(records.events(COMPLETED)) == 1


@pytest.mark.clause("PF-4.16f")
def test_a_connection_that_is_closed_amid_a_record_leaves_none_out(
    records: World, sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is wrong with the record: it is not left out for it, and is transferred at the next try."""
    moving = {mine(records, sides) for _ in range(3)}
    bulk = ask_for(records, sides.cpc)
    agree(records, sides.there, bulk, sides)
    ((task,),) = records.rows("SELECT id FROM task")
    begun: list[Any] = []

    def close_once(*args: Any, **more: Any) -> None:
        begun.append(args)
        if len(begun) == 2:
            closed_by_the_server(records)
        take_over(*args, **more)

    monkeypatch.setattr(jobs, "take_over", close_once)
    with suppress(OperationalError):
        TaskRunner(participant(records.runtime)).run(task)
    assert set(results(records, bulk).values()) == {(None, None)}
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'waiting', lease = NULL, due_at = now()"))
    work_off(records)
    assert results(records, bulk) == dict.fromkeys(moving, ("transferred", None))
    assert len(records.events("records.transfer.completed")) == 3


@pytest.mark.clause("PF-4.16f")
def test_what_was_given_up_goes_on_when_either_side_says_so(
    records: World, sides: Sides, monkeypatch: pytest.MonkeyPatch, web: Callable[[Principal], Web]
) -> None:
    """The first records are transferred; the rest is not lost, nor kept from every other transfer for good."""
    moving = {mine(records, sides) for _ in range(5)}
    bulk = ask_for(records, sides.cpc)
    assert refusal(records, "bulk_transfer.resume", sides.cpc, bulk_id=bulk).code == "R34", "not agreed yet"
    agree(records, sides.there, bulk, sides)
    give_up(records, monkeypatch, after=2)
    page = f"/bulk-transfers/{bulk}"
    shown = web(sides.there).get(page).text
    assert ("Stopped" in shown, "2 of 5 done" in shown, "Go on" in shown) == (True, True, True)
    assert ": 2 of 5 records done</span>" in web(sides.there).get(f"{page}/resumption/new").text
    for who, code in ((sides.support, "R11"), (records.person("group-YRKS", "cpc"), "R30")):
        assert refusal(records, "bulk_transfer.resume", who, bulk_id=bulk).code == code

    both = at_once_behind(
        records,
        "SELECT FROM task",
        *(
            lambda who=who: records.run("bulk_transfer.resume", who, bulk_id=bulk)
            for who in (sides.cpc, sides.there)
        ),
    )
    assert codes(both) == ["R34", "done"]
    work_off(records)
    assert results(records, bulk) == dict.fromkeys(moving, ("transferred", None))
    assert len(records.events("records.transfer.completed")) == 5
    assert len(records.events(COMPLETED)) == 1
    assert "Stopped" not in web(sides.cpc).get(page).text
    assert web(sides.cpc).get(f"{page}/resumption/new").status_code == 409


def give_up(world: World, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """The job fails at the next record five times over."""
    begun: list[Any] = []

    def breaks(*args: Any, **more: Any) -> None:
        begun.append(args)
        if len(begun) > after:
            raise RuntimeError
        take_over(*args, **more)

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "CHUNK", 1)
        broken.setattr(jobs, "take_over", breaks)
        ((task,),) = world.rows("SELECT id FROM task")
        for _ in range(5):
            assert TaskRunner(participant(world.runtime)).run(task)
            with world.engine.begin() as connection:
                connection.execute(text("UPDATE task SET due_at = now()"))
    assert world.rows("SELECT state, attempts FROM task") == [("failed", 5)]


def closed_by_the_server(world: World) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with create_engine(world.engine.url, poolclass=NullPool).connect() as connection:
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"from_unit", "to_unit", "reason"}),
        (
            {"from_unit": 7, "to_unit": "x" * 90, "reason": " " * 20, "nominal_ids": ["7"], "more": 1},
            {"from_unit", "to_unit", "reason", "nominal_ids", "more"},
        ),
        ({"from_unit": LEEDS, "to_unit": "prison-LEI", "reason": REASON, "whole": True}, {"to_unit"}),
        ({"from_unit": "nowhere", "to_unit": LEEDS, "reason": REASON, "whole": True}, {"from_unit"}),
        ({"from_unit": LEEDS, "to_unit": LEEDS, "reason": REASON, "whole": True}, {"to_unit"}),
        ({"from_unit": LEEDS, "to_unit": SHEFFIELD, "reason": REASON, "whole": True}, {"from_unit"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, sides: Sides, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(sides.cpc).send("/bulk-transfers", body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == fields


@pytest.mark.clause("PF-4.16f", "PF-7/To do list.4")
def test_the_pages_and_the_report(records: World, sides: Sides, web: Callable[[Principal], Web]) -> None:
    nominal, stays = mine(records, sides), mine(records, sides, limited_access=True, surname="Hidden")
    asking, answering = web(sides.cpc), web(sides.there)
    assert "See what would go" in asking.get("/bulk-transfers").text
    new = f"/bulk-transfers/new?from_unit={LEEDS}&to_unit={SHEFFIELD}"
    assert "Access to it is limited" in asking.get(new).text
    assert "Choose again" in asking.get(f"/bulk-transfers/new?from_unit={LEEDS}&to_unit=prison-LEI").text
    route = {"from_unit": LEEDS, "to_unit": SHEFFIELD}
    wrong = asking.fill(new, **route, nominal_ids=str(nominal), reason="short")
    assert wrong.status_code == 422
    assert f'value="{nominal}" checked' in wrong.text
    sent = asking.fill(new, **route, whole="true", reason=REASON)
    assert sent.status_code == 303, sent.text
    place = sent.headers["location"].removeprefix("/records")
    assert "Answer" in answering.get("/bulk-transfers").text
    assert REASON in answering.get(place).text
    people = {name: str(id) for name, id in sides.people.items()}
    agreed = answering.fill(f"{place}/agreement/new", **people)
    assert agreed.status_code == 303, agreed.text
    work_off(records)
    shown = asking.get(place).text
    assert "Left out" in shown
    assert "Access to it is limited" in shown
    assert web(sides.manager).get(place).status_code == 200, "whose record went may look at the result"
    for who in (asking, answering, web(sides.new_manager)):
        (row,) = who.http.get("/records/api/reports/rpt-13").json()["rows"]
        assert (row["state"], row["in_bulk"], row["days"]) == ("Completed", True, 0)
    assert stays not in {one for one, owner in owners(records).items() if owner == SOUTH_YORKSHIRE}
    assert asking.get("/reports/rpt-13").status_code == 200
