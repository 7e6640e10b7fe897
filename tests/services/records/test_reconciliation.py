"""What records states at night, and what it tells anew when something differs elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from services.records.nominals.occasions import occasions
from services.records.reconciliation import jobs
from services.records.service import service
from shared.events.envelope import Aggregate, Event
from shared.events.notifications import FACTS_MISSED, STANDINGS_DIFFER
from shared.events.records.reconciliation import closed_digest, standing_digest
from shared.events.registry import EventKind
from shared.ids import new_id
from shared.reconciliation.nightly import TASK
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast
from tests.services.records.test_meetings import record

pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")

_outbox = service.tables.messaging.outbox


def told(records: World, kind: str, since: int = 0) -> list[Any]:
    with records.session() as session:
        rows = select(_outbox).where(_outbox.c.kind == kind, _outbox.c.sequence > since)
        return list(session.execute(rows.order_by(_outbox.c.sequence)))


def newest(records: World) -> int:
    with records.session() as session:
        return int(session.execute(select(func.coalesce(func.max(_outbox.c.sequence), 0))).scalar_one())


def state(records: World, night: str = "2026-04-02") -> int:
    """The whole statement; returns in how many steps."""
    steps = 0
    while True:
        with records.runtime.system_work("test.state") as work:
            more = jobs.state_some(work, {"night": night})
        if not more:
            return steps
        steps += 1


def hear(records: World, kind: EventKind, **data: Any) -> None:
    event = Event(
        id=new_id(),
        type=kind.name,
        version=1,
        occurred_at=datetime.now(UTC),
        data=kind.dump(data),
        aggregate=Aggregate("agency", new_id(), 1),
    )
    with records.runtime.system_work("test.hear") as work:
        for handler in service.handlers[kind.name]:
            handler(work, event)


def stated_of(records: World, nominal: UUID, since: int) -> dict[str, dict[str, Any]]:
    """What each agency was told of the nominal."""
    found = {}
    for row in told(records, "records.standings.stated", since):
        for one in row.data["nominals"]:
            if one["nominal_id"] == str(nominal):
                found[row.copies[0]["agency"]] = one
    return found


def test_each_agency_hears_of_its_own_people_and_a_replaced_cpc_changes_the_digest(
    records: World, cast: Cast
) -> None:
    mark = newest(records)
    state(records)
    before = stated_of(records, cast.nominal, mark)
    assert before["probation-service"]["people"] >= 1
    with records.session() as session, session.begin():
        session.execute(
            text("UPDATE directory_person SET active = false WHERE id = :id"), {"id": cast.cpc.person_id}
        )
    mark = newest(records)
    state(records, "2026-04-03")
    after = stated_of(records, cast.nominal, mark)
    assert after["probation-service"]["version"] == before["probation-service"]["version"]
    assert after["probation-service"]["digest"] != before["probation-service"]["digest"]
    mark = newest(records)
    hear(records, STANDINGS_DIFFER, nominal_ids=[cast.nominal, new_id()])
    pictures = told(records, "records.standing.changed", mark)
    assert {row.data["nominal_id"] for row in pictures} == {str(cast.nominal)}
    stands = [
        (UUID(one["person_id"]), one["standing"])
        for row in pictures
        if row.copies[0]["agency"] == "probation-service"
        for one in row.data["standings"]
    ]
    assert standing_digest(stands) == after["probation-service"]["digest"]
    assert pictures[0].data["version"] > before["probation-service"]["version"]


@pytest.mark.clause("PF-4.16l.1")
def test_each_agency_hears_to_whom_of_its_own_a_conflict_closes_the_record(
    records: World, cast: Cast
) -> None:
    mark = newest(records)
    records.run("conflicts.declare", cast.partner, nominal_id=cast.nominal, reason="My cousin, by marriage.")
    state(records)
    said = stated_of(records, cast.nominal, mark)
    assert said[cast.partner.agency]["closed"] == closed_digest([cast.partner.person_id])
    assert said["probation-service"]["closed"] == ""
    told_then = told(records, "records.standing.changed", mark)
    told_them = [row.data["closed"] for row in told_then if row.copies[0]["agency"] == cast.partner.agency]
    assert closed_digest(map(UUID, told_them[-1])) == said[cast.partner.agency]["closed"]


def test_a_night_is_stated_once_part_by_part(
    records: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "NOMINALS", 2)
    for _ in range(3):
        records.nominal(manager_id=cast.manager.person_id)
    mark = newest(records)
    assert state(records, "2026-04-04") > len(occasions()) + 1
    with records.session() as session:
        (there,) = session.execute(text("SELECT count(*) FROM nominal")).one()
    said = [
        one["nominal_id"]
        for row in told(records, "records.standings.stated", mark)
        if row.copies[0]["agency"] == "probation-service"
        for one in row.data["nominals"]
    ]
    assert len(said) == len(set(said)) <= there
    mark = newest(records)
    assert state(records, "2026-04-04") == 0
    assert newest(records) == mark


def test_what_waits_is_stated_and_a_lost_fact_told_again_as_a_message_of_its_own(
    records: World, cast: Cast
) -> None:
    records.person(LEEDS, "partner", roles=("mappa_administrator",))
    mark = newest(records)
    meeting = record(records, cast.manager, cast)
    (held,) = told(records, "records.meeting.held", mark)
    state(records, "2026-04-05")
    theirs = [
        row.data
        for row in told(records, "records.occasions.stated", mark)
        if row.data["fact"] == "records.meeting.held" and row.copies[0]["agency"] == "probation-service"
    ]
    assert meeting["id"] in {one for data in theirs for one in data["subjects"]}
    mark = newest(records)
    hear(
        records,
        FACTS_MISSED,
        kinds=["records.meeting.held"],
        field="meeting_id",
        subjects=[UUID(meeting["id"])],
    )
    (again,) = told(records, "records.meeting.held", mark)
    assert again.id != held.id
    assert (again.data, again.copies, again.occurred_at) == (held.data, held.copies, held.occurred_at)
    mark = newest(records)
    hear(records, FACTS_MISSED, kinds=["records.meeting.held"], field="meeting_id", subjects=[new_id()])
    assert newest(records) == mark


def test_the_statement_is_asked_for_once_a_night_from_two_in_the_morning(records: World) -> None:
    task = service.tables.messaging.task
    records.runtime.extras.pop("reconciliation.asked_for", None)
    before = records.policy.at
    try:
        asked = []
        for moment in ((2026, 5, 3, 0, 30), (2026, 5, 3, 1, 30), (2026, 5, 3, 9, 0)):
            records.policy.at = datetime(*moment, tzinfo=UTC)
            with records.runtime.system_work("test.tick") as work:
                jobs.begin_at_night(work)
            with records.session() as session:
                night = (task.c.name == TASK) & (task.c.unique_key == "2026-05-03")
                asked.append(
                    session.execute(select(func.count()).select_from(task).where(night)).scalar_one()
                )
        assert asked == [0, 1, 1]
    finally:
        records.policy.at = before


def test_every_occasion_starts_a_deadline_of_its_unit(records: World) -> None:
    """Each statement runs, and its facts are told by this service."""
    with records.session() as session:
        for occasion in occasions():
            rows = session.execute(occasion.waiting.order_by(occasion.id).limit(3)).all()
            assert all(hasattr(row, "unit") for row in rows)
