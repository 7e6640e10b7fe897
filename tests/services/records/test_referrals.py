"""The work queue of registrations: by hand, from nDelius, and as the area's staffing and the dates allow."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.records.referrals.jobs import open_windows
from services.records.service import service
from shared.access.principal import Principal
from shared.events.envelope import Event
from shared.events.identity.staffing import SUFFICIENT_STAFF
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal, Stale
from tests.servers.records import LEEDS, NOW, WEST_YORKSHIRE, WEST_YORKSHIRE_POLICE, World, again
from tests.services.records.conftest import Cast, Web, feed, refusal, told

TODAY = NOW.date()
PATH = "/integrations/ndelius/registrations"
CASE: dict[str, Any] = {
    "category": "2",
    "level": 1,
    "statutory_supervision": True,
    "forenames": "Ann",
    "surname": "Other",
    "date_of_birth": "1980-01-01",
    "registered_on": "2026-04-01",
}


@pytest.fixture
def tess(records: World) -> Principal:
    return records.person(
        LEEDS, "create", "manager", "partner", roles=("tasked_with_creation",), name="Tess Tasked"
    )


def register(world: World, who: Principal, **given: Any) -> UUID:
    return UUID(world.run("referrals.register", who, **(CASE | given))["referral_id"])


def declare(world: World, sufficient: bool, *, day: date = TODAY) -> None:
    """As identity tells it."""
    data = {"declaration_id": new_id(), "area": WEST_YORKSHIRE, "sufficient": sufficient, "from_day": day}
    world.later(seconds=1)
    event = Event.of(
        SUFFICIENT_STAFF,
        data,
        id=new_id(),
        occurred_at=world.policy.at,
        aggregate=("staffing_declaration", new_id()),
        actor=UUID(int=0),
        correlation_id=None,
    )
    with world.runtime.system_work("test.handler") as work:
        for handler in service.handlers[SUFFICIENT_STAFF.name]:
            handler(work, event)


def due(world: World) -> list[tuple[str, str]]:
    return [(data["duty"], data["counts_from"]) for data, _ in world.events("records.referral.due")]


def queue(world: World, who: Principal, status: str = "open") -> dict[str, str]:
    answer = world.ask("referrals.list", again(who), status=status)
    return {row.surname: answer["deadlines"][row.id] for row in answer["referrals"]}


@pytest.mark.clause("PF-4.11.1", "PF-4.11.3")
def test_without_enough_staff_the_case_is_listed_without_a_deadline(records: World, tess: Principal) -> None:
    register(records, tess, release_on="2026-08-01")
    assert due(records) == []
    assert told(records, "records.referral.registered") == [("tasked_with_creation", "Tess Tasked")]
    assert queue(records, tess) == {"Other": "No deadline: the area has not declared sufficient staff"}
    declare(records, sufficient=True)
    assert due(records) == [("D-02", "2026-08-01")]
    assert told(records, "records.referral.due") == [("tasked_with_creation", "Tess Tasked")]
    assert queue(records, tess) == {"Other": "D-02"}
    declare(records, sufficient=True)
    assert len(due(records)) == 1


@pytest.mark.clause("PF-0.11.2")
def test_each_area_shows_since_when_it_creates_category_2_records_at_level_1(
    records: World, tess: Principal, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    def areas(who: Principal) -> list[tuple[Any, ...]]:
        rows = web(who).http.get("/records/api/reports/rpt-10-areas").json()["rows"]
        return [
            tuple(row[name] for name in ("area_name", "state", "since", "waiting", "created")) for row in rows
        ]

    register(records, tess, release_on="2026-08-01")
    register(records, tess, surname="Second", level=2)
    assert areas(cast.cpc) == [("West Yorkshire", "Not yet", None, 1, 0)]
    declare(records, sufficient=True)
    assert areas(cast.cpc) == [("West Yorkshire", "Created for all", TODAY.isoformat(), 1, 0)]
    assert areas(tess) == areas(cast.cpc), "whoever creates records in a part of the area sees it too"
    (said,) = re.findall(r'<img[^>]* alt="([^"]*)"', web(cast.cpc).get("/reports/rpt-10-areas").text)
    assert said.endswith("Record created: none; Waiting: most in West Yorkshire (1).")
    declare(records, sufficient=False)
    assert areas(cast.lpc) == [("West Yorkshire", "Not yet", None, 1, 0)]
    assert web(cast.manager).get("/reports/rpt-10-areas").status_code == 403
    south = records.person("area-52", "cpc", name="Sally South")
    assert [row[0] for row in areas(south)] == ["South Yorkshire"]


def test_the_newest_word_about_staffing_counts(records: World, tess: Principal) -> None:
    declare(records, sufficient=True)
    records.later(seconds=-10)
    declare(records, sufficient=False)  # an older one, which comes late
    register(records, tess, sentenced_on="2026-03-31")
    assert due(records) == [("D-03", "2026-03-31")]
    records.later(seconds=60)
    declare(records, sufficient=False)
    register(records, tess, surname="Third", sentenced_on="2026-03-31")
    assert len(due(records)) == 1


@pytest.mark.clause("PF-4.11.2")
def test_the_window_opens_eight_months_before_release(records: World, tess: Principal) -> None:
    declare(records, sufficient=True)
    register(records, tess, release_on="2026-12-15")
    assert queue(records, tess) == {"Other": "No deadline yet: the window opens on 15 April 2026"}
    for days, begun in ((13, 0), (1, 1), (1, 0)):
        records.later(days=days)
        with records.runtime.system_work("test.tick") as work:
            assert open_windows(work) == begun, records.policy.at
    assert due(records) == [("D-02", "2026-12-15")]


@pytest.mark.clause("PF-4.13", "PF-4.11.2")
def test_what_becomes_known_later_begins_its_deadline(records: World, tess: Principal) -> None:
    declare(records, sufficient=True)
    referral = register(records, tess)
    given: dict[str, Any] = {"referral_id": referral, "level": 1, "release_on": None, "sentenced_on": None}
    assert queue(records, tess) == {"Other": "No deadline yet: no release date is recorded"}
    records.run("referrals.change", tess, **given | {"release_on": "2026-09-01", "version": 1})
    assert due(records) == [("D-02", "2026-09-01")]
    with pytest.raises(Stale):
        records.run("referrals.change", tess, **given | {"version": 1})
    [version] = [row.version for row in records.ask("referrals.list", tess)["referrals"]]
    with pytest.raises(Invalid):
        records.run("referrals.change", tess, **given | {"sentenced_on": "2026-04-03", "version": version})
    records.run("referrals.change", tess, **given | {"release_on": "2026-10-01", "version": version})
    assert [data["counts_from"] for data, _ in records.events("records.referral.moved")] == ["2026-10-01"]
    version += 1
    # Raised to level 2 it counts as registered there today, as D-01 does.
    records.later(days=30)
    records.run("referrals.change", tess, **given | {"level": 2, "version": version})
    [first, second] = [data for data, _ in records.events("records.referral.registered")]
    assert (first["level"], second["level"], second["registered_on"]) == (1, 2, "2026-05-01")


@pytest.mark.clause("SC-17.9")
def test_scotland_creates_at_once(records: World) -> None:
    police = records.person("force-scotland", "create", "manager", name="Moira Police")
    register(records, police, category="RSO", statutory_supervision=None)
    assert due(records) == [("D-47", "2026-04-01")]
    assert told(records, "records.referral.due") == [("tasked_with_creation", "Moira Police")]


def test_closed_without_a_record(records: World, tess: Principal, web: Callable[[Principal], Web]) -> None:
    referral = register(records, tess, level=2)
    reason = "Registered by mistake: he is not MAPPA eligible."
    stranger = records.person(WEST_YORKSHIRE_POLICE, "create")
    with pytest.raises(NotFound):
        records.run("referrals.close", stranger, referral_id=referral, reason=reason)
    untasked = records.person(LEEDS, "create")
    assert refusal(records, "referrals.close", untasked, referral_id=referral, reason=reason).code == "R32"
    records.run("referrals.close", tess, referral_id=referral, reason=reason)
    assert queue(records, tess) == {}
    assert queue(records, tess, "closed") == {"Other": ""}
    assert len(records.events("records.referral.closed")) == 1
    assert refusal(records, "referrals.close", tess, referral_id=referral, reason=reason).code == "R34"
    given = {name: CASE[name] for name in ("category", "forenames", "surname", "date_of_birth")}
    create = {**given, "referral_id": referral, "level": 2}
    assert refusal(records, "nominals.create", tess, **create).code == "R34", "who asked was told of none"
    assert web(tess).get(f"/nominals/create?referral_id={referral}").status_code == 409, (
        "before anybody types"
    )
    [(sealed,)] = records.rows("SELECT closed_why FROM referral")
    assert b"mistake" not in bytes(sealed)


def test_of_two_who_register_one_person_the_second_is_told(records: World, tess: Principal) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def act(who: Principal) -> None:
        barrier.wait()
        try:
            register(records, who, level=2, crn="X123456")
            outcomes.append("registered")
        except Refusal as refused:
            outcomes.append(refused.code)

    other = records.person(LEEDS, "create", roles=("tasked_with_creation",))
    threads = [threading.Thread(target=act, args=(who,)) for who in (tess, other)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["R34", "registered"]


@pytest.mark.clause("PF-4.10.1")
def test_ndelius_tells_of_registrations(
    records: World, tess: Principal, web: Callable[[Principal], Web]
) -> None:
    delius = web(feed("integration.ndelius"))
    case = CASE | {"level": 2, "crn": "x123456", "unit": LEEDS}
    assert web(feed("integration.hmpps")).send(PATH, case).status_code == 403
    for wrong in (
        {"crn": "12"},
        {"unit": "pdu-NOWHERE"},
        {"category": "RSO"},
        {"surname": "\x00"},
        {"level": 10**30},
    ):
        assert delius.send(PATH, case | wrong).status_code == 422, wrong
    assert records.rows("SELECT count(*) FROM referral") == [(0,)]
    answer = delius.send(PATH, case).json()
    assert answer["outcome"] == "taken"
    assert told(records, "records.referral.registered") == [("tasked_with_creation", "Tess Tasked")]
    assert delius.send(PATH, case).json() == answer | {"outcome": "known"}
    assert delius.send(PATH, case | {"level": 3}).json() == answer | {"outcome": "changed"}
    made = records.run(
        "nominals.create",
        tess,
        referral_id=answer["referral_id"],
        crn="X123456",
        level=3,
        **{name: CASE[name] for name in ("category", "forenames", "surname", "date_of_birth")},
    )
    has = delius.send(PATH, case).json()
    assert (has["outcome"], has["nominal_id"]) == ("has_record", made["nominal_id"])


def test_the_pages(records: World, tess: Principal, web: Callable[[Principal], Web]) -> None:
    referral = register(records, tess, level=2, crn="X123456")
    browser = web(tess)
    assert "D-01" in browser.get("/referrals").text
    day = {"release_on-day": "1", "release_on-month": "9", "release_on-year": "2026"}
    assert (
        browser.fill(f"/referrals/{referral}/change", level="2", **day | {"release_on-day": "41"}).status_code
        == 422
    )
    assert browser.fill(f"/referrals/{referral}/change", level="2", **day).status_code == 303
    assert "Release 1 Sep 2026" in browser.get("/referrals").text
    assert browser.fill(f"/referrals/{referral}/close", reason="short").status_code == 422
    assert (
        browser.fill(f"/referrals/{referral}/close", reason="Registered twice by mistake.").status_code == 303
    )
    assert "Closed" in browser.get("/referrals?status=closed").text
