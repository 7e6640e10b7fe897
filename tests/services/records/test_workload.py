"""What each administrator has, counted each night for their agency."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from services.records.workload import jobs
from tests.servers.records import LEEDS, NOW, World
from tests.services.records.conftest import Cast

COUNTED = "records.workload.counted"


def count(records: World) -> dict[str, dict[str, tuple[int, int, int]]]:
    """By agency and name: managed, of those category 2 at level 1, partner of."""
    with records.runtime.system_work("test.count") as work:
        jobs.count(work, {"night": NOW.date().isoformat()})
    names = {str(row.id): row.name for row in records.rows("SELECT id, name FROM directory_person")}
    found: dict[str, dict[str, tuple[int, int, int]]] = {}
    for data, copies in records.events(COUNTED):
        assert data["counted_on"] == NOW.date().isoformat()
        for one in data["people"]:
            said = (one["manages"], one["level_1"], one["partner_of"])
            found.setdefault(copies[0]["agency"], {})[names[one["person_id"]]] = said
    return found


@pytest.mark.clause("PF-0.11.3")
def test_live_records_of_each_administrator_are_told_to_their_own_agency(records: World, cast: Cast) -> None:
    carl = records.person(LEEDS, "manager", "partner", roles=("case_administrator",), name="Carl Case")
    records.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
    records.person(LEEDS, "partner", roles=("case_administrator",), name="Gone", active=False)
    for given in ({"level": 1}, {"level": 2}, {"category": "1", "level": 1}, {"status": "archived"}):
        usual: dict[str, Any] = {"manager_id": carl.person_id, "partners": (carl, cast.prison)}
        records.nominal(**usual | given)
    with records.session() as session, session.begin():
        ended = text(
            "UPDATE partnership SET ended_at = :at WHERE person_id = :who AND nominal_id ="
            " (SELECT min(id::text)::uuid FROM nominal WHERE level = 1)"
        )
        session.execute(ended, {"at": NOW, "who": cast.prison.person_id})
    assert count(records) == {
        "prison-service": {"Petra Prison": (0, 0, 2)},
        "probation-service": {"Carl Case": (3, 1, 3), "Mina Mappa": (0, 0, 0)},
    }


def test_many_are_told_in_parts_and_a_night_once(
    records: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    for number in range(5):
        records.person(LEEDS, "partner", roles=("case_administrator",), name=f"Number {number}")
    told = count(records)
    assert len(told["probation-service"]) == 5
    assert [len(data["people"]) for data, _ in records.events(COUNTED)] == [1, 2, 2, 1]

    def tasks(at: datetime) -> list[Any]:
        records.policy.at = at
        records.runtime.extras.clear()
        with records.runtime.system_work("test.tick") as work:
            jobs.begin_at_night(work)
        return records.rows("SELECT payload FROM task WHERE name = 'workload.count'")

    assert tasks(datetime(2026, 4, 2, 0, 30, tzinfo=UTC)) == [], "the night's hour is yet to come"
    assert len(tasks(datetime(2026, 4, 2, 1, 30, tzinfo=UTC))) == 1
    assert len(tasks(datetime(2026, 4, 2, 9, 30, tzinfo=UTC))) == 1
