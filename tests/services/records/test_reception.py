"""Reception: is this person on the register, and if not, asking the area for the record."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.reference.identifiers import InvalidIdentifier, parse_pnc
from shared.refusals import Invalid, Refusal
from tests.servers.records import LEEDS, NOW, PRISON, WEST_YORKSHIRE, World
from tests.services.records.conftest import Cast, Web, refusal, told

PNC, OTHER_PNC, NOMS = "2002/0073319Z", "2001/0000001B", "A1234BC"
PERSON: dict[str, Any] = {
    "surname": "Example",
    "forenames": "Darren",
    "date_of_birth": "1979-04-03",
    "noms": NOMS,
    "pnc": PNC,
}
ASK: dict[str, Any] = PERSON | {
    "area": WEST_YORKSHIRE,
    "received_on": "2026-03-31",
    "whom": "unit",
    "reason": "Sentenced to four years for a section 18 assault; MAPPA eligible.",
}


@pytest.fixture
def petra(records: World) -> Principal:
    return records.person(PRISON, "partner", roles=("prison_administrator",), name="Petra Prison")


@pytest.fixture
def tess(records: World) -> Principal:
    return records.person(
        LEEDS, "create", "manager", "partner", roles=("tasked_with_creation",), name="Tess Tasked"
    )


def search(world: World, who: Principal, **given: Any) -> Any:
    return world.ask("reception.search", who, **given)


@pytest.mark.clause("PF-5.12.1", "PSI-2.5")
def test_a_match_a_possible_match_and_none(records: World, petra: Principal) -> None:
    records.nominal(numbers={"pnc": PNC})
    found = search(records, petra, pnc="02/73319z")
    assert (found.outcome, found.results[0].name) == ("match", "Darren Alan Example")
    named = {name: PERSON[name] for name in ("surname", "forenames", "date_of_birth")}
    checked = "2010/0012345" + letter("2010/0012345")
    assert search(records, petra, pnc=checked, **named).outcome == "possible"
    none = search(records, petra, pnc=checked)
    assert (none.outcome, none.refusal, none.results) == ("none", "R16", [])
    assert "No ViSOR record has been created" in str(none.message)
    for wrong in ("2002/0073319A", "nonsense", "\x7f"):
        with pytest.raises(Invalid) as invalid:
            search(records, petra, pnc=wrong)
        assert invalid.value.errors.keys() == {"pnc"}


def letter(number: str) -> str:
    """The check letter that fits, found by trying."""
    for one in "ABCDEFGHJKLMNPQRTUVWXYZ":
        try:
            parse_pnc(number + one, NOW.date())
        except InvalidIdentifier:
            continue
        return one
    raise AssertionError(number)


def test_limited_access_stays_hidden(records: World, petra: Principal) -> None:
    records.nominal(numbers={"pnc": PNC}, limited_access=True)
    [line] = search(records, petra, pnc=PNC).results
    assert (line.limited, line.name, line.nominal_id) == (True, None, None)


@pytest.mark.clause("PF-4.12.1")
def test_a_prison_asks_and_the_area_is_told(records: World, petra: Principal, tess: Principal) -> None:
    records.person("pdu-N55BAC", "create", roles=("tasked_with_creation",), name="Bea Bradford")
    records.person("group-YRKS", "cpc", "partner", name="Pia Cpc")
    asked = records.run("reception.ask_record", petra, **ASK)
    assert asked["area"] == WEST_YORKSHIRE
    assert told(records, "records.referral.asked") == [
        ("tasked_with_creation", "Bea Bradford"),
        ("tasked_with_creation", "Tess Tasked"),
    ]
    assert told(records, "records.referral.asked_informed") == [("cpc", "Pia Cpc")]
    [(data, copies)] = records.events("records.referral.asked")
    assert "Example" not in f"{data}{copies}"
    [(note,)] = records.rows("SELECT note FROM referral")
    assert b"assault" not in bytes(note)
    assert refusal(records, "reception.ask_record", petra, **ASK).code == "R34"
    [row] = records.ask("referrals.list", tess)["referrals"]
    assert (row.source, row.prison) == ("prison_request", PRISON)


@pytest.mark.clause("PF-4.12.1", "PF-4.12.2", "PF-4.24")
def test_the_basic_record_has_custody_and_the_partners_asked_for(
    records: World, petra: Principal, tess: Principal
) -> None:
    carl = records.person(PRISON, "partner", name="Carl Colleague")
    records.person(PRISON, name="No Token")
    com = records.person(LEEDS, "partner", roles=("practitioner",), name="Cora Com")
    referral = UUID(records.run("reception.ask_record", petra, **ASK)["referral_id"])
    made = records.run(
        "nominals.create",
        tess,
        referral_id=referral,
        category="2",
        level=1,
        offender_manager_id=com.person_id,
        **PERSON,
    )
    nominal = UUID(made["nominal_id"])
    summary = records.ask("nominals.summary", petra, nominal_id=nominal)
    assert summary["by_reason"] is False
    assert summary["custody"]["code"] == PRISON
    assert (summary["offender_manager"]["name"], summary["offender_manager_role"]) == ("Cora Com", "COM")
    assert summary["expected_offender_manager"] == "POM"
    partners = {
        row[0] for row in records.rows("SELECT person_id FROM partnership WHERE agency = 'prison-service'")
    }
    assert partners == {petra.person_id, carl.person_id}
    assert told(records, "records.referral.given") == [("requester", "Petra Prison")]
    [(received, _)] = records.events("records.custody.received")
    assert received["already_partnered"] is True
    [request] = records.ask("reception.requests", carl)["requests"]
    assert (request["status"], request["nominal_id"]) == ("created", nominal)


def test_only_for_me_and_not_for_who_has_left(records: World, petra: Principal, tess: Principal) -> None:
    records.person(PRISON, "partner")
    referral = UUID(records.run("reception.ask_record", petra, **ASK | {"whom": "me"})["referral_id"])
    records.run("nominals.create", tess, referral_id=referral, category="2", level=1, **PERSON)
    partners = records.rows("SELECT person_id FROM partnership WHERE agency = 'prison-service'")
    assert partners == [(petra.person_id,)]


@pytest.mark.clause("PF-4.12.1")
def test_about_somebody_who_is_registered_already(records: World, petra: Principal, tess: Principal) -> None:
    given = {"category": "2", "level": 2, "registered_on": "2026-03-30"}
    registered = records.run("referrals.register", tess, **given, **PERSON)
    asked = records.run("reception.ask_record", petra, **ASK)
    assert asked["referral_id"] == registered["referral_id"]
    [row] = records.ask("referrals.list", tess)["referrals"]
    assert (row.source, row.prison, row.level) == ("registration", PRISON, 2)


def test_a_refused_request_is_told_with_its_reason(records: World, petra: Principal, tess: Principal) -> None:
    referral = UUID(records.run("reception.ask_record", petra, **ASK)["referral_id"])
    reason = "He is not MAPPA eligible: the sentence is under twelve months."
    records.run("referrals.close", tess, referral_id=referral, reason=reason)
    assert told(records, "records.referral.closed") == [("requester", "Petra Prison")]
    assert records.ask("reception.requests", petra)["requests"][0]["closed_why"] == reason


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"noms": None, "pnc": None}, "noms"),
        ({"pnc": "2002/0073319A"}, "pnc"),
        ({"received_on": "2026-04-02"}, "received_on"),
        ({"date_of_birth": "2020-01-01"}, "date_of_birth"),
    ],
)
def test_bad_input(records: World, petra: Principal, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        records.run("reception.ask_record", petra, **ASK | given)
    assert wrong.value.errors.keys() == {field}
    assert records.rows("SELECT count(*) FROM referral") == [(0,)]


def test_who_may_not_ask(records: World, tess: Principal, cast: Cast) -> None:
    assert refusal(records, "reception.ask_record", tess, **ASK).code == "R32"
    assert refusal(records, "reception.ask_record", records.person(PRISON), **ASK).code == "R11"
    assert refusal(records, "reception.search", cast.admin, pnc=PNC).code == "R11"
    records.nominal(numbers={"noms": NOMS})
    assert refusal(records, "reception.ask_record", cast.prison, **ASK).code == "R18"


def test_two_who_ask_at_one_moment(records: World, petra: Principal) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def act(who: Principal) -> None:
        barrier.wait()
        try:
            records.run("reception.ask_record", who, **ASK)
            outcomes.append("asked")
        except Refusal as refused:
            outcomes.append(refused.code)

    people = (petra, records.person(PRISON, "partner"))
    threads = [threading.Thread(target=act, args=(who,)) for who in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["R34", "asked"]


@pytest.mark.clause("PF-5.12.1", "PF-4.12.1")
def test_the_pages(records: World, petra: Principal, web: Callable[[Principal], Web]) -> None:
    browser = web(petra)
    typed = {"pnc": "2002/0073319A", "surname": "Example", "forenames": "Darren"}
    wrong = browser.fill("/reception", **typed)
    assert wrong.status_code == 422
    assert "Example" in wrong.text, "nothing typed is lost"
    none = browser.fill("/reception", **typed | {"pnc": PNC})
    assert none.status_code == 200
    assert "Request a record" in none.text
    form = browser.fill("/record-requests/new", _change="1", whom="unit", pnc=PNC, surname="Example")
    assert form.status_code == 200
    assert f'value="{PNC}"' in form.text
    days = {"date_of_birth-day": "3", "date_of_birth-month": "4", "date_of_birth-year": "1979"}
    days |= {"received_on-day": "31", "received_on-month": "3", "received_on-year": "2026"}
    rest = {name: ASK[name] for name in ("surname", "noms", "area", "whom", "reason")}
    assert browser.fill("/record-requests/new", **days, **rest).status_code == 303
    assert "Waiting" in browser.get("/record-requests").text
    records.nominal(numbers={"pnc": PNC})
    assert "This person is a nominal" in browser.fill("/reception", pnc=PNC).text
