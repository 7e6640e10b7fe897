"""RPT-11, and the prison's daily look whether its requests were granted."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from shared.access.principal import Principal
from tests.servers.records import PRISON, World
from tests.services.records.conftest import Cast, Web, at_once, told

PENDING, LOOKED = "records.partnership.pending", "records.partnership.looked_at"
WHY = "He is held in our prison."


def ask(world: World, cast: Cast, nominal: UUID | None = None) -> UUID:
    given = {"nominal_id": nominal or cast.nominal, "whom": "unit", "reason": WHY}
    return UUID(world.run("partnership.request", cast.prison, **given)["id"])


@pytest.mark.clause("PF-4.25.1")
def test_the_report_says_what_was_answered_in_time(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    request = ask(records, cast)
    second = records.nominal(surname="Second", manager_id=cast.manager.person_id)
    late = ask(records, cast, second)
    waits = ask(records, cast, records.nominal(surname="Third", manager_id=cast.manager.person_id))
    records.later(days=3)
    records.run("partnership.grant", cast.manager, nominal_id=cast.nominal, request_id=request)
    records.later(days=1)
    answer = {"nominal_id": second, "request_id": late, "answer": "He was released."}
    records.run("partnership.refuse", cast.lpc, **answer)
    for who in (cast.lpc, cast.cpc):
        rows = web(who).http.get("/records/api/reports/rpt-11").json()["rows"]
        assert [(row["state"], row["days"], row["answer"]) for row in rows] == [
            ("Overdue", 4, None),
            ("In time", 3, "Granted"),
            ("Late", 4, "Refused"),
        ]
    [row] = web(cast.cpc).http.get("/records/api/reports/rpt-11?state=Late").json()["rows"]
    assert (row["decided_by"], row["users"], row["due"]) == ("Lena Lpc", 2, "2026-04-04")
    elsewhere = records.person("area-56", "cpc")
    assert web(elsewhere).http.get("/records/api/reports/rpt-11").json()["rows"] == []
    for nobody in (cast.admin, cast.stranger, cast.manager, cast.colleague):
        assert web(nobody).http.get("/records/api/reports/rpt-11").status_code == 403
    page = web(cast.cpc).get("/reports/rpt-11").text
    assert "Requests by owner and state. Waiting: none" in page
    for state in ("Overdue", "In time", "Late"):
        assert f"{state}: most in West Yorkshire (1)" in page
    assert f'href="/records/partnership/requests/{waits}"' in page


@pytest.mark.clause("PF-4.16l.2")
def test_of_a_limited_record_the_unit_that_asked_sees_no_line(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    ask(records, cast)
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nominal SET limited_access = true")
    lead = records.person(cast.prison.unit, roles=("visor_lead",))
    assert web(lead).http.get("/records/api/reports/rpt-11").json()["rows"] == []
    assert len(web(cast.cpc).http.get("/records/api/reports/rpt-11").json()["rows"]) == 1


@pytest.mark.clause("PF-5.15")
def test_the_prisons_administrators_are_to_look_each_day(records: World, cast: Cast) -> None:
    request = ask(records, cast)
    assert told(records, PENDING) == [("prison_administrator", "Petra Prison")]
    at_once(*[lambda: records.ask("partnership.asked", cast.prison)] * 3)
    assert [data["request_id"] for data, _ in records.events(LOOKED)] == [str(request)]
    records.later(days=1)
    records.ask("partnership.asked", cast.colleague)
    assert [data["looked_on"] for data, _ in records.events(LOOKED)] == ["2026-04-01", "2026-04-02"]
    records.run("partnership.grant", cast.manager, nominal_id=cast.nominal, request_id=request)
    records.later(days=1)
    records.ask("partnership.asked", cast.prison)
    assert len(records.events(LOOKED)) == 2


@pytest.mark.clause("PF-5.15")
def test_pending_requests_stand_on_top(records: World, cast: Cast) -> None:
    first = ask(records, cast)
    records.later(minutes=1)
    second = ask(records, cast, records.nominal(surname="Second", manager_id=cast.manager.person_id))
    records.later(minutes=1)
    third = ask(records, cast, records.nominal(surname="Third", manager_id=cast.manager.person_id))
    nominal = records.rows("SELECT nominal_id FROM partnership_request WHERE id = :id", id=third)[0][0]
    records.run("partnership.grant", cast.manager, nominal_id=nominal, request_id=third)
    shown = records.ask("partnership.asked", cast.prison)["requests"]
    assert [one.id for one in shown] == [second, first, third]


def test_another_units_look_is_none(records: World, cast: Cast) -> None:
    ask(records, cast)
    elsewhere = records.person("prison-WSI", "partner", name="Elsewhere")
    records.ask("partnership.asked", elsewhere)
    assert records.events(LOOKED) == []
    assert PRISON in {data["requesting_unit"] for data, _ in records.events(PENDING)}
