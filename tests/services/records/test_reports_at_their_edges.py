"""Whose, and of which days, the rows of a report are: each told apart at the last second of a London day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Select

from services.records.service import service
from shared.access.principal import Principal
from shared.refusals import Refusal
from shared.work import Work
from tests.servers.records import LEEDS, PRISON, World, again
from tests.services.records.conftest import Cast
from tests.services.records.test_archiving import archive
from tests.services.records.test_imminent_risk import raise_risk
from tests.services.records.test_meetings import minute, record
from tests.services.records.test_merging import SOUTH_YORKSHIRE
from tests.services.records.test_referrals import register
from tests.services.records.test_rotl import check
from tests.services.records.test_transfers import SHEFFIELD, ask_for, receiving

FIRST, SECOND = date(2026, 4, 1), date(2026, 4, 2)
LAST_SECOND = datetime(2026, 4, 1, 22, 59, 59, tzinfo=UTC)  # of the first of April, in British Summer Time
WHY = {"reason_type": "other", "reason": "Named in a report of a missing girl this evening."}


def rows(world: World, code: str, who: Principal, **filters: Any) -> list[Any]:
    with world.session() as session:
        work = Work(world.runtime, session, who, "a test")
        return list(session.execute(selected(work, code, **filters)))


def selected(work: Work, code: str, **filters: Any) -> Select[Any]:
    found = service.reports[code].rows(work, **filters)
    assert isinstance(found, Select)
    return found


@pytest.fixture
def evening(records: World) -> World:
    records.policy.at = records.system.at = LAST_SECOND
    return records


@pytest.fixture
def sally(records: World) -> Principal:
    return records.person(SOUTH_YORKSHIRE, "cpc", "partner", name="Sally South")


@pytest.mark.clause("PF-7/Accessing.3", "PF-4.16a.2")
def test_accesses_without_partnership(evening: World, cast: Cast, sally: Principal) -> None:
    def seen(who: Principal, since: date | None = None, until: date | None = None, outcome: str = "") -> int:
        return len(rows(evening, "RPT-05", who, since=since, until=until, outcome=outcome))

    theirs = evening.nominal(owner_unit=SOUTH_YORKSHIRE, managing_unit=SHEFFIELD)
    evening.run("access.open", cast.stranger, nominal_id=cast.nominal, **WHY)
    evening.run("access.open", cast.stranger, nominal_id=theirs, **WHY)
    evening.later(seconds=1)
    evening.run("access.open", again(cast.stranger), nominal_id=cast.nominal, **WHY)
    assert (seen(cast.cpc), seen(sally)) == (2, 1), "each CPC those of their own records"
    assert seen(cast.manager) == 0
    assert [seen(cast.cpc, until=FIRST), seen(cast.cpc, since=FIRST, until=FIRST)] == [1, 1]
    assert [seen(cast.cpc, since=SECOND), seen(cast.cpc, until=SECOND)] == [1, 2]
    assert [seen(cast.cpc, outcome="opened"), seen(cast.cpc, outcome="refused")] == [2, 0]


@pytest.mark.clause("PF-4.16a.2")
def test_searches_of_ones_people(evening: World, cast: Cast, sally: Principal) -> None:
    for surname in ("Example", "Nobodyofthisname", "Nobodyofthatname"):
        evening.ask("search.nominals", cast.stranger, surname=surname)
    evening.ask("search.nominals", sally, surname="Example")
    [one] = rows(evening, "RPT-05-SEARCHES", cast.cpc, days=7)
    assert (one.name, one.searches, one.nobody, one.refused) == ("Stan Stranger", 3, 2, 0)
    assert [row.name for row in rows(evening, "RPT-05-SEARCHES", sally, days=7)] == ["Sally South"]
    evening.later(days=7, seconds=-1)
    assert len(rows(evening, "RPT-05-SEARCHES", cast.cpc, days=7)) == 1
    evening.later(seconds=1)
    assert rows(evening, "RPT-05-SEARCHES", cast.cpc, days=7) == []


@pytest.mark.clause("PF-7/QA checks.2", "PF-4.37.2")
def test_checks_by_spos(evening: World, cast: Cast) -> None:
    def seen(
        who: Principal, since: date | None = None, until: date | None = None, show: str = ""
    ) -> list[UUID]:
        found = rows(evening, "RPT-07", who, since=since, until=until, show=show)
        return [row.checked_by_id for row in found]

    spo = evening.person(LEEDS, "partner", roles=("spo",), name="Sam Spo")
    beside = evening.person(LEEDS, "partner", roles=("spo",), name="Bea Beside")
    evening.partner(cast.nominal, spo)
    said = {"risk_level": "high", "address": "LS1 4AP", "level": 2, "used": "It is in the plan."}
    for _ in range(2):
        evening.run("quality.check_record", spo, nominal_id=cast.nominal, **said)
        evening.later(seconds=1)
    mine = spo.person_id
    assert seen(spo) == seen(cast.supervisor) == seen(cast.cpc) == [mine, mine]
    assert seen(beside) == [], "an SPO of the unit who may not read the record"
    assert [seen(spo, until=FIRST), seen(spo, since=SECOND)] == [[mine], [mine]]
    assert seen(spo, since=FIRST, until=SECOND) == [mine, mine]
    with evening.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE record_check SET differing = 0 WHERE checked_at < '2026-04-01 23:00Z'"
        )
    assert seen(spo, show="differing") == [mine]


@pytest.mark.clause("PF-4.10.2", "PF-2.4.1")
def test_records_are_created_in_time_on_the_last_day(records: World, cast: Cast) -> None:
    """D-01: five calendar days from the day of registration."""
    tess = records.person(LEEDS, "create", "partner", roles=("tasked_with_creation",), name="Tess Tasked")
    register(records, tess, level=2, registered_on=FIRST.isoformat())

    def state(created: date | None = None) -> tuple[Any, str]:
        report = service.reports["RPT-10"]
        with records.session() as session:
            work = Work(records.runtime, session, cast.cpc, "a test")
            found = session.execute(selected(work, "RPT-10", show="", since=None, until=None)).mappings()
            assert report.finish is not None
            [row] = report.finish(work, [{**one, "created_on": created} for one in found])
        return row["due_on"], row["state"]

    due = date(2026, 4, 6)
    records.policy.at = datetime(2026, 4, 6, 22, 59, 59, tzinfo=UTC)
    assert state() == (due, "Waiting")
    records.later(seconds=1)
    assert state() == (due, "Overdue")
    assert [state(due), state(date(2026, 4, 7))] == [(due, "In time"), (due, "Late")]


@pytest.mark.clause("PF-4.25.1")
def test_requests_wait_in_time_until_the_last_day_is_over(records: World, cast: Cast) -> None:
    """D-06: three calendar days."""
    asked = {"nominal_id": cast.nominal, "whom": "unit", "reason": "He is held in our prison."}
    records.run("partnership.request", cast.prison, **asked)

    def state() -> list[str]:
        return [row.state for row in rows(records, "RPT-11", cast.cpc, state="", since=None, until=None)]

    records.policy.at = datetime(2026, 4, 4, 22, 59, 59, tzinfo=UTC)
    assert state() == ["Waiting"]
    records.later(seconds=1)
    assert state() == ["Overdue"]


@pytest.mark.clause("PF-4.20.3", "PF-4.20.4")
def test_minutes_are_in_time_on_the_last_day(records: World, cast: Cast, sally: Principal) -> None:
    """Five working days at level 3: Good Friday and Easter Monday are none."""
    meeting = UUID(record(records, cast.manager, cast)["id"])

    def state(who: Principal = cast.cpc) -> list[tuple[Any, str]]:
        found = rows(records, "RPT-12", who, state="", since=None, until=None)
        return [(row.due_on, row.state) for row in found]

    due = date(2026, 4, 10)
    records.policy.at = datetime(2026, 4, 10, 22, 59, 59, tzinfo=UTC)
    assert state() == [(due, "Awaited")]
    records.later(seconds=1)
    assert state() == [(due, "Overdue")]
    assert state(sally) == [], "each CPC the meetings of their own records"
    for moment, said in (("2026-04-10 22:59:59Z", "In time"), ("2026-04-10 23:00:00Z", "Late")):
        with records.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE mapp_meeting SET minutes_added_at = '{moment}' WHERE id = '{meeting}'"
            )
        assert state() == [(due, said)]


@pytest.mark.clause("PF-4.16k.1")
def test_transfers_from_and_to_ones_area(records: World, cast: Cast) -> None:
    there = receiving(records)
    ask_for(records, cast)
    elsewhere = records.person("area-56", "cpc", "partner", name="Ella Elsewhere")

    def seen(who: Principal) -> list[tuple[Any, int]]:
        found = rows(records, "RPT-13", who, show="", since=None, until=None)
        return [(row.visor_number, int(row.days)) for row in found]

    records.later(days=2, seconds=-1)
    [(number, days)] = seen(cast.cpc)
    assert (number, days) == ("V10000001", 1), "whole days"
    records.later(seconds=1)
    assert seen(cast.cpc) == seen(there.cpc) == [("V10000001", 2)]
    assert seen(elsewhere) == []
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nominal SET limited_access = true")
    assert seen(there.cpc) == [(None, 2)], "of a record under Limited Access no more than that it is one"
    assert seen(cast.cpc) == [("V10000001", 2)]


@pytest.mark.clause("PF-0.10", "PSI-1.2")
def test_the_pack_counts_what_fell_due_and_what_is_live(records: World, cast: Cast) -> None:
    asked = {"nominal_id": cast.nominal, "whom": "unit", "reason": "He is held in our prison."}
    request = UUID(records.run("partnership.request", cast.prison, **asked)["id"])
    records.nominal(surname="Archived", status="archived")

    def figures() -> dict[str, str]:
        with records.session() as session:
            work = Work(records.runtime, session, cast.cpc, "a test")
            found = service.reports["RPT-24"].rows(work, since=None, until=None)
        assert isinstance(found, list)
        return {row["measure"]: row["figure"] for row in found}

    name = "Partnership requests answered in time"
    assert figures()["Live records"] == "1"
    records.policy.at = datetime(2026, 4, 4, 22, 59, 59, tzinfo=UTC)
    assert figures()[name] == "None", "it may still be answered today"
    records.later(seconds=1)
    assert figures()[name] == "0 of 1"
    records.policy.at = datetime(2026, 4, 4, 22, 59, 58, tzinfo=UTC)
    records.run("partnership.grant", cast.manager, nominal_id=cast.nominal, request_id=request)
    records.later(seconds=2)
    assert figures()[name] == "1 of 1"


@pytest.mark.clause("PF-4.30.2")
def test_imminent_risks_of_the_records_that_one_answers_for(records: World, cast: Cast) -> None:
    raise_risk(records, cast.partner, cast)
    found = {
        who.unit: len(rows(records, "RPT-29", who, state="", since=None, until=None))
        for who in (cast.supervisor, cast.cpc, cast.partner)
    }
    assert found == {LEEDS: 1, "area-53": 1, "force-13": 0}


@pytest.mark.clause("PF-4.16c")
def test_archived_records_of_ones_own_area(records: World, cast: Cast) -> None:
    archive(records, cast)
    assert [len(rows(records, "RPT-14", who, show="all")) for who in (cast.cpc, cast.partner)] == [1, 0]


@pytest.mark.clause("PF-5.23.1", "PF-4.16l.2")
def test_a_check_of_a_record_under_limited_access_says_not_whose(records: World, cast: Cast) -> None:
    records.partner(cast.nominal, cast.prison)
    check(records, cast.prison, cast)
    governor = records.person(PRISON, roles=("governor",), name="Gail Governor")

    def seen(who: Principal) -> list[Any]:
        found = rows(records, "RPT-28", who, outcome="", since=None, until=None)
        return [row.visor_number for row in found]

    assert seen(governor) == seen(cast.cpc) == ["V10000001"]
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nominal SET limited_access = true")
    assert (seen(governor), seen(cast.cpc)) == ([None], ["V10000001"])


@pytest.mark.clause("PF-4.16l.1")
def test_limited_access_is_overdue_after_its_day_and_counts_attempts_since_it_was_set(
    records: World, cast: Cast
) -> None:
    ids = {"nominal_id": cast.nominal}
    given = {**ids, "reason": "A member of staff is related to him.", "review_on": "2026-06-30"}
    for _ in range(2):
        records.run("limited_access.set", cast.cpc, **given, people=[], others=[])
        records.later(seconds=1)
        with pytest.raises(Refusal):
            records.run("access.open", cast.stranger, **ids, **WHY)
        records.later(seconds=1)
        records.run("limited_access.end", cast.cpc, **ids, reason="That member of staff works elsewhere now.")
        records.later(seconds=1)
    records.run("limited_access.set", cast.cpc, **given, people=[], others=[])

    def now() -> tuple[str, int]:
        [row] = rows(records, "RPT-16", cast.cpc, show="current")
        return row.state, row.attempts

    records.policy.at = datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)
    assert now() == ("Limited", 0)
    records.later(seconds=1)
    assert now() == ("Review overdue", 0)


@pytest.mark.clause("PF-4.20.2")
def test_the_picture_of_minutes_tells_apart_what_the_table_does(records: World, cast: Cast) -> None:
    for level, held_on in (("core_group", "2026-03-02"), (3, "2026-03-02"), (3, FIRST.isoformat())):
        meeting = record(records, cast.manager, cast, level=level, held_on=held_on)
        if level == "core_group":
            minute(records, cast.manager, cast, meeting)
    chart = service.reports["RPT-12"].chart
    assert chart is not None
    with records.session() as session:
        work = Work(records.runtime, session, cast.cpc, "a test")
        drawn = chart.points(work, state="", since=None, until=None)
    assert [dict(zip(chart.series, point[1:], strict=True)) for point in drawn] == [
        {"Overdue": 1, "Awaited": 1, "In time": 0, "Late": 0, "Added, no period": 1}
    ]


@pytest.mark.clause("PF-4.10.2")
def test_the_picture_of_registrations_has_those_closed_without_a_record(records: World, cast: Cast) -> None:
    tess = records.person(LEEDS, "create", "partner", roles=("tasked_with_creation",), name="Tess Tasked")
    register(records, tess, level=2)
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE referral SET status = 'closed'")
    chart = service.reports["RPT-10"].chart
    assert chart is not None
    with records.session() as session:
        work = Work(records.runtime, session, cast.cpc, "a test")
        drawn = chart.points(work, show="closed", since=None, until=None)
    assert drawn == [("West Yorkshire", 0, 0, 1)]
