"""RPT-04, audits of log-ons with their schedule and signature, the team's view and supervision dates."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.log_on_audit.handlers import take_todo_opened
from services.identity.log_on_audit.jobs import check_log_ons
from services.identity.log_on_audit.models import LogOnAudit, LogOnAuditLine
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sign_in.password_step import give_password
from shared.events.envelope import Event
from shared.events.notifications import TODO_OPENED
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import NOBODY
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import AREA, LEEDS, SCRUBS, House

NPPV3 = ("nppv3", -100, 300)


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("cec.support", "area-53", vetting=NPPV3, tokens=(("central_support", "area-53"),))
    house.add("lou.lpc", "pdu-N55LEE", tokens=(("lpc", "pdu-N55LEE"),))
    house.add("sam.spo", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),), roles=(("spo", "pdu-N55LEE"),))
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    house.add("gail.gcpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("hal.hall", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    house.add("oli.other", "area-52", vetting=NPPV3, tokens=(("cpc", "area-52"),))
    return house


def report(house: House, username: str, **given: Any) -> dict[str, dict[str, Any]]:
    filters = {"place": "", "show": "all", "sort": "", "page": 1, **given}
    query = service.declarations.queries["reports.rpt_04"]
    found = house.runtime.ask(query, principal(house, username), filters)
    return {row["name"]: row for row in found.rows}


def ask(house: House, username: str, query: str, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = house.runtime.ask(
        service.declarations.queries[query], principal(house, username), given
    )
    return found


def later(house: House, days: int) -> None:
    house.clock.at += timedelta(days=days)


def told(event: Any) -> set[tuple[str, str]]:
    return {(duty["as"], duty["person_id"]) for copy in event.copies for duty in copy["people"]}


def nightly(house: House) -> int:
    with house.runtime.system_work("test.nightly") as work:
        return check_log_ons(work)


@pytest.mark.clause("PF-4.16o.1", "PF-4.29.1")
def test_each_log_on_and_each_refusal_is_counted(area: House) -> None:
    area.sign_in("ann.ash", LEEDS)
    later(area, 40)
    area.sign_in("ann.ash", LEEDS)
    with pytest.raises(Refusal):
        give_password(area.runtime, LEEDS, "ann.ash", "wrong")
    area.sign_in("hal.hall", SCRUBS)
    row = report(area, "cora.cpc")["Ann Ash"]
    assert (row["in_30"], row["in_90"], row["refused"]) == (1, 2, 1)
    assert row["last_log_on"] is not None
    assert row["todo_opened"] is None
    assert report(area, "gail.gcpc")["Hal Hall"]["terminals"] == ["WSI-001"]
    later(area, 91)
    row = report(area, "cora.cpc")["Ann Ash"]
    assert (row["in_30"], row["in_90"], row["refused"], row["flag"]) == (0, 0, 0, "None in 90 days")


@pytest.mark.clause("PF-4.16o.1", "PF-7/LPC.1")
def test_everybody_sees_their_own_area_and_an_lpc_their_unit(area: House) -> None:
    assert set(report(area, "cora.cpc")) == {"Cora Cpc", "Cec Support", "Lou Lpc", "Sam Spo", "Ann Ash"}
    assert set(report(area, "cec.support")) == set(report(area, "cora.cpc"))
    assert set(report(area, "lou.lpc")) == {"Lou Lpc", "Sam Spo", "Ann Ash"}
    assert set(report(area, "gail.gcpc")) == {"Gail Gcpc", "Hal Hall"}
    assert set(report(area, "cora.cpc", place="leeds")) == {"Lou Lpc", "Sam Spo", "Ann Ash"}
    with pytest.raises(Refusal) as refusal:
        report(area, "ann.ash")
    assert refusal.value.code == "R32"


@pytest.mark.clause("PF-4.29.1", "PF-4.29.3")
def test_the_day_the_to_do_list_was_opened_comes_as_an_event(area: House) -> None:
    for day in (area.today, area.today - timedelta(days=3)):
        opened(area, area.people["ann.ash"], day)
    assert report(area, "cora.cpc")["Ann Ash"]["todo_opened"] == area.today
    area.sign_in("ann.ash", LEEDS)
    later(area, 7)
    assert report(area, "cora.cpc")["Ann Ash"]["flag"] is None
    later(area, 1)
    assert report(area, "cora.cpc", show="flagged")["Ann Ash"]["flag"] == "To-do list not opened"


def opened(house: House, person_id: UUID, day: Any) -> None:
    data = {"person_id": person_id, "day": day}
    event = Event.of(
        TODO_OPENED,
        data,
        id=new_id(),
        occurred_at=house.clock.now(),
        aggregate=("person", person_id),
        actor=person_id,
        correlation_id=None,
    )
    with house.runtime.system_work("test.event") as work:
        take_todo_opened(work, event)


@pytest.mark.clause("PI-3.10.2")
def test_an_spo_who_stays_away_is_flagged_and_told_once(area: House) -> None:
    area.sign_in("sam.spo", LEEDS)
    nightly(area)
    assert area.events("identity.log_on.spo_absent") == []
    later(area, 31)
    nightly(area)
    (event,) = area.events("identity.log_on.spo_absent")
    assert told(event) == {("spo", str(area.people["sam.spo"])), ("cpc", str(area.people["cora.cpc"]))}
    assert report(area, "cora.cpc", show="flagged")["Sam Spo"]["flag"] == "SPO: no log-on lately"
    later(area, 1)
    nightly(area)
    assert len(area.events("identity.log_on.spo_absent")) == 1
    area.sign_in("sam.spo", LEEDS)
    later(area, 31)
    nightly(area)
    assert len(area.events("identity.log_on.spo_absent")) == 2


def begin(house: House, username: str, unit: str = "area-53", **more: Any) -> str:
    given = {
        "unit": unit,
        "period_from": house.today - timedelta(days=30),
        "period_to": house.today,
        "sample": 3,
        **more,
    }
    return str(run(house, username, "log_on_audit.begin", **given)["id"])


FOUND = {"findings": "All regular.", "complies": "yes", "actions": ""}


@pytest.mark.clause("PF-4.16o.2", "PF-7/Central Support Token.3")
def test_an_audit_from_its_sample_to_its_signature(area: House) -> None:
    area.sign_in("ann.ash", LEEDS)
    audit_id = UUID(begin(area, "cec.support", sample=100))
    lines = {line.person_id: line for line in area.rows(LogOnAuditLine)}
    assert len(lines) == 5
    assert lines[area.people["ann.ash"]].log_ons == 1
    later(area, 1)
    area.sign_in("ann.ash", LEEDS)
    assert ask(area, "cora.cpc", "log_on_audit.read", audit_id=audit_id)["sample"][-1]["log_ons"] == 1
    run(area, "cec.support", "log_on_audit.complete", audit_id=audit_id, **FOUND)
    (event,) = area.events("identity.log_on_audit.completed")
    assert told(event) == {("cpc", str(area.people["cora.cpc"]))}
    with pytest.raises(Refusal) as own:
        run(area, "cec.support", "log_on_audit.sign", audit_id=audit_id)
    assert own.value.code == "R23"
    run(area, "cora.cpc", "log_on_audit.sign", audit_id=audit_id)
    (audit,) = area.rows(LogOnAudit)
    assert (audit.state, audit.signed_by) == ("signed", area.people["cora.cpc"])
    with pytest.raises(Refusal) as again:
        run(area, "cora.cpc", "log_on_audit.sign", audit_id=audit_id)
    assert again.value.code == "R34"


@pytest.mark.clause("PF-7/LPC.1")
def test_an_lpc_reports_to_the_cpc_who_signs(area: House) -> None:
    with pytest.raises(Refusal) as outside:
        begin(area, "lou.lpc")
    assert outside.value.code == "R11"
    audit_id = UUID(begin(area, "lou.lpc", unit="pdu-N55LEE"))
    run(area, "lou.lpc", "log_on_audit.complete", audit_id=audit_id, **FOUND)
    with pytest.raises(Refusal) as lpc:
        run(area, "lou.lpc", "log_on_audit.sign", audit_id=audit_id)
    assert lpc.value.code == "R24"
    for stranger in ("oli.other", "gail.gcpc", "ann.ash"):
        with pytest.raises(Refusal):
            ask(area, stranger, "log_on_audit.read", audit_id=audit_id)
    run(area, "cora.cpc", "log_on_audit.sign", audit_id=audit_id)


def test_bad_input_changes_nothing(area: House) -> None:
    with pytest.raises(Invalid) as future:
        begin(area, "cora.cpc", period_to=area.today + timedelta(days=1))
    assert set(future.value.errors) == {"period_to"}
    audit_id = begin(area, "cora.cpc")
    with pytest.raises(Refusal) as twice:
        begin(area, "cora.cpc")
    assert twice.value.code == "R34"
    with pytest.raises(Invalid) as nothing_done:
        run(area, "cora.cpc", "log_on_audit.complete", audit_id=UUID(audit_id), **{**FOUND, "complies": "no"})
    assert set(nothing_done.value.errors) == {"actions"}


@pytest.mark.clause("PF-5.10.6")
def test_each_prison_group_is_audited_each_month(area: House) -> None:
    nightly(area)
    (event,) = area.events("identity.log_on_audit.due")
    assert told(event) >= {("cpc", str(area.people["gail.gcpc"])), ("central_support", str(NOBODY))}
    assert (event.data["period_from"], event.data["period_to"]) == ("2026-02-01", "2026-02-28")
    assert nightly(area) == 0
    later(area, 1)
    nightly(area)
    assert len(area.events("identity.log_on_audit.due")) == 1
    audit_id = UUID(event.data["audit_id"])
    run(area, "gail.gcpc", "log_on_audit.begin_due", audit_id=audit_id, sample=10)
    run(area, "gail.gcpc", "log_on_audit.complete", audit_id=audit_id, **FOUND)
    run(area, "gail.gcpc", "log_on_audit.sign", audit_id=audit_id)
    assert area.events("identity.log_on_audit.signed")[0].data["audit_id"] == str(audit_id)
    later(area, 31)
    nightly(area)
    assert len(area.events("identity.log_on_audit.due")) == 2


def test_two_who_sign_at_one_moment(area: House) -> None:
    area.add("cat.support", "area-53", vetting=NPPV3, tokens=(("central_support", "area-53"),))
    audit_id = UUID(begin(area, "cora.cpc"))
    run(area, "cora.cpc", "log_on_audit.complete", audit_id=audit_id, **FOUND)
    outcomes: list[str] = []

    def sign(username: str) -> None:
        try:
            run(area, username, "log_on_audit.sign", audit_id=audit_id)
            outcomes.append("signed")
        except Refusal as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=sign, args=(who,)) for who in ("cec.support", "cat.support")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["R34", "signed"]


@pytest.mark.clause("PF-4.37.1", "PI-3.10.1")
def test_a_log_on_of_the_day_before_prepares_for_a_supervision_and_no_earlier_one_does(area: House) -> None:
    day = area.today + timedelta(days=3)
    run(area, "sam.spo", "supervision.book", person_id=area.people["ann.ash"], day=day)
    (event,) = area.events("identity.supervision.booked")
    assert told(event) == {("spo", str(area.people["sam.spo"]))}
    assert (event.data["day"], event.data["unit"]) == (str(day), "pdu-N55LEE")
    later(area, 1)
    area.sign_in("sam.spo", LEEDS)
    assert supervised(area) == (day, False)
    later(area, 1)
    area.sign_in("sam.spo", LEEDS)
    area.sign_in("sam.spo", LEEDS)
    assert supervised(area) == (day, True)
    (prepared,) = area.events("identity.supervision.prepared")
    assert prepared.data == {"supervision_id": event.data["supervision_id"]}


@pytest.mark.clause("PF-4.37.1")
def test_a_supervision_of_tomorrow_is_booked_by_somebody_who_is_logged_on(area: House) -> None:
    given = {"person_id": area.people["ann.ash"]}
    run(area, "sam.spo", "supervision.book", **given, day=area.today + timedelta(days=1))
    assert supervised(area) == (area.today + timedelta(days=1), True)
    assert len(area.events("identity.supervision.prepared")) == 1
    run(area, "sam.spo", "supervision.cancel", **given)
    run(area, "sam.spo", "supervision.book", **given, day=area.today + timedelta(days=9))
    run(area, "sam.spo", "supervision.cancel", **given)
    booked = area.events("identity.supervision.booked")
    cancelled = area.events("identity.supervision.cancelled")
    assert [one.data["supervision_id"] for one in cancelled] == [one.data["supervision_id"] for one in booked]


@pytest.mark.clause("PF-4.37.1")
def test_who_missed_a_supervision_has_it_on_the_list_until_the_next_log_on(area: House) -> None:
    run(
        area,
        "sam.spo",
        "supervision.book",
        person_id=area.people["ann.ash"],
        day=area.today + timedelta(days=2),
    )
    later(area, 5)
    area.sign_in("sam.spo", LEEDS)
    assert len(area.events("identity.supervision.prepared")) == 1


def supervised(house: House) -> tuple[date, bool]:
    """The next supervision that Sam has with Ann, and whether he is prepared."""
    team = ask(house, "sam.spo", "log_on_audit.team", page=1)["team"]
    (ann,) = [one for one in team if one["name"] == "Ann Ash"]
    return ann["supervision"], ann["prepared"]


@pytest.mark.clause("PF-4.37.1")
def test_only_ones_own_team_is_supervised(area: House) -> None:
    with pytest.raises(Refusal) as refusal:
        run(area, "sam.spo", "supervision.book", person_id=area.people["hal.hall"], day=area.today)
    assert refusal.value.code == "R32"
    with area.runtime.system_work("test.manage") as work:
        work.session.get_one(Person, area.people["ann.ash"]).line_manager = area.people["lou.lpc"]
    run(area, "lou.lpc", "supervision.book", person_id=area.people["ann.ash"], day=area.today)
    assert [one["name"] for one in ask(area, "lou.lpc", "log_on_audit.team", page=1)["team"]] == ["Ann Ash"]
    run(area, "lou.lpc", "supervision.cancel", person_id=area.people["ann.ash"])
    with pytest.raises(Refusal):
        run(area, "lou.lpc", "supervision.cancel", person_id=area.people["ann.ash"])


def test_the_pages(app: Flask, area: House) -> None:
    browser = Browser(app, area, AREA.address)
    browser.sign_in("cora.cpc")
    assert "Ann Ash" in browser.get("/identity/reports/rpt-04").text
    assert browser.get("/identity/reports/rpt-04/xlsx").status_code == 200
    new = "/identity/log-on-audits/of/area-53/new"
    day = {"period_from-day": "1", "period_from-month": "2", "period_from-year": "2026"}
    last = {"period_to-day": "28", "period_to-month": "2", "period_to-year": "2026"}
    begun = browser.post(new, {**day, **last, "sample": "3"})
    assert begun.status_code == 303
    page = begun.location.split("?")[0]
    assert "Sample: 3 people" in browser.get(page).text
    assert (
        browser.post(f"{page}/findings/new", {"findings": "Regular.", "complies": "yes"}).status_code == 303
    )
    assert "Sign off" in browser.get(page).text
    assert browser.post(f"{page}/signature/new", {}).status_code == 303
    assert "Signed off" in browser.get("/identity/log-on-audits").text
    spo = Browser(app, area, LEEDS.address)
    spo.sign_in("sam.spo")
    assert "Ann Ash" in spo.get("/identity/log-on-team").text
