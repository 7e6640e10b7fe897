"""Partnering one user to many nominals at once: who may, what is skipped, and what is left of a job that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from deploy.participants import participant
from services.records.bulk_partner import jobs
from shared.access.principal import Principal
from shared.audit.canonical import FIELDS, hash_of
from shared.ids import new_id
from shared.messaging.task_runner import TaskRunner
from shared.refusals import Invalid, NotFound, Refusal
from tests.servers.records import BRADFORD, LEEDS, PRISON, WEST_YORKSHIRE, World
from tests.services.records.conftest import at_once_behind

GROUP = "group-YRKS"
CPC = f"cpc:{WEST_YORKSHIRE}"


@pytest.fixture
def cpc(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, CPC, name="Carol Cpc")


@pytest.fixture
def user(records: World) -> Principal:
    return records.person(LEEDS, "partner", name="Una User")


def start(records: World, who: Principal, user: Principal, **source: Any) -> UUID:
    answer = records.run("bulk_partner.start", who, person_id=user.person_id, **(source or {"unit": LEEDS}))
    return UUID(str(answer["id"]))


def work_off(records: World) -> None:
    """Run every waiting task, as a worker would."""
    runner = TaskRunner(participant(records.runtime))
    for row in records.rows("SELECT id FROM task WHERE state = 'waiting'"):
        assert runner.run(row.id)


def job_row(records: World, job: UUID) -> Any:
    (row,) = records.rows("SELECT * FROM bulk_partner_job WHERE id = :job", job=job)
    return row


def partners(records: World, user: Principal) -> set[UUID]:
    found = "SELECT nominal_id FROM partnership WHERE person_id = :id AND ended_at IS NULL"
    return {row.nominal_id for row in records.rows(found, id=user.person_id)}


@pytest.mark.clause("PF-7/Bulk Partner.1", "PF-7/Bulk Partner.2")
def test_a_new_member_of_a_team_is_partnered_to_its_records(
    records: World, cpc: Principal, user: Principal
) -> None:
    mine = {records.nominal() for _ in range(5)}
    records.nominal(managing_unit=BRADFORD)
    before = records.nominal(partners=(user,))
    job = start(records, cpc, user)
    work_off(records)

    assert partners(records, user) == mine | {before}
    row = job_row(records, job)
    assert (row.total, row.done, row.added, row.already) == (6, 6, 5, 1)
    assert row.completed_at is not None


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_each_partnership_has_its_own_audit_entry(records: World, cpc: Principal, user: Principal) -> None:
    mine = {records.nominal() for _ in range(4)}
    job = start(records, cpc, user)
    work_off(records)

    found = "SELECT * FROM audit_entry WHERE action = 'bulk_partner.add'"
    entries = records.rows(found)
    assert {entry.nominal_id for entry in entries} == mine
    assert {entry.actor for entry in entries} == {cpc.person_id}
    assert {entry.session_id for entry in entries} == {cpc.session_id}
    assert all(entry.facts == {"job": str(job), "person": str(user.person_id)} for entry in entries)
    rows = records.rows("SELECT id FROM partnership WHERE granted_by = :id", id=cpc.person_id)
    assert {entry.subject_id for entry in entries} == {row.id for row in rows}


def test_what_postgresql_hashed_is_what_the_audit_verifies(
    records: World, cpc: Principal, user: Principal
) -> None:
    for _ in range(3):
        records.nominal()
    start(records, cpc, user)
    work_off(records)
    entries = records.rows("SELECT * FROM audit_entry WHERE action = 'bulk_partner.add'")
    assert len(entries) == 3
    for entry in entries:
        values = [getattr(entry, name) for name in FIELDS]
        assert bytes(entry.hash) == hash_of(values)


@pytest.mark.clause("PF-7/Bulk Partner.3", "PF-4.16l.2")
def test_limited_access_is_skipped_and_listed_by_name_for_its_cpc(
    records: World, cpc: Principal, user: Principal
) -> None:
    records.nominal()
    hidden = records.nominal(limited_access=True, surname="Hidden", listed=(user,))
    shown = records.ask("bulk_partner.preview", cpc, person_id=user.person_id, unit=LEEDS)
    assert (shown["total"], shown["to_add"], shown["limited_count"]) == (2, 1, 1)
    assert [line.name for line in shown["limited"]] == ["Darren Alan Hidden"]

    job = start(records, cpc, user)
    work_off(records)
    assert hidden not in partners(records, user)
    assert (job_row(records, job).added, job_row(records, job).limited) == (1, 1)
    progress = records.ask("bulk_partner.job", cpc, job_id=job)
    assert [line.nominal_id for line in progress["skipped"]] == [hidden]


@pytest.mark.clause("PF-7/Bulk Partner.3", "PF-4.16l.2")
def test_central_support_is_told_no_name_of_a_limited_record(records: World, user: Principal) -> None:
    support = records.person(LEEDS, "central_support")
    records.nominal(limited_access=True, surname="Hidden")
    shown = records.ask("bulk_partner.preview", support, person_id=user.person_id, unit=LEEDS)
    (line,) = shown["limited"]
    assert (line.name, line.nominal_id, line.owner_unit) == (None, None, WEST_YORKSHIRE)


@pytest.mark.clause("PF-7/Bulk Partner.3")
def test_a_record_limited_after_the_start_is_skipped_all_the_same(
    records: World, cpc: Principal, user: Principal
) -> None:
    nominal, archived = records.nominal(), records.nominal()
    job = start(records, cpc, user)
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE nominal SET limited_access = true WHERE id = :id"), {"id": nominal})
        connection.execute(text("UPDATE nominal SET status = 'archived' WHERE id = :id"), {"id": archived})
    work_off(records)
    row = job_row(records, job)
    assert (row.added, row.limited, row.failed) == (0, 1, 1)
    assert [(one.nominal_id, one.why) for one in failed(records, job)] == [(archived, "archived")]


def failed(records: World, job: UUID) -> list[Any]:
    return records.rows(
        "SELECT * FROM bulk_partner_result WHERE job_id = :job AND result = 'failed'", job=job
    )


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_all_partnerships_of_a_colleague_are_copied(records: World, cpc: Principal, user: Principal) -> None:
    colleague = records.person(BRADFORD, "partner")
    theirs = {
        records.nominal(partners=(colleague,)),
        records.nominal(partners=(colleague,), owner_unit="area-56"),
    }
    records.nominal(partners=(colleague,), status="archived")
    records.nominal()
    start(records, cpc, user, template_id=colleague.person_id)
    work_off(records)
    assert partners(records, user) == theirs


@pytest.mark.clause("PF-7/Bulk Partner.1")
def test_a_prison_s_cpc_partners_her_group_s_users_to_those_held_there(records: World) -> None:
    cpc = records.person(PRISON, f"cpc:{GROUP}")
    officer = records.person(PRISON, "partner")
    held = records.nominal(custody_prison=PRISON)
    records.nominal()
    start(records, cpc, officer, unit=PRISON)
    work_off(records)
    assert partners(records, officer) == {held}


@pytest.mark.clause("PF-7/Bulk Partner.2", "PF-7/Central Support Token.2")
@pytest.mark.parametrize(
    ("unit", "tokens"),
    [
        (LEEDS, ("manager", "supervisor", "lpc", "partner", "create")),
        ("area-56", ("cpc:area-56",)),
        ("pdu-N55BAS", ("central_support",)),
        (PRISON, (f"cpc:{GROUP}",)),
    ],
)
def test_nobody_else_may(records: World, user: Principal, unit: str, tokens: tuple[str, ...]) -> None:
    records.nominal()
    stranger = records.person(unit, *tokens)
    with pytest.raises(Refusal) as refused:
        start(records, stranger, user)
    assert refused.value.code == "R11"
    assert records.rows("SELECT FROM bulk_partner_job") == []
    assert records.audit()[-1] == ("bulk_partner.start", "refused", "R11")


@pytest.mark.clause("PF-7/LPC.2")
def test_the_cpc_s_deputy_may(records: World, user: Principal) -> None:
    deputy = records.person(LEEDS, "lpc", deputy_for=(WEST_YORKSHIRE,))
    records.nominal()
    assert start(records, deputy, user)


@pytest.mark.clause("PF-7/ViSOR Tokens.3")
def test_a_user_without_the_partner_token_is_refused_by_name(records: World, cpc: Principal) -> None:
    records.nominal()
    reader = records.person(LEEDS, "manager", name="Rita Reader")
    with pytest.raises(Refusal) as refused:
        start(records, cpc, reader)
    assert refused.value.code == "R11"
    assert "Rita Reader" in refused.value.message
    assert refused.value.contact is not None
    assert refused.value.contact.name == "Rita Reader"


def test_a_leaver_an_unknown_unit_and_two_sources_at_once_are_refused_by_field(
    records: World, cpc: Principal, user: Principal
) -> None:
    leaver = records.person(LEEDS, "partner", active=False)
    wrong: list[tuple[Principal, dict[str, Any], str]] = [
        (leaver, {"unit": LEEDS}, "person_id"),
        (user, {"unit": "pdu-NOWHERE"}, "unit"),
        (user, {"unit": "region-N55"}, "unit"),
        (user, {"unit": LEEDS, "template_id": user.person_id}, "unit"),
        (user, {"unit": None}, "unit"),
        (user, {"unit": LEEDS}, "unit"),  # which has no record yet
    ]
    for who, source, field in wrong:
        with pytest.raises(Invalid) as invalid:
            start(records, cpc, who, **source)
        assert list(invalid.value.errors) == [field]


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_one_summary_goes_to_the_user_and_to_who_started_it(
    records: World, cpc: Principal, user: Principal
) -> None:
    for _ in range(3):
        records.nominal()
    job = start(records, cpc, user)
    work_off(records)
    ((data, copies),) = records.events("records.bulk_partner.completed")
    assert data == {
        "job_id": str(job),
        "person_id": str(user.person_id),
        "added": 3,
        "already": 0,
        "limited": 0,
        "failed": 0,
    }
    assert [(one["person_id"], one["as"]) for copy in copies for one in copy["people"]] == [
        (str(user.person_id), "partner"),
        (str(cpc.person_id), "requester"),
    ]


def test_notifications_learns_of_each_new_standing_and_its_version(
    records: World, cpc: Principal, user: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TOLD", 2)
    mine = {records.nominal() for _ in range(3)}
    records.nominal(partners=(user,))
    start(records, cpc, user)
    work_off(records)
    told = records.events("records.standing.added")
    assert [len(data["nominals"]) for data, _ in told] == [2, 1]
    assert all(copy["agency"] == user.agency for _, copies in told for copy in copies)
    versions = {UUID(one["nominal_id"]): one["version"] for data, _ in told for one in data["nominals"]}
    known = records.rows("SELECT id, standing_version FROM nominal WHERE id = ANY(:ids)", ids=list(mine))
    assert versions == {row.id: row.standing_version for row in known}
    assert set(versions.values()) == {2}


@contextmanager
def statements(records: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(records.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(records.engine, "before_cursor_execute", note)


def test_a_chunk_takes_as_many_statements_whatever_its_size(records: World, cpc: Principal) -> None:
    counts = []
    for size in (2, 12):
        for _ in range(size):
            records.nominal()
        user = records.person(LEEDS, "partner")
        start(records, cpc, user)
        with statements(records) as seen:
            work_off(records)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] < 30


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_two_jobs_at_once_for_one_user_add_each_partnership_once(
    records: World, cpc: Principal, user: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their lists are the same; each was started in its own way."""
    monkeypatch.setattr(jobs, "CHUNK", 3)
    colleague = records.person(LEEDS, "partner", name="Carl Colleague")
    mine = {records.nominal(partners=(colleague,)) for _ in range(20)}
    both = [start(records, cpc, user), start(records, cpc, user, template_id=colleague.person_id)]
    tasks = [row.id for row in records.rows("SELECT id FROM task")]
    runner = TaskRunner(participant(records.runtime))
    together = threading.Barrier(2)

    def work(task: UUID) -> None:
        together.wait()
        runner.run(task)

    threads = [threading.Thread(target=work, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert partners(records, user) == mine
    rows = [job_row(records, job) for job in both]
    assert all(row.completed_at and row.done == 20 for row in rows)
    assert sum(row.added for row in rows) == sum(row.already for row in rows) == 20
    assert len(records.rows("SELECT FROM audit_entry WHERE action = 'bulk_partner.add'")) == 20


@pytest.mark.clause("PF-7/Bulk Partner.2")
def test_two_who_start_the_same_at_one_moment(records: World, cpc: Principal, user: Principal) -> None:
    mine = {records.nominal() for _ in range(3)}
    support = records.person(LEEDS, "central_support", name="Cass Support")
    turn = f"SELECT pg_advisory_xact_lock(hashtextextended('bulk_partner|{user.person_id}', 0))"
    both = at_once_behind(
        records, turn, *(lambda who=who: start(records, who, user) for who in (cpc, support))
    )
    assert sorted(type(one).__name__ for one in both) == ["Refusal", "UUID"]
    assert len(records.rows("SELECT FROM bulk_partner_job")) == len(records.rows("SELECT FROM task")) == 1
    work_off(records)
    assert partners(records, user) == mine
    assert len(records.events("records.bulk_partner.completed")) == 1


@pytest.fixture
def die(records: World) -> Callable[[UUID, str], int]:
    """Work off a task in another process that is told to die at a named point; gives its return code."""

    def run(task: UUID, point: str) -> int:
        runtime = records.runtime
        urls = [
            engine.url.render_as_string(hide_password=False)
            for engine in (records.engine, runtime.keys._engine)
        ]
        given = [*urls, str(runtime.settings.home), str(task), "3", jobs.__name__]
        command = [sys.executable, "-m", "tests.services.bulk_worker", *given]
        return subprocess.run(command, env=os.environ | {"VISOR_CRASH_AT": point}, check=False).returncode

    return run


# Where it dies, and how many of the eight nominals are then committed.
POINTS = [
    ("task.claimed", 0),
    ("task.worked", 0),
    ("task.worked:2", 3),
    ("task.items_done", 3),
    ("task.items_done:2", 6),
    ("task.worked:4", 8),
    ("task.marked", 8),
    ("task.committed", 8),
]


@pytest.mark.clause("PF-7/Bulk Partner.2")
@pytest.mark.parametrize(("point", "committed"), POINTS)
def test_a_job_killed_in_the_middle_goes_on_where_it_stopped(
    records: World,
    cpc: Principal,
    user: Principal,
    die: Callable[[UUID, str], int],
    point: str,
    committed: int,
) -> None:
    mine = {records.nominal() for _ in range(8)}
    job = start(records, cpc, user)
    ((task,),) = records.rows("SELECT id FROM task")
    assert die(task, point) == -signal.SIGKILL
    assert job_row(records, job).done == len(partners(records, user)) == committed

    # The lease has run out, and the tick has freed the task.
    with records.engine.begin() as connection:
        connection.execute(text("UPDATE task SET state = 'waiting', lease = NULL WHERE finished_at IS NULL"))
    work_off(records)

    row = job_row(records, job)
    assert partners(records, user) == mine
    assert (row.done, row.added, row.already) == (8, 8, 0)
    assert len(records.rows("SELECT FROM bulk_partner_result WHERE result = 'added'")) == 8
    assert len(records.rows("SELECT FROM audit_entry WHERE action = 'bulk_partner.add'")) == 8
    assert len(records.events("records.bulk_partner.completed")) == 1
    told = [
        one["nominal_id"] for data, _ in records.events("records.standing.added") for one in data["nominals"]
    ]
    assert sorted(told) == sorted(map(str, mine))


@contextmanager
def refusing(records: World, nominal: UUID) -> Iterator[None]:
    """PostgreSQL refuses partnerships of this one nominal."""
    function = f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.nominal_id = '{nominal}' THEN RAISE 'refused'; END IF; RETURN NEW; END $$
    """
    trigger = "CREATE TRIGGER refuse BEFORE INSERT ON partnership FOR EACH ROW EXECUTE FUNCTION refuse()"
    with records.engine.begin() as connection:
        connection.execute(text(function))
        connection.execute(text(trigger))
    try:
        yield
    finally:
        with records.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION refuse CASCADE"))


def test_what_fails_fails_alone(records: World, cpc: Principal, user: Principal) -> None:
    mine = [records.nominal() for _ in range(9)]
    job = start(records, cpc, user)
    with refusing(records, mine[4]):
        work_off(records)
    assert partners(records, user) == {*mine} - {mine[4]}
    assert [(one.nominal_id, one.why) for one in failed(records, job)] == [(mine[4], "error")]
    assert (job_row(records, job).added, job_row(records, job).failed) == (8, 1)
    again = start(records, cpc, user)
    work_off(records)
    assert (job_row(records, again).added, job_row(records, again).already) == (1, 8)


def test_a_job_shows_its_user_how_far_it_is_and_others_nothing(
    records: World, cpc: Principal, user: Principal
) -> None:
    records.nominal(limited_access=True)
    job = start(records, cpc, user)
    work_off(records)
    mine = records.ask("bulk_partner.job", user, job_id=job)
    assert (mine["job"].limited, mine["skipped"]) == (1, [])
    with pytest.raises(NotFound):
        records.ask("bulk_partner.results", user, job_id=job)
    for stranger in (records.person(LEEDS, "manager"), records.person("area-56", "cpc:area-56")):
        with pytest.raises(NotFound):
            records.ask("bulk_partner.job", stranger, job_id=job)
    with pytest.raises(NotFound):
        records.ask("bulk_partner.job", cpc, job_id=new_id())


def test_the_results_name_each_nominal_but_the_limited(
    records: World, cpc: Principal, user: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.records.bulk_partner import queries  # noqa: PLC0415 - its page size is changed here only

    monkeypatch.setattr(queries, "PAGE", 2)
    mine = sorted(records.nominal() for _ in range(3))
    records.nominal(limited_access=True)
    job = start(records, cpc, user)
    work_off(records)
    first = records.ask("bulk_partner.results", cpc, job_id=job)
    rest = records.ask("bulk_partner.results", cpc, job_id=job, after=first["next_after"])
    assert [one.nominal_id for page in (first, rest) for one in page["results"]] == mine
    assert rest["next_after"] is None


@pytest.mark.clause("PF-7/Bulk Partner.1")
def test_the_choices_are_the_users_and_units_of_ones_own_area(
    records: World, cpc: Principal, user: Principal
) -> None:
    records.person(LEEDS, "manager")
    records.person("pdu-N55BAS", "partner")
    records.nominal()
    job = start(records, cpc, user)
    offered = records.ask("bulk_partner.choices", cpc)
    assert [one.id for one in offered["users"]] == [user.person_id]
    assert {LEEDS, BRADFORD} <= {one.code for one in offered["units"]}
    assert PRISON not in {one.code for one in offered["units"]}
    assert [one.id for one in offered["jobs"]] == [job]
