"""The review at the hundredth birthday: asked for in time, decided by people, never by itself (SC-17.12.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.deletion.rules import CHECKLIST
from services.records.retention.jobs import ask_for_reviews
from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.servers.records import LEEDS, NOW, WEST_YORKSHIRE, World, again
from tests.services.records.conftest import Web, at_once, codes, refusal, told

TODAY = NOW.date()
NINETY = timedelta(days=90)
WHY = "He is alive and well, and his orders have no end."
DUE, REVIEWED = "records.retention.due", "records.retention.reviewed"


def tick(world: World) -> int:
    with world.runtime.system_work("test.tick") as work:
        return ask_for_reviews(work)


@pytest.fixture
def colin(records: World) -> Principal:
    return records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")


def born(world: World, on: date, **given: Any) -> UUID:
    return world.nominal(date_of_birth=on, **given)


def hundred_on(day: date) -> date:
    return day.replace(year=day.year - 100)


@pytest.mark.clause("SC-17.12.3", "SC-17.12.4")
def test_a_review_is_asked_for_ninety_days_before(records: World, colin: Principal) -> None:
    nominal = born(records, hundred_on(TODAY + NINETY + timedelta(days=1)))
    assert tick(records) == 0
    records.later(days=1)
    assert (tick(records), tick(records)) == (1, 0)
    assert told(records, DUE) == [("cpc", "Colin Cpc")]
    [(fact, _)] = records.events(DUE)
    assert (fact["nominal_id"], fact["review_on"]) == (str(nominal), "2026-07-01")
    records.later(days=400)
    assert records.rows("SELECT status FROM nominal") == [("live",)]  # nothing happens by itself
    shown = records.ask("retention.list", again(colin), show="due")
    assert [one["nominal_id"] for one in shown["records"]] == [nominal]


def test_in_scotland_data_governance_is_told_too(records: World) -> None:
    force = "force-scotland"
    records.person(force, "cpc", name="Cailean Cpc")
    records.person(force, "partner", roles=("data_protection_officer",), name="Dina Data")
    born(
        records,
        hundred_on(TODAY),
        category="RSO",
        jurisdiction="SCT",
        owner_unit=force,
        owner_agency="police-scotland",
        managing_unit=force,
    )
    tick(records)
    assert told(records, DUE) == [("cpc", "Cailean Cpc"), ("data_protection_officer", "Dina Data")]


def test_two_ticks_at_one_moment_ask_once(records: World, colin: Principal) -> None:
    born(records, hundred_on(TODAY))
    assert sorted(at_once(*[lambda: tick(records)] * 2)) == [0, 1]
    assert len(records.events(DUE)) == 1
    assert colin


@pytest.mark.clause("SC-17.12.4")
def test_a_record_is_kept_with_the_reason_until_the_next_review(records: World, colin: Principal) -> None:
    nominal = born(records, hundred_on(TODAY))
    keep = {"nominal_id": nominal, "next_on": TODAY + timedelta(days=365), "reason": WHY}
    assert refusal(records, "retention.keep", colin, **keep).code == "R34"
    tick(records)
    for day in (TODAY, date(2036, 4, 2)):
        with pytest.raises(Invalid):
            records.run("retention.keep", colin, **keep | {"next_on": day})
    records.run("retention.keep", colin, **keep)
    assert records.events(REVIEWED)[-1][0]["outcome"] == "keep"
    assert tick(records) == 0
    records.later(days=275)
    assert tick(records) == 1
    assert records.events(DUE)[-1][0]["review_on"] == "2027-04-01"


def test_who_decides(records: World, colin: Principal) -> None:
    nominal = born(records, hundred_on(TODAY))
    tick(records)
    keep = {"nominal_id": nominal, "next_on": TODAY + timedelta(days=365), "reason": WHY}
    mary = records.person(LEEDS, "manager", "lpc", "partner", name="Mary Manager")
    prison = records.person("group-YRKS", "cpc", name="Pia Cpc")
    for who, code in ((mary, "R11"), (prison, "R30")):
        assert refusal(records, "retention.keep", who, **keep).code == code
        assert refusal(records, "retention.list", who, show="due").code == code
    results = at_once(*[lambda: records.run("retention.keep", again(colin), **keep)] * 2)
    assert codes(results) == ["R34", "done"]


@pytest.mark.clause("SC-17.12.4")
def test_one_keeps_it_as_another_asks_for_its_deletion(records: World, colin: Principal) -> None:
    """Of the two outcomes of a review one stands, and the other hears so."""
    nominal = born(records, hundred_on(TODAY))
    tick(records)
    keep = {"next_on": TODAY + timedelta(days=365), "reason": WHY}
    remove = {"ground": "retention_review", "checked": list(CHECKLIST), "reason": WHY}
    results = at_once(
        lambda: records.run("retention.keep", again(colin), nominal_id=nominal, **keep),
        lambda: records.run("deletion.request", again(colin), nominal_id=nominal, **remove),
    )
    [(outcome,)] = records.rows("SELECT outcome FROM retention_review")
    asked = records.rows("SELECT count(*) FROM deletion_request")[0][0]
    assert (codes(results), outcome, asked) in (
        (["R22", "done"], "keep", 0),
        (["R34", "done"], "remove", 1),
    )
    assert [data["outcome"] for data, _ in records.events(REVIEWED)] == [outcome]


@pytest.mark.clause("SC-17.12.3")
def test_dates_of_birth_known_in_part_or_not_at_all(records: World, colin: Principal) -> None:
    nominal = born(records, date(1926, 1, 1))
    said = {"nominal_id": nominal, "basis": "He says so himself; no certificate was found."}
    records.run("retention.birth", colin, **said, precision="year")
    assert tick(records) == 0  # 31 December, not 1 January
    assert records.ask("retention.read", again(colin), nominal_id=nominal)["review_on"] == date(2026, 12, 31)
    with pytest.raises(Invalid):
        records.run("retention.birth", colin, **said, precision="unknown")
    set_by_hand = {"precision": "unknown", "review_on": TODAY + NINETY}
    records.run("retention.birth", colin, **said, **set_by_hand)
    manual = records.ask("retention.list", again(colin), show="manual")["records"]
    assert [one["nominal_id"] for one in manual] == [nominal]
    assert tick(records) == 1
    remove = {"ground": "retention_review", "checked": list(CHECKLIST), "reason": WHY}
    records.run("deletion.request", again(colin), nominal_id=nominal, **remove)
    assert tick(records) == 0  # it is decided, though not carried out yet


def test_the_pages(records: World, colin: Principal, web: Callable[[Principal], Web]) -> None:
    nominal = born(records, hundred_on(TODAY), status="archived")
    tick(records)
    page = web(colin)
    assert "To be decided" in page.get(f"/nominals/{nominal}/retention").text
    assert "Today" in page.get("/retention").text
    assert "Review due" in page.get("/reports/rpt-14?show=review").text
    day = {"next_on-day": "1", "next_on-month": "4", "next_on-year": "2027"}
    assert page.fill(f"/nominals/{nominal}/retention/keep", **day, reason=WHY).status_code == 303
    assert WHY in page.get(f"/nominals/{nominal}/retention").text
    assert "Kept on" in page.get("/retention?show=over").text
    assert "Month and year only" in page.get(f"/nominals/{nominal}/retention/birth").text
    assert "known, at least in part" in page.get("/retention?show=manual").text
