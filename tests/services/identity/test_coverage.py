"""Role coverage: the nightly check, RPT-03, one unit's page, assurances and local practices."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from services.identity.coverage.jobs import check_coverage
from services.identity.coverage.models import CoverageGap
from services.identity.service import service
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.models import VettingRecord
from shared.refusals import Invalid, Refusal
from shared.work import NOBODY
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import AREA, HOME_OFFICE, House

NPPV3 = ("nppv3", -100, 300)


@pytest.fixture
def staffed(house: House) -> House:
    """One area with its CPC, a deputy and an LPC, one group with its CPC, one prison with lead, user and Governor."""
    house.add("head.hopp", "area-53", roles=(("head_of_public_protection", "area-53"),))
    house.add("reg.rpd", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"), ("create", "area-53")))
    house.add("dee.deputy", "area-53", vetting=NPPV3, tokens=(("central_support", "area-53"),))
    house.add("lou.lpc", "pdu-N55LEE", tokens=(("lpc", "pdu-N55LEE"), ("partner", "pdu-N55LEE")))
    house.add("gail.gcpc", "group-LNDN", vetting=NPPV3, tokens=(("cpc", "group-LNDN"),))
    house.add("piers.pgd", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    house.add("gus.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    house.add("ursa.user", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    return house


def check(house: House) -> int:
    with house.runtime.system_work("test.check") as work:
        return check_coverage(work)


def tomorrow(house: House) -> None:
    house.clock.at += timedelta(days=1)


def gaps(house: House) -> set[tuple[str, str, str]]:
    return {(gap.post, gap.unit, gap.stage) for gap in house.rows(CoverageGap) if gap.closed_on is None}


def report(house: House, username: str, **given: Any) -> list[dict[str, Any]]:
    filters = {"show": "all", "post": "", "sort": "", "page": 1, **given}
    query = service.declarations.queries["reports.rpt_03"]
    return list(house.runtime.ask(query, principal(house, username), filters).rows)


@pytest.mark.clause("PF-4.4.1", "PF-5.1", "PF-5.5", "PF-7/ViSOR Lead.1")
def test_each_gap_is_told_once_to_those_who_appoint(staffed: House) -> None:
    check(staffed)
    assert {
        ("visor_lead", "prison-PVI", "now"),
        ("cpc_area", "area-52", "now"),
        ("cpc_force", "force-13", "now"),
    } <= gaps(staffed)
    assert ("cpc_area", "area-53", "now") not in gaps(staffed)
    assert ("visor_lead", "prison-WSI", "now") not in gaps(staffed)
    events = staffed.events("identity.role.uncovered")
    (lead,) = [one for one in events if one.data["post"] == "visor_lead"]
    assert duties(lead) == {("cpc", str(staffed.people["gail.gcpc"])), ("governor", str(NOBODY))}
    assert check(staffed) == 0
    tomorrow(staffed)
    check(staffed)
    assert len(staffed.events("identity.role.uncovered")) == len(events)


def duties(event: Any) -> set[tuple[str, str]]:
    """Who is told, as (role, person id)."""
    return {(duty["as"], duty["person_id"]) for copy in event.copies for duty in copy["people"]}


def test_two_ticks_at_once_tell_each_gap_once(staffed: House) -> None:
    threads = [threading.Thread(target=check, args=(staffed,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posts = [(one.data["post"], one.data["unit"]) for one in staffed.events("identity.role.uncovered")]
    assert posts
    assert len(posts) == len(set(posts))


@pytest.mark.clause("PF-4.8", "PF-5.4")
def test_the_cpc_who_leaves_is_missed_and_found_again(staffed: House) -> None:
    check(staffed)
    with staffed.runtime.system_work("test.end") as work:
        grant = work.session.query(TokenGrant).filter_by(token="cpc", unit="area-53").one()
        grant.ended_at = work.system_now
    tomorrow(staffed)
    check(staffed)
    assert ("cpc_area", "area-53", "now") in gaps(staffed)
    event = staffed.events("identity.role.uncovered")[-1]
    assert {role for role, _ in duties(event)} == {"head_of_public_protection", "regional_probation_director"}
    staffed.add("new.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    tomorrow(staffed)
    check(staffed)
    assert ("cpc_area", "area-53", "now") not in gaps(staffed)
    assert staffed.events("identity.role.covered")[-1].data["gap_id"] == event.data["gap_id"]


@pytest.mark.clause("PI-3.8.5", "PSI-5.3.6")
def test_what_will_be_vacant_is_foretold(staffed: House) -> None:
    with staffed.runtime.system_work("test.vet") as work:
        record = work.session.query(VettingRecord).filter_by(person_id=staffed.people["cora.cpc"]).one()
        record.expires_on = staffed.today + timedelta(days=40)
    check(staffed)
    assert ("cpc_area", "area-53", "soon") in gaps(staffed)
    (row,) = [one for one in report(staffed, "cora.cpc", show="soon") if one["unit"] == "area-53"]
    assert (row["state"], row["gap"]) == ("Soon uncovered", staffed.today + timedelta(days=40))
    assert row["warnings"] == ["No successor is named"]
    event = next(one for one in staffed.events("identity.role.ending") if one.data["post"] == "cpc_area")
    assert ("cpc", str(staffed.people["cora.cpc"])) in duties(event)


@pytest.mark.clause("PI-3.8.5", "PSI-5.3.6")
@pytest.mark.parametrize(("days", "foretold"), [(90, True), (91, False)])
def test_it_is_foretold_ninety_days_ahead(staffed: House, days: int, foretold: bool) -> None:
    with staffed.runtime.system_work("test.vet") as work:
        record = work.session.query(VettingRecord).filter_by(person_id=staffed.people["cora.cpc"]).one()
        record.expires_on = staffed.today + timedelta(days=days)
    check(staffed)
    assert (("cpc_area", "area-53", "soon") in gaps(staffed)) is foretold
    soon = {(row["unit"], row["post"]) for row in report(staffed, "cora.cpc", show="soon")}
    assert any(unit == "area-53" and "CPC" in post for unit, post in soon) is foretold


@pytest.mark.clause("PF-4.4.1")
def test_a_holder_without_the_vetting_for_it_covers_nothing(staffed: House) -> None:
    staffed.add("nick.nppv2", "area-52", tokens=(("central_support", "area-52"),))
    check(staffed)
    assert ("deputy", "area-52", "now") in gaps(staffed)
    assert ("deputy", "area-53", "now") not in gaps(staffed)


@pytest.mark.clause("PF-4.8", "PF-4.1", "PF-7/LPC.1")
def test_everybody_sees_the_posts_of_their_own_area_and_no_other(staffed: House) -> None:
    assert {row["unit"] for row in report(staffed, "cora.cpc")} == {"area-53", "pdu-N55LEE"}
    assert {row["unit"] for row in report(staffed, "reg.rpd")} == {"area-53", "area-52", "pdu-N55LEE"}
    assert {row["unit"] for row in report(staffed, "gus.governor")} == {"prison-WSI"}
    assert {row["unit"] for row in report(staffed, "gail.gcpc")} == {"group-LNDN", "prison-WSI", "prison-PVI"}
    with pytest.raises(Refusal) as refusal:
        report(staffed, "ursa.user")
    assert refusal.value.code == "R32"


@pytest.mark.clause("PF-5.5", "PF-5.5/t.1")
def test_a_lead_who_is_no_manager_or_has_only_level_2_is_pointed_out(staffed: House) -> None:
    (row,) = [one for one in report(staffed, "gus.governor") if one["post"] == "ViSOR lead"]
    assert row["state"] == "Covered"
    assert [warning.split(": ")[1] for warning in row["warnings"]] == [
        "the job title is not a manager’s",
        "NPPV3 is recommended for a ViSOR lead",
    ]


def of_unit(house: House, username: str, unit: str) -> dict[str, Any]:
    query = service.declarations.queries["coverage.of_unit"]
    found: dict[str, Any] = house.runtime.ask(query, principal(house, username), {"unit": unit})
    return found


@pytest.mark.clause("PF-5.6.1")
def test_who_could_stand_in_and_who_stands_alone(staffed: House) -> None:
    found = of_unit(staffed, "gus.governor", "prison-WSI")
    assert found["alone"]["name"] == "Ursa User"
    assert {(one["name"], one["vetted"], one["trained"]) for one in found["cover"]} >= {
        ("Lena Lead", True, True)
    }
    staffed.add("una.user", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    after = of_unit(staffed, "gail.gcpc", "prison-WSI")
    assert after["alone"] is None
    assert {one["name"]: one["tokens"] for one in after["cover"]}["Una User"] == ["Partner"]
    with pytest.raises(Refusal):
        of_unit(staffed, "cora.cpc", "prison-WSI")


@pytest.mark.clause("PF-7/ViSOR Lead.2")
def test_the_lead_assures_each_month_once(staffed: House) -> None:
    given = {"unit": "prison-WSI", "month": staffed.today, "completed": True, "note": ""}
    assert of_unit(staffed, "gus.governor", "prison-WSI")["assurance_due"] is True
    run(staffed, "lena.lead", "coverage.assure", **given)
    assert of_unit(staffed, "gus.governor", "prison-WSI")["assurance_due"] is False
    with pytest.raises(Refusal) as again:
        run(staffed, "lena.lead", "coverage.assure", **given)
    assert again.value.code == "R34"
    with pytest.raises(Invalid) as silent:
        run(
            staffed,
            "lena.lead",
            "coverage.assure",
            **{**given, "month": staffed.today - timedelta(days=31), "completed": False},
        )
    assert set(silent.value.errors) == {"note"}
    with pytest.raises(Refusal) as other:
        run(staffed, "gus.governor", "coverage.assure", **given)
    assert other.value.code == "R32"


@pytest.mark.clause("PF-7/ViSOR Lead.2")
def test_each_lead_is_asked_for_the_months_assurance_once_unless_it_is_given(staffed: House) -> None:
    def check(days: int) -> list[Any]:
        staffed.clock.at += timedelta(days=days)
        staffed.runtime.extras.pop("coverage.checked", None)
        with staffed.runtime.system_work("tick") as work:
            check_coverage(work)
        return [
            one for one in staffed.events("identity.lead_assurance.due") if one.data["unit"] == "prison-WSI"
        ]

    (first,) = check(0)
    assert first.data["last_day"] == str(end_of_month(staffed.today))
    assert len(check(1)) == 1
    run(
        staffed,
        "lena.lead",
        "coverage.assure",
        unit="prison-WSI",
        month=staffed.today,
        completed=True,
        note="",
    )
    (given,) = staffed.events("identity.lead_assurance.given")
    assert given.data["assurance_id"] == first.data["assurance_id"]
    _, second = check((end_of_month(staffed.today) - staffed.today).days + 1)
    assert second.data["assurance_id"] != first.data["assurance_id"]


def end_of_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@pytest.mark.clause("PF-0.4.1")
def test_a_local_practice_is_checked_before_it_is_in_the_register(staffed: House) -> None:
    given = {
        "unit": "prison-WSI",
        "title": "Morning briefing",
        "text": "Receptions are read out at the morning briefing.",
        "in_force_from": staffed.today,
        "complies": True,
        "equality_checked": False,
    }
    with pytest.raises(Invalid) as unchecked:
        run(staffed, "gus.governor", "coverage.note_practice", **given)
    assert set(unchecked.value.errors) == {"equality_checked"}
    kept = run(staffed, "gus.governor", "coverage.note_practice", **{**given, "equality_checked": True})
    query = service.declarations.queries["coverage.practices"]
    for reader, number in (("ursa.user", 1), ("gail.gcpc", 1), ("cora.cpc", 0)):
        found = staffed.runtime.ask(query, principal(staffed, reader), {})["practices"]
        assert len(found) == number
    with pytest.raises(Refusal):
        run(staffed, "lena.lead", "coverage.note_practice", **{**given, "equality_checked": True})
    run(staffed, "gus.governor", "coverage.end_practice", practice_id=kept["id"])
    (ended,) = of_unit(staffed, "gus.governor", "prison-WSI")["practices"]
    assert ended["ended_on"] == staffed.today


def test_the_pages(app: Flask, staffed: House) -> None:
    staffed.add("ada.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    browser = Browser(app, staffed, AREA.address)
    browser.sign_in("cora.cpc")
    page = browser.get("/identity/reports/rpt-03?show=all").text
    assert "Cora Cpc" in page
    assert "No post fits this filter" in browser.get("/identity/reports/rpt-03?show=gaps").text
    assert "CPC" in browser.get("/identity/coverage/area-53").text
    assert "Role coverage" in browser.get("/identity/reports").text
    assert browser.get("/identity/local-practices").status_code == 200
    national = Browser(app, staffed, HOME_OFFICE.address)
    national.sign_in("ada.admin")
    everything = national.get("/identity/reports/rpt-03").text
    assert "posts are uncovered now" in everything
    assert national.get("/identity/reports/rpt-03/chart").mimetype == "image/svg+xml"
    assert national.get("/identity/reports/rpt-03/csv?show=now").status_code == 200
