"""A live record that nobody has touched for 90 days is brought before its manager, until somebody does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.records.staleness.jobs import LookForStale
from shared.access.principal import Principal
from tests.servers.records import NOW, World
from tests.services.records.conftest import Cast, Web, told

STALE, TOUCHED = "records.record.stale", "records.record.touched"


def look(records: World, job: LookForStale) -> int:
    with records.runtime.system_work("test") as work:
        return job(work)


@pytest.mark.clause("SC-17.10")
def test_the_manager_is_told_once_and_a_touch_ends_it(records: World, cast: Cast) -> None:
    job = LookForStale()
    records.later(days=89)
    assert look(records, job) == 0
    records.later(days=2)
    assert look(records, job) == 1
    assert told(records, STALE) == [("manager", "Mary Manager")]
    assert look(records, job) == 0
    records.later(days=1)
    assert look(records, job) == 0, "it was told of already"
    given = {"nominal_id": cast.nominal, "kind": "information", "text": "He was seen."}
    records.run("activity_log.add", cast.manager, **given)
    records.later(days=1)
    look(records, job)
    assert [data["stale_id"] for data, _ in records.events(TOUCHED)] == [
        records.events(STALE)[0][0]["stale_id"]
    ]
    records.later(days=91)
    assert look(records, job) == 1, "and again after as long"


def test_a_look_that_failed_is_made_again_on_the_same_day(
    records: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = LookForStale()
    records.later(days=91)
    with monkeypatch.context() as away:
        away.setattr("services.records.staleness.jobs._found", broken)
        with pytest.raises(ConnectionError):
            look(records, job)
    assert (look(records, job), look(records, job)) == (1, 0)


def broken(*_given: object) -> bool:
    raise ConnectionError


@pytest.mark.clause("SC-17.10")
def test_what_is_not_live_or_long_stale_on_the_first_day_is_not_told_of(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    records.nominal(status="archived", manager_id=cast.manager.person_id)
    for days, told_of in ((90, 0), (91, 1), (97, 1), (98, 0)):
        records.nominal(created_at=NOW - timedelta(days=days), manager_id=cast.manager.person_id)
        assert look(records, LookForStale()) == told_of, days
    long_ago = NOW - timedelta(days=300)
    old = records.nominal(created_at=long_ago, manager_id=cast.manager.person_id, surname="Longstale")
    assert look(records, LookForStale()) == 0
    page = web(cast.manager).get("/stale-records").text
    assert "Longstale" in page
    assert page.count("<td role=") == 4, "who is touched, or not one's own, is not on the list"
    assert "Longstale" not in web(cast.stranger).get("/stale-records").text
    assert old
