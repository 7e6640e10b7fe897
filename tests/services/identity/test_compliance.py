"""RPT-24, the compliance pack: identity's part of it, and the page that leads to all of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from services.identity.compliance.queries import PARTS
from services.identity.coverage.models import CoverageGap
from services.identity.log_on_audit.models import LogOnAudit
from services.identity.people.models import Unit
from services.identity.service import service
from services.identity.terminals.models import Terminal
from services.identity.vetting.models import VettingException, VettingExpiry
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import principal
from tests.services.identity.browser import Browser
from tests.services.identity.house import AREA, LEEDS, SCRUBS, House

NPPV3 = ("nppv3", -100, 300)
Figures = dict[tuple[str, str], tuple[str, Any, str]]


@pytest.fixture
def posts(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("hetty.hopp", "area-53", vetting=NPPV3, roles=(("head_of_public_protection", "area-53"),))
    house.add("reg.rpd", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    house.add("gus.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    house.add("piers.pgd", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    house.add("ada.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("lou.lpc", "pdu-N55LEE", tokens=(("lpc", "pdu-N55LEE"),))
    return house


def pack(house: House, username: str, **dates: date | None) -> Figures:
    given = {"since": None, "until": None, "sort": "", "page": 1, **dates}
    found = house.runtime.ask(
        service.declarations.queries["reports.rpt_24"], principal(house, username), given
    )
    return {
        (row["unit_name"], row["measure"]): (row["figure"], row["share"], row["state"]) for row in found.rows
    }


def places(figures: Figures) -> set[str]:
    return {unit for unit, _ in figures}


@pytest.mark.clause("PSI-1.2", "PI-1.1", "PSI-5.1")
def test_everybody_who_answers_for_a_place_has_the_pack_of_it_and_nobody_else_has(posts: House) -> None:
    area, prison, group = "West Yorkshire", "Wormwood Scrubs", "London"
    assert places(pack(posts, "cora.cpc")) == places(pack(posts, "hetty.hopp")) == {area}
    assert places(pack(posts, "reg.rpd")) == {area, "South Yorkshire"}
    assert places(pack(posts, "gus.governor")) == {prison}
    assert places(pack(posts, "piers.pgd")) == {group}
    assert places(pack(posts, "ada.admin")) == {area, "South Yorkshire", group, "West Yorkshire Police"}
    with pytest.raises(Refusal) as refused:
        pack(posts, "lou.lpc")
    assert refused.value.code == "R32"


@pytest.mark.clause("PSI-1.2", "PI-1.1")
def test_vetting_training_and_documents_of_everybody_in_the_area_are_counted(posts: House) -> None:
    posts.add("ann.ash", "pdu-N55LEE")
    posts.add("bea.birch", "pdu-N55LEE", vetting=("nppv2", -400, -10), trained=False, signed=False)
    posts.add("elsa.where", "area-52", vetting=None, trained=False, signed=False)
    posts.add("new.comer", "pdu-N55LEE", state="requested", vetting=None, trained=False, signed=False)
    mine = pack(posts, "cora.cpc")
    area = "West Yorkshire"
    assert mine[area, "Enabled accounts with vetting in force"] == ("4 of 5", 80, "Look at it")
    assert mine[area, "Enabled accounts whose holder passed accredited training"] == (
        "4 of 5",
        80,
        "Look at it",
    )
    assert mine[area, "Signatures of the documents in force"][:2] == ("4 of 5, 0 overdue", 80)
    posts.clock.at += timedelta(days=60)
    assert mine.keys() == (later := pack(posts, "cora.cpc")).keys()
    assert later[area, "Signatures of the documents in force"] == ("4 of 5, 1 overdue", 80, "Look at it")


@pytest.mark.clause("PSI-1.2", "PI-1.1")
def test_what_happened_is_counted_within_the_dates_both_included(posts: House) -> None:
    cora, area, day = posts.people["cora.cpc"], "West Yorkshire", posts.today
    with posts.runtime.system_work("test.past") as work:
        work.session.add_all(
            [
                VettingExpiry(person_id=cora, expired_on=day, told_at=work.now),
                CoverageGap(
                    post="lpc",
                    unit="pdu-N55LEE",
                    stage="now",
                    found_on=day,
                    uncovered_from=day,
                    closed_on=day,
                ),
                VettingException(
                    person_id=cora,
                    level=2,
                    first_day=day,
                    last_day=day,
                    reason="Waits for renewal.",
                    approved_by=posts.people["ada.admin"],
                    approved_at=work.now,
                ),
                LogOnAudit(unit="area-53", period_from=day, period_to=day, state="signed"),
                LogOnAudit(
                    unit="pdu-N55LEE", period_from=day - timedelta(days=9), period_to=day, state="completed"
                ),
            ]
        )
    posts.sign_in("cora.cpc", AREA)
    posts.clock.at += timedelta(days=30)
    measures = {
        "Log-ons": ("1", "0"),
        "Enabled accounts whose holder logged on": ("1 of 3", "0 of 3"),
        "Times that vetting ran out before it was renewed": ("1", "0"),
        "Exceptions to vetting that stood": ("1", "0"),
        "Posts that were uncovered at some time": ("1", "0"),
        "Log-on audits signed off": ("1 of 2", "None"),
    }
    on_the_day = pack(posts, "cora.cpc", since=day, until=day)
    before = pack(posts, "cora.cpc", since=day - timedelta(days=9), until=day - timedelta(days=1))
    after = pack(posts, "cora.cpc", since=day + timedelta(days=1), until=day + timedelta(days=9))
    for measure, (then, never) in measures.items():
        assert on_the_day[area, measure][0] == then, measure
        assert before[area, measure][0] == never, measure
        assert after[area, measure][0] == never, measure
    assert on_the_day[area, "Times that vetting ran out before it was renewed"][2] == "Look at it"
    assert before[area, "Times that vetting ran out before it was renewed"][2] == "In order"
    assert pack(posts, "cora.cpc")[area, "Log-ons"][0] == "1"


@pytest.mark.clause("PSI-5.1")
def test_a_governor_sees_the_terminals_and_posts_of_the_prison(posts: House) -> None:
    prison, measure = "Wormwood Scrubs", "Approved terminals whose yearly assurance is given"
    posts.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    with posts.runtime.system_work("test.terminals") as work:
        (one,) = work.session.query(Terminal).filter_by(unit="prison-WSI", status="approved")
        one.reassure_by = work.today
    assert pack(posts, "gus.governor")[prison, measure] == ("1 of 1", 100, "In order")
    posts.clock.at += timedelta(days=1)
    mine = pack(posts, "gus.governor")
    assert mine[prison, measure] == ("0 of 1", 0, "Look at it")
    assert mine[prison, "Posts that are covered"] == ("1 of 2", 50, "Look at it")
    assert pack(posts, "piers.pgd")["London", measure][0] == "0 of 2"
    assert ("West Yorkshire", measure) not in pack(posts, "cora.cpc")
    assert (prison, "Log-on audits signed off") not in mine


def test_refused_log_ons_are_counted(app: Flask, posts: House) -> None:
    posts.add("bea.birch", "pdu-N55LEE", vetting=None)
    browser = Browser(app, posts, LEEDS.address)
    browser.sign_in("bea.birch")
    assert pack(posts, "cora.cpc")["West Yorkshire", "Log-ons refused"][0] == "1"


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 1)}, "until"),
        ({"since": date(2999, 1, 1), "until": None}, "since"),
    ],
)
def test_dates_in_the_wrong_order_or_to_come_are_named(
    posts: House, dates: dict[str, date | None], field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        pack(posts, "cora.cpc", **dates)
    assert set(wrong.value.errors) == {field}


@pytest.mark.clause("PSI-1.2", "PSI-5.1")
def test_one_page_leads_to_each_part_with_its_dates(app: Flask, posts: House) -> None:
    browser = Browser(app, posts, SCRUBS.address, SCRUBS.device_key)
    browser.sign_in("gus.governor")
    console = browser.get("/identity/consoles").text
    assert 'href="/identity/compliance-pack"' in console
    asked = "since-day=1&since-month=2&since-year=2026&until-day=1&until-month=3&until-year=2026"
    text = browser.get(f"/identity/compliance-pack?{asked}").text.replace("&amp;", "&")
    for part in PARTS:
        dates = asked.replace("since", part.dates[0]).replace("until", part.dates[1]) if part.dates else ""
        for what in ("", "/csv", "/xlsx"):
            assert f'href="{part.path}{what}{"?" if dates else ""}{dates}"' in text
    own = PARTS[0].path
    assert "1 February 2026" in text
    assert 'href="/identity/compliance-pack"' in browser.get(f"{own}?{asked}").text
    for what in ("csv", "xlsx", "chart"):
        assert browser.get(f"{own}/{what}?{asked}").status_code == 200
    (entry,) = posts.audited(action="reports.rpt_24.csv")
    assert entry.facts["filters"] == {"since": "2026-02-01", "until": "2026-03-01"}
    for wrong in ("since-day=31&since-month=2&since-year=2026", "since-day=1&since-month=1&since-year=0001"):
        assert browser.get(f"/identity/compliance-pack?{wrong}").status_code == 422
    ask = service.declarations.queries["compliance.pack"]
    with pytest.raises(Refusal) as refused:
        posts.runtime.ask(ask, principal(posts, "lou.lpc"), {"since": None, "until": None})
    assert refused.value.code == "R32"


def test_a_closed_place_has_no_pack(posts: House) -> None:
    with posts.runtime.system_work("test.close") as work:
        work.session.get_one(Unit, "area-52").closed_on = work.today
    assert places(pack(posts, "reg.rpd")) == {"West Yorkshire"}
