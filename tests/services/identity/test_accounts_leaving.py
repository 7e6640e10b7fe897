"""Leavers: who reports them, what closes at once, and what comes before the archive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.accounts.handlers import take_holdings
from services.identity.accounts.models import Holding, Leaver
from services.identity.entitlements.models import NetworkEntitlement
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.credentials import signing_keys
from services.identity.sign_in.models import Credential
from services.identity.tokens.models import TokenGrant
from shared.access import credentials
from shared.access.principal import Principal, grants, system_principal
from shared.events.envelope import Aggregate, Event
from shared.events.records.access import HOLDINGS_COUNTED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import NOBODY
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.identity.newcomers import NPPV3, refusal, row_of, staff, state, told

FEED = "/identity/api/integrations/hr/leavers"


@pytest.fixture
def staffed(house: House) -> House:
    """Ann, managed by Mary, in Leeds; Pip in Wormwood Scrubs."""
    staff(house)
    mary = house.add("mary.manager", "pdu-N55LEE")
    house.add("sue.spo", "pdu-N55LEE", roles=(("spo", "pdu-N55LEE"),))
    house.add("cat.central", "area-53", vetting=NPPV3, tokens=(("central_support", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE", line_manager=mary, tokens=(("partner", "pdu-N55LEE"),))
    house.add("pip.pom", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    return house


def report(house: House, by: str, person: str = "ann.ash", days: int = 0) -> None:
    left_on = house.today + timedelta(days=days)
    run(house, by, "accounts.report_leaver", person_id=house.people[person], left_on=left_on)


def counted(house: House, person_id: UUID, *counts: int) -> None:
    """As records tells it."""
    names = ("manager_of", "supervisor_of", "partner_of")
    data = {"person_id": person_id, **dict(zip(names, counts or (0, 0, 0), strict=True))}
    kind = HOLDINGS_COUNTED
    event = Event(
        new_id(),
        kind.name,
        1,
        house.clock.now(),
        kind.dump(data),
        aggregate=Aggregate("person", person_id, 1),
    )
    with house.runtime.system_work("handle") as work:
        take_holdings(work, event)


def end_tokens(house: House, by: str, person: str) -> None:
    held = [
        row for row in house.rows(TokenGrant) if row.person_id == house.people[person] and not row.ended_at
    ]
    for row in held:
        run(house, by, "tokens.end", grant_id=row.id, reason="Has left the role", authority="Cora Cpc")


@pytest.mark.clause("PF-4.38.1", "PF-4.39")
@pytest.mark.parametrize(
    ("by", "person", "reported_as"),
    [
        ("mary.manager", "ann.ash", "line_manager"),
        ("sue.spo", "ann.ash", "spo"),
        ("cora.cpc", "ann.ash", "cpc"),
        ("lena.lead", "pip.pom", "visor_lead"),
        ("ida.admin", "pip.pom", "admin"),
    ],
)
def test_whoever_knows_first_reports_a_leaver(staffed: House, by: str, person: str, reported_as: str) -> None:
    report(staffed, by, person, days=-1)
    (row,) = staffed.rows(Leaver)
    assert (row.reported_as, row.confirmed_at is not None) == (reported_as, reported_as == "cpc")
    found = row_of(staffed, staffed.people[person])
    assert (found.state, found.disabled_reason) == ("disabled", "left")
    assert found.left_on == staffed.today - timedelta(days=1)


@pytest.mark.clause("PF-4.38.1")
def test_nobody_else_does_and_nobody_for_themselves(staffed: House) -> None:
    for by, person, code in (
        ("nora.nominee", "ann.ash", "R32"),
        ("lena.lead", "ann.ash", "R32"),
        ("pam.prison", "ann.ash", "R32"),
        ("cora.cpc", "cora.cpc", "R23"),
    ):
        with pytest.raises(Refusal) as refused:
            report(staffed, by, person)
        assert (by, refused.value.code) == (by, code)
    with pytest.raises(Invalid) as invalid:
        report(staffed, "mary.manager", days=1)
    assert list(invalid.value.errors) == ["left_on"]
    assert staffed.rows(Leaver) == []


@pytest.mark.clause("PF-4.38.1")
def test_only_an_hr_system_tells_as_one(staffed: House) -> None:
    told_by_hr = {"reference": "HR-1", "username": "ann.ash", "left_on": staffed.today}
    for by in ("cora.cpc", "ida.admin", "mary.manager"):
        assert refusal(staffed, by, "accounts.hear_leaver", **told_by_hr).code == "R11"
    assert staffed.rows(Leaver) == []


@pytest.mark.clause("PF-4.38.3")
def test_a_reported_leaver_is_out_within_seconds_and_the_cpc_is_told(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("ann.ash")
    assert browser.get("/identity/my-access").status_code == 200
    report(staffed, "mary.manager")
    assert browser.signed_out_within_seconds()
    assert told(staffed, "identity.account.leaving") == {("cora.cpc", "cpc")}
    with pytest.raises(Refusal) as refused:
        staffed.sign_in("ann.ash", LEEDS)
    assert refused.value.code == "R08"
    assert "left the role" in refused.value.message
    assert refused.value.contact is not None
    assert refused.value.contact.name == "Cora Cpc"


def test_two_who_report_at_once_are_one(staffed: House) -> None:
    def act(by: str) -> str:
        try:
            report(staffed, by)
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(act, ("mary.manager", "sue.spo"))) == ["R34", "done"]
    assert len(staffed.rows(Leaver)) == 1


@pytest.mark.clause("PF-4.38.1")
def test_an_hr_system_tells_of_leavers_and_telling_twice_is_as_good_as_once(
    app: Flask, staffed: House
) -> None:
    feed = Principal(
        **{
            **vars(system_principal("hr")),
            "person_id": new_id(),
            "issuer": "visor",
            "scope": "integration",
            "auth_time": staffed.clock.now(),
            "tokens": grants([("integration.hr", "national")]),
        }
    )
    client = app.test_client()

    def send(who: Principal, **body: Any) -> Any:
        token = credentials.issue(who, signing_keys(staffed.runtime).current, staffed.clock)
        return client.post(FEED, json=body, headers={"Authorization": f"Bearer {token}"})

    left = {"reference": "HR-1", "username": "ann.ash", "left_on": staffed.today.isoformat()}
    answers = [send(feed, **left).get_json()["outcome"] for _ in range(2)]
    assert answers == ["disabled", "known"]
    assert send(feed, **{**left, "reference": "HR-2"}).get_json()["outcome"] == "known"
    assert (
        send(feed, **{**left, "reference": "HR-3", "username": "no.one"}).get_json()["outcome"] == "unknown"
    )
    assert send(feed, **{**left, "left_on": "soon"}).status_code == 422
    (row,) = staffed.rows(Leaver)
    assert (row.reported_as, row.reference) == ("hr", "HR-1")
    assert state(staffed, staffed.people["ann.ash"]) == "disabled"
    person = principal(staffed, "cora.cpc")
    assert send(person, **left).status_code == 403


@pytest.mark.clause("PF-4.38.3", "PF-4.38.4")
def test_an_account_is_archived_after_the_cpc_confirms_and_all_is_handed_over(staffed: House) -> None:
    ann = staffed.people["ann.ash"]
    staffed.add("tom.team", "pdu-N55LEE", line_manager=ann)
    report(staffed, "mary.manager")
    archive: dict[str, Any] = {"person_id": ann}
    assert refusal(staffed, "cat.central", "accounts.archive", **archive).code == "R24"
    assert refusal(staffed, "mary.manager", "accounts.archive", **archive).code == "R11"
    assert refusal(staffed, "cat.central", "accounts.confirm_leaver", **archive).code == "R24"
    assert refusal(staffed, "ida.admin", "accounts.confirm_leaver", **archive).code == "R24"
    run(staffed, "cora.cpc", "accounts.confirm_leaver", person_id=ann)
    refused = refusal(staffed, "cat.central", "accounts.archive", **archive)
    assert refused.code == "R38"
    assert "1 token, 1 person to manage and records that are still being counted" in refused.message
    counted(staffed, ann, 2, 1, 1)
    refused = refusal(staffed, "cat.central", "accounts.archive", **archive)
    assert "2 records as manager, 1 record as supervisor and 1 partnership" in refused.message
    counted(staffed, ann)
    end_tokens(staffed, "cora.cpc", "ann.ash")
    with staffed.runtime.system_work("test.team") as work:
        work.session.get_one(Person, staffed.people["tom.team"]).line_manager = None
    run(staffed, "cat.central", "accounts.archive", person_id=ann)
    assert state(staffed, ann) == "archived"
    assert told(staffed, "identity.account.archived") == {
        ("cora.cpc", "cpc"),
        ("mary.manager", "line_manager"),
    }
    assert refusal(staffed, "cat.central", "accounts.archive", **archive).code == "R34"


@pytest.mark.clause("PF-7/Central Support Token.4", "PSI-7.3.3", "PF-4.38.2")
def test_archiving_ends_what_the_account_opened_and_deletes_nobody(app: Flask, staffed: House) -> None:
    ann = staffed.people["ann.ash"]
    with staffed.runtime.system_work("test.gateway") as work:
        work.session.add(
            NetworkEntitlement(
                person_id=ann,
                kind="omni",
                reference="G1",
                valid_from=staffed.today - timedelta(days=900),
                recorded_by=NOBODY,
                recorded_at=work.system_now,
            )
        )
    report(staffed, "cora.cpc")
    counted(staffed, ann)
    end_tokens(staffed, "cora.cpc", "ann.ash")
    run(staffed, "cat.central", "accounts.archive", person_id=ann)
    (gateway,) = staffed.rows(NetworkEntitlement)
    assert gateway.valid_to == staffed.today
    assert all(row.person_id != ann for row in staffed.rows(Credential))
    browser = Browser(app, staffed, "10.1.0.7")
    browser.sign_in("mary.manager")
    card = browser.get(f"/identity/people/{ann}")
    assert card.status_code == 200
    assert "Left 2 March 2026" in card.text
    assert "Ann Ash" in browser.post("/identity/people", {"name": "ash"}).text
    assert (
        refusal(staffed, "cora.cpc", "accounts.enable", person_id=ann, note="x", authority=None).code == "R34"
    )


def test_counts_of_somebody_elses_people_are_not_kept(staffed: House) -> None:
    counted(staffed, new_id(), 1, 1, 1)
    assert staffed.rows(Holding) == []
    assert HOLDINGS_COUNTED.name in service.handlers


@pytest.mark.clause("PF-4.38.3")
def test_whoever_comes_back_before_the_archive_is_no_leaver_any_more(staffed: House) -> None:
    ann = staffed.people["ann.ash"]
    report(staffed, "mary.manager")
    run(staffed, "cora.cpc", "accounts.enable", person_id=ann, note="Stays after all", authority=None)
    assert state(staffed, ann) == "active"
    (row,) = staffed.rows(Leaver)
    assert row.closed_at is not None
    assert staffed.sign_in("ann.ash", LEEDS).scope == "full"
    report(staffed, "mary.manager")
    assert len(staffed.rows(Leaver)) == 2


@pytest.mark.clause("PF-4.38.3")
def test_the_cpc_sees_who_left_and_what_they_still_hold(app: Flask, staffed: House) -> None:
    ann = staffed.people["ann.ash"]
    browser = Browser(app, staffed, "10.6.0.7")
    browser.sign_in("cora.cpc")
    assert "Ann Ash (opens in a new tab)</a>, Officer" in browser.get(f"/identity/people/{ann}/leaver").text
    report(staffed, "mary.manager")
    page = browser.get("/identity/leavers").text
    assert "Ann Ash" in page
    assert "Line manager" in page
    detail = browser.get(f"/identity/people/{ann}/leaving").text
    for words in ("1 token", "Being counted", "Confirm that they left"):
        assert words in detail
    answer = browser.post(f"/identity/people/{ann}/leaver/confirm", {})
    assert answer.status_code == 303
    assert "Archive the account" in browser.get(answer.location).text
    other = Browser(app, staffed, "10.1.0.7")
    other.sign_in("nora.nominee")
    assert "Refusal R32" in other.get("/identity/leavers").text
    assert "Refusal R32" in other.get(f"/identity/people/{ann}/leaver").text
    assert "Refusal R32" in other.get(f"/identity/people/{ann}/leaving").text
