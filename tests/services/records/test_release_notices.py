"""Release dates that are told by themselves, with a receipt, where the prison has switched that on (PSI-6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.records.service import service
from shared.access.principal import Principal
from shared.events.envelope import Aggregate, Event
from shared.events.notifications import NOTICE_DELIVERED
from shared.ids import new_id
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import NOMS, Cast, Web, at_once_behind, refusal, told
from tests.services.records.test_attachments import add, change

TODAY = NOW.date().isoformat()
TOLD = "records.release_date.told"
PERIOD = {
    "establishment": PRISON,
    "noms_number": NOMS,
    "reception_date": "2026-01-02",
    "custody_status": "sentenced",
    "release_date_type": "CRD",
}


pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")


@pytest.fixture
def lead(records: World) -> Principal:
    return records.person(PRISON, "partner", roles=("visor_lead",), name="Lee Lead")


@pytest.fixture
def on(records: World, cast: Cast, lead: Principal) -> Principal:
    """The prison has the notices on, and a partner of its own enters the dates."""
    records.run("release_notices.switch", lead, prison=PRISON, on="on", from_day=TODAY)
    records.partner(cast.nominal, cast.prison)
    return lead


def entered(records: World, cast: Cast, **given: Any) -> Any:
    return add(records, cast.prison, cast, "custody", **{**PERIOD, "release_date": "2027-05-03", **given})


def facts(records: World) -> list[tuple[str, bool]]:
    """What each says happened, and whether it overtakes one before."""
    return [(data["what"], data["previous_id"] is not None) for data, _ in records.events(TOLD)]


def delivered(records: World, notice: str, *people: tuple[Principal, str]) -> None:
    named = [{"person_id": who.person_id, "role": role} for who, role in people]
    data = {"kind": "release_date", "subject_kind": "release_notice", "subject_id": UUID(notice)}
    fact = NOTICE_DELIVERED.dump({**data, "people": named})
    about = Aggregate("release_notice", UUID(notice), 1)
    event = Event(new_id(), NOTICE_DELIVERED.name, 1, records.policy.now(), fact, aggregate=about)
    with records.runtime.system_work("handle") as work:
        for handler in service.handlers[event.type]:
            handler(work, event)


def receipts(records: World, who: Principal, cast: Cast) -> list[tuple[str, bool, bool]]:
    answer = records.ask("release_notices.list", who, nominal_id=cast.nominal)
    return sorted(
        (one.capacity, one.delivered_at is not None, one.read_at is not None)
        for one in answer["notices"][0]["receipts"]
    )


@pytest.mark.clause("PSI-6.2")
def test_off_until_the_day_on_which_somebody_switched_it_on(
    records: World, cast: Cast, lead: Principal
) -> None:
    records.partner(cast.nominal, cast.prison)
    entry = entered(records, cast)
    assert facts(records) == []
    records.run("release_notices.switch", lead, prison=PRISON, on="on", from_day="2026-04-03")
    change(records, cast.prison, cast, entry, **PERIOD, release_date="2027-05-04")
    assert facts(records) == []
    records.later(days=2)
    change(records, cast.prison, cast, entry, **PERIOD, release_date="2027-05-05", version=2)
    assert facts(records) == [("changed", False)]
    records.run("release_notices.switch", lead, prison=PRISON, on="off", from_day="2026-04-03")
    change(records, cast.prison, cast, entry, **PERIOD, release_date="2027-05-06", version=3)
    assert facts(records) == [("changed", False)]


@pytest.mark.clause("PSI-6.1")
def test_a_release_date_goes_to_the_manager_and_the_police_partner(
    records: World, cast: Cast, on: Principal
) -> None:
    entry = entered(records, cast)
    assert told(records, TOLD) == [("manager", "Mary Manager"), ("partner", "Paul Police")]
    change(records, cast.prison, cast, entry, **PERIOD, release_date="2027-05-03", security_category="C")
    assert facts(records) == [("entered", False)]
    change(records, cast.prison, cast, entry, **PERIOD, release_date="2027-06-01", version=2)
    change(records, cast.prison, cast, entry, **PERIOD, version=3)
    assert facts(records) == [("entered", False), ("changed", True), ("removed", True)]
    answer = records.ask("release_notices.list", cast.manager, nominal_id=cast.nominal)
    dates = [(one["was_on"], one["release_on"]) for one in answer["notices"]]
    assert [tuple(day and day.isoformat() for day in pair) for pair in dates] == [
        ("2027-06-01", None),
        ("2027-05-03", "2027-06-01"),
        (None, "2027-05-03"),
    ]
    assert on


@pytest.mark.clause("PSI-6.1")
def test_another_prisons_switch_tells_nothing(records: World, cast: Cast, on: Principal) -> None:
    entered(records, cast, establishment="prison-HLI")
    assert facts(records) == []
    assert on


@pytest.mark.clause("PSI-6.1")
def test_an_entry_that_is_removed_takes_its_date_back(records: World, cast: Cast, on: Principal) -> None:
    entry = entered(records, cast)
    ids = {"nominal_id": cast.nominal, "entry_id": UUID(entry["id"])}
    records.run("attachments.remove", cast.cpc, **ids, reason="Entered on the wrong record altogether.")
    assert facts(records) == [("entered", False), ("removed", True)]
    assert on


@pytest.mark.clause("PSI-6.1")
def test_a_manager_who_has_left_is_a_vacancy(records: World, cast: Cast, on: Principal) -> None:
    with records.engine.begin() as connection:
        person = records.runtime.service.tables.directory.person
        connection.execute(person.update().where(person.c.id == cast.manager.person_id).values(active=False))
    entered(records, cast)
    assert told(records, TOLD) == [("manager", "nobody"), ("partner", "Paul Police")]
    assert on


@pytest.mark.clause("PSI-6.1", "PF-4.16l.1")
def test_of_a_graded_entry_and_a_limited_record_only_that_it_is_so(
    records: World, cast: Cast, on: Principal
) -> None:
    entered(records, cast, grading="victim-sensitive")
    (_, copies) = records.events(TOLD)[-1]
    assert {copy["detail"] for copy in copies} == {"restricted"}
    [(release_on, restricted)] = records.rows("SELECT release_on, restricted FROM release_notice")
    assert (release_on, restricted) == (None, True)
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nominal SET limited_access = true")
    limited = records.nominal(
        limited_access=True,
        manager_id=cast.manager.person_id,
        partners=(cast.partner, cast.prison),
        listed=(cast.partner, cast.prison),
    )
    records.run(
        "attachments.add.custody",
        cast.prison,
        nominal_id=limited,
        source="visit",
        source_date=TODAY,
        **PERIOD,
        release_date="2027-05-03",
    )
    assert told(records, TOLD) == [("manager", "nobody"), ("partner", "Paul Police")]
    assert {copy["detail"] for copy in records.events(TOLD)[-1][1]} == {"restricted"}
    assert on


@pytest.mark.clause("PSI-6.1")
def test_the_receipt_says_who_has_it_and_who_has_read_it(records: World, cast: Cast, on: Principal) -> None:
    entered(records, cast)
    [(data, _)] = records.events(TOLD)
    assert receipts(records, cast.cpc, cast) == [("manager", False, False), ("partner", False, False)]
    delivered(records, data["notice_id"], (cast.manager, "manager"))
    assert receipts(records, cast.cpc, cast) == [("manager", True, False), ("partner", False, False)]
    delivered(records, data["notice_id"], (cast.partner, "partner"), (cast.supervisor, "manager"))
    assert receipts(records, cast.partner, cast) == [
        ("manager", True, False),
        ("manager", True, False),
        ("partner", True, True),
    ]
    first = records.rows("SELECT delivered_at FROM release_notice_receipt ORDER BY id")
    records.later(hours=1)
    delivered(records, data["notice_id"], (cast.manager, "manager"), (cast.partner, "partner"))
    assert records.rows("SELECT delivered_at FROM release_notice_receipt ORDER BY id") == first
    delivered(records, str(new_id()), (cast.manager, "manager"))
    assert on


def test_the_dates_lie_encrypted(records: World, cast: Cast, on: Principal) -> None:
    entered(records, cast)
    [(kept,)] = records.rows("SELECT release_on FROM release_notice")
    assert b"2027" not in bytes(kept)
    assert "2027" not in str(records.events(TOLD))
    assert on


@pytest.mark.clause("PSI-6.2")
def test_who_may_switch_and_see_it(records: World, cast: Cast, lead: Principal) -> None:
    given = {"prison": PRISON, "on": "on", "from_day": TODAY}
    governor = records.person("prison-HLI", roles=("governor",))
    for who in (cast.manager, cast.prison, cast.cpc, governor):
        assert refusal(records, "release_notices.switch", who, **given).code == "R32"
        assert refusal(records, "release_notices.prison", who, prison=PRISON).code == "R32"
    assert refusal(records, "release_notices.prisons", cast.manager).code == "R32"
    records.run("release_notices.switch", cast.prison_cpc, **given)
    states = records.ask("release_notices.prisons", cast.prison_cpc)["prisons"]
    assert [one["code"] for one in states if one["on"]] == [PRISON]
    assert [one["code"] for one in records.ask("release_notices.prisons", lead)["prisons"]] == [PRISON]


@pytest.mark.clause("PSI-6.2")
def test_two_who_switch_at_one_moment(records: World, cast: Cast, lead: Principal) -> None:
    """Both found it off before either said anything: one row for the day, of whoever came last; both are audited."""
    given = {"prison": PRISON, "on": "on", "from_day": TODAY}
    governor = records.person(PRISON, roles=("governor",), name="Gus Governor")
    for on in ("on", "off"):
        records.run("release_notices.switch", governor, **given | {"on": on})
    results = at_once_behind(
        records,
        "SELECT FROM release_notice_switch",
        lambda: records.run("release_notices.switch", lead, **given),
        lambda: records.run("release_notices.switch", cast.prison_cpc, **given),
    )
    both = {lead.person_id, cast.prison_cpc.person_id}
    assert {(one["on"], UUID(one["said_by"])) for one in results} == {(True, who) for who in both}
    audited = records.rows("SELECT actor FROM audit_entry WHERE outcome = 'done' ORDER BY id DESC LIMIT 2")
    assert {row.actor for row in audited} == both
    [(on, said_by)] = records.rows('SELECT "on", said_by FROM release_notice_switch')
    assert (on, said_by) == (True, audited[0].actor)


def test_the_pages(records: World, cast: Cast, on: Principal, web: Callable[[Principal], Web]) -> None:
    entered(records, cast)
    [(data, _)] = records.events(TOLD)
    delivered(records, data["notice_id"], (cast.partner, "partner"))
    shown = web(cast.manager).get(f"/nominals/{cast.nominal}/release-notices").text
    for words in ("Release date entered", "3 May 2027", "Delivered", "Not delivered yet", "Paul Police"):
        assert words in shown
    page = web(on)
    assert "Leeds" in page.get("/release-notices").text
    assert "On from 1 April 2026" in page.get(f"/release-notices/{PRISON}").text
    wrong = page.fill(
        f"/release-notices/{PRISON}/switch",
        on="off",
        **{"from_day-day": "31", "from_day-month": "3", "from_day-year": "2026"},
    )
    assert wrong.status_code == 422
    assert "cannot be in the past" in wrong.text
    assert page.get("/release-notices/area-53").status_code == 404
    assert page.get("/release-notices/nothing").status_code == 404
    assert web(cast.manager).get(f"/release-notices/{PRISON}").status_code == 403
    odds: list[Any] = ["\x00", "\ud800", 10**400, [], None]
    for odd in odds:
        answer = page.send(f"/release-notices/{PRISON}", {"on": odd, "from_day": odd})
        assert answer.status_code == 422
