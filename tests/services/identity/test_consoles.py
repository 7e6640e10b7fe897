"""The consoles, My access with what ends, questions to the administrator, adjustments, and prison returns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from services.identity.consoles.kinds import CONSOLES
from services.identity.consoles.offers import OFFERS, UNIT_OFFERS
from services.identity.log_on_audit.reports import active_by_unit
from services.identity.people.models import Person, Unit
from services.identity.prison_returns.models import PrisonReturn
from services.identity.questions.models import AccessQuestion
from services.identity.service import service
from services.identity.tokens.models import TokenGrant
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import NOBODY
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import AREA, HOME_OFFICE, LEEDS, SCRUBS, House

NPPV3 = ("nppv3", -100, 300)
# user, unit, tokens, roles, where they sit
HOLDERS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], str, str | None]] = {
    "cora.cpc": ("area-53", ("cpc",), (), AREA.address, None),
    "gail.gcpc": ("group-LNDN", ("cpc",), (), SCRUBS.address, SCRUBS.device_key),
    "cec.support": ("area-53", ("central_support",), (), AREA.address, None),
    "lou.lpc": ("pdu-N55LEE", ("lpc",), (), LEEDS.address, None),
    "lena.lead": ("prison-WSI", (), ("visor_lead",), SCRUBS.address, SCRUBS.device_key),
    "gus.governor": ("prison-WSI", (), ("governor",), SCRUBS.address, SCRUBS.device_key),
    "hetty.hopp": ("area-53", (), ("head_of_public_protection",), AREA.address, None),
    "sam.spo": ("pdu-N55LEE", (), ("spo",), LEEDS.address, None),
}


@pytest.fixture
def posts(house: House) -> House:
    for username, (unit, tokens, roles, _, _) in HOLDERS.items():
        house.add(
            username,
            unit,
            vetting=NPPV3,
            tokens=tuple((token, unit) for token in tokens),
            roles=tuple((role, unit) for role in roles),
        )
    house.add("ada.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("sue.sro", "home-office", vetting=NPPV3, roles=(("sro", "home-office"),))
    house.add("piers.pgd", "group-LNDN", roles=(("prison_group_director", "group-LNDN"),))
    house.add("reg.rpd", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    return house


def ask(house: House, username: str, query: str, **given: Any) -> Any:
    return house.runtime.ask(service.declarations.queries[query], principal(house, username), given)


def told(event: Any) -> set[tuple[str, str]]:
    return {(duty["as"], duty["person_id"]) for copy in event.copies for duty in copy["people"]}


@pytest.mark.clause("PF-5.10.7.1", "PF-7/CPC Prison.3")
def test_everybody_has_the_consoles_of_their_posts_and_no_other(posts: House) -> None:
    expected = {
        "cora.cpc": ["cpc"],
        "cec.support": ["central-support"],
        "ada.admin": ["administrator"],
        "lena.lead": ["visor-lead"],
        "gus.governor": ["governor"],
        "piers.pgd": ["group-director"],
        "reg.rpd": ["regional-director"],
        "hetty.hopp": ["public-protection"],
        "sue.sro": ["sro"],
    }
    for username, codes in expected.items():
        assert [tab["code"] for tab in ask(posts, username, "consoles.mine")["tabs"]] == codes
    with pytest.raises(NotFound):
        ask(posts, "lena.lead", "consoles.read", code="cpc")
    with pytest.raises(Refusal) as nobody:
        ask(posts, "ann.ash", "consoles.mine")
    assert nobody.value.code == "R32"


@pytest.mark.clause("PF-4.1")
def test_a_regional_director_sees_vetting_coverage_and_staff(posts: House) -> None:
    codes = {line["href"].rsplit("/", 1)[1] for line in ask(posts, "reg.rpd", "consoles.mine")["reports"]}
    assert {"rpt-01", "rpt-03", "rpt-26"} <= codes


@pytest.mark.clause("PF-7/CPC Prison.1")
def test_a_prison_cpc_assures_and_owns_nothing(posts: House) -> None:
    def offers(username: str) -> set[str]:
        found = ask(posts, username, "consoles.read", code="cpc")
        return {offer["text"] for group in found["groups"] for offer in group["offers"]}

    assert "Partnership requests" in offers("cora.cpc")
    assert "Partnership requests" not in offers("gail.gcpc")
    assert {"Terminals awaiting approval", "Prison returns to be confirmed"} <= offers("gail.gcpc")
    assert "Terminals awaiting approval" not in offers("cora.cpc")


@pytest.mark.clause("PSI-3.1", "PF-0.4.2")
def test_the_governor_of_a_contracted_prison_is_its_director(posts: House) -> None:
    assert ask(posts, "gus.governor", "consoles.mine")["title"] == "Governor"
    with posts.runtime.system_work("test.contract") as work:
        work.session.get_one(Unit, "prison-WSI").contracted = True
    assert ask(posts, "gus.governor", "consoles.mine")["title"] == "Director"


@pytest.mark.clause("PF-5.2")
def test_a_group_shares_one_view_of_its_prisons(posts: House) -> None:
    for username in ("gail.gcpc", "piers.pgd"):
        places = {place["code"]: place for place in ask(posts, username, "consoles.mine")["places"]}
        assert set(places) == {"group-LNDN", "prison-WSI", "prison-PVI"}
        assert places["prison-PVI"]["uncovered"] == 2
        assert places["prison-PVI"]["kind"] == "Prison"
    assert {place["code"] for place in ask(posts, "lena.lead", "consoles.mine")["places"]} == {"prison-WSI"}


def test_each_queue_counts_what_its_page_shows(posts: House) -> None:
    posts.add("new.comer", "pdu-N55LEE", state="requested", vetting=None)
    posts.add("old.comer", "area-52", state="requested", vetting=None)
    found = ask(posts, "cora.cpc", "consoles.read", code="cpc")
    counts = {offer["text"]: offer["count"] for group in found["groups"] for offer in group["offers"]}
    assert counts["Account requests to authorise"] == 1
    assert counts["Accounts not used"] == 0


def test_a_proposal_waits_for_another_than_who_made_it(posts: House) -> None:
    posts.add("ned.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    wanted = {
        "value": "10 calendar days",
        "in_force_from": posts.today + timedelta(days=9),
        "in_force_to": None,
    }
    run(
        posts,
        "ada.admin",
        "policy.propose",
        key="rotl.check_lasts",
        source="National user group of February 2026, item 4",
        **wanted,
    )

    def waits(username: str, code: str) -> int | None:
        found = ask(posts, username, "consoles.read", code=code)
        counts = {offer["text"]: offer["count"] for group in found["groups"] for offer in group["offers"]}
        number: int | None = counts["Changes of national policy to confirm"]
        return number

    assert waits("ada.admin", "administrator") == 0
    assert waits("ned.admin", "administrator") == 1
    assert waits("sue.sro", "sro") == 1


@pytest.mark.clause("PF-3d", "PF-5.7", "PF-5.9-H.1")
def test_completeness_checks_deadlines_and_log_ons_stand_on_one_page_each_drawn_by_its_own_service(
    app: Flask, posts: House
) -> None:
    of_prisons = {
        "/records/reports/rpt-06/chart",
        "/notifications/reports/rpt-08/chart",
        "/identity/reports/rpt-04/chart",
    }
    pictures = of_prisons | {"/records/reports/rpt-07/chart"}
    for username, drawn in (
        ("gus.governor", of_prisons),
        ("piers.pgd", of_prisons),
        ("gail.gcpc", pictures),
        ("cora.cpc", pictures),
    ):
        found = ask(posts, username, "consoles.dashboard")["figures"]
        assert {one["picture"] for one in found} == drawn
        console = ask(posts, username, "consoles.mine")
        offers = {offer["href"] for group in console["groups"] for offer in group["offers"]}
        assert "/identity/dashboard" in offers
    for nobody in ("ann.ash", "ada.admin", "cec.support"):
        with pytest.raises(Refusal) as refused:
            ask(posts, nobody, "consoles.dashboard")
        assert refused.value.code == "R32"
    browser = Browser(app, posts, SCRUBS.address, SCRUBS.device_key)
    browser.sign_in("gail.gcpc")
    text = browser.get("/identity/dashboard").text
    assert all(f'src="{one}"' in text for one in pictures)
    assert browser.get("/identity/reports/rpt-04/chart").status_code == 200


@pytest.mark.clause("PF-5.9-H.1")
def test_log_ons_of_a_group_are_drawn_prison_by_prison(posts: House) -> None:
    posts.add("una.user", "prison-PVI")
    with posts.runtime.system_work("test.chart") as work:
        work.principal = principal(posts, "gail.gcpc")
        assert {point[0] for point in active_by_unit(work, place="", show="all")} >= {
            name_of(posts, "prison-WSI"),
            name_of(posts, "prison-PVI"),
        }


def name_of(house: House, unit: str) -> str:
    (found,) = [row for row in house.rows(Unit) if row.code == unit]
    return str(found.name)


@pytest.mark.clause("PS-16", "PF-2.3.1")
def test_training_support_quality_and_governance_are_on_the_cpcs_console(posts: House) -> None:
    console = ask(posts, "cora.cpc", "consoles.mine")
    offers = {offer["href"] for group in console["groups"] for offer in group["offers"]}
    assert offers >= {
        "/identity/training/sessions",  # training
        "/identity/questions",  # support
        "/identity/dashboard",  # quality
        "/identity/log-on-audits",  # monitoring
        "/identity/reports/rpt-03?show=gaps",  # governance
        "/identity/units/area-53/assurance",
    }


def test_every_console_has_something_to_offer() -> None:
    offered = {console.code for offer in (*OFFERS, *UNIT_OFFERS) for console in offer.consoles}
    assert offered == {console.code for console in CONSOLES}


@pytest.mark.parametrize("username", HOLDERS)
def test_every_page_that_a_console_offers_opens(app: Flask, posts: House, username: str) -> None:
    unit, _, _, address, device = HOLDERS[username]
    browser = Browser(app, posts, address, device)
    browser.sign_in(username)
    assert "Console" in browser.get("/identity/my-access").text
    found = ask(posts, username, "consoles.mine")
    lines = [*found["reports"], *(offer for group in found["groups"] for offer in group["offers"])]
    assert lines
    shut = {
        line["href"]: answer.status_code
        for line in lines
        if line["href"].startswith("/identity/") and (answer := browser.get(line["href"])).status_code != 200
    }
    assert shut == {}, unit


@pytest.mark.clause("PI-A.4")
def test_my_access_says_what_ends_and_takes_a_question(app: Flask, posts: House) -> None:
    with posts.runtime.system_work("test.end") as work:
        grant = work.session.query(TokenGrant).filter_by(person_id=posts.people["ann.ash"]).one()
        grant.valid_to = posts.today + timedelta(days=20)
    mine = ask(posts, "ann.ash", "accounts.mine")
    assert mine["ending"] == [{"what": "Partner, Leeds", "last_day": posts.today + timedelta(days=20)}]
    browser = Browser(app, posts, LEEDS.address)
    browser.sign_in("ann.ash")
    assert "What ends soon" in browser.get("/identity/my-access").text
    asked = browser.post("/identity/my-access/questions/new", {"text": "Why can I not create a record?"})
    assert asked.status_code == 303
    (kept,) = posts.rows(AccessQuestion)
    assert b"create" not in kept.text
    (event,) = posts.events("identity.access.asked")
    assert told(event) == {("admin", str(posts.people["ada.admin"])), ("cpc", str(posts.people["cora.cpc"]))}
    for reader, number in (("ada.admin", 1), ("cora.cpc", 1), ("gail.gcpc", 0)):
        assert len(ask(posts, reader, "questions.waiting", page=1)["questions"]) == number
    with pytest.raises(Refusal):
        run(posts, "gail.gcpc", "questions.answer", question_id=kept.id, answer="Because.")
    run(posts, "ada.admin", "questions.answer", question_id=kept.id, answer="You need the create token.")
    assert "You need the create token" in browser.get("/identity/my-questions").text
    with pytest.raises(Refusal) as twice:
        run(posts, "cora.cpc", "questions.answer", question_id=kept.id, answer="Because.")
    assert twice.value.code == "R34"


@pytest.mark.clause("PF-4.8", "PI-A.4")
def test_a_cpc_asks_whoever_appoints_the_cpc_about_their_own_access(posts: House) -> None:
    def asked(username: str) -> tuple[str, str | None]:
        found = ask(posts, username, "accounts.mine")["cpc"]
        return found.what, found.name

    assert asked("ann.ash") == ("Central Point of Contact", "Cora Cpc")
    assert asked("cora.cpc") == ("Whoever appoints the CPC", "Hetty Hopp")
    assert asked("gail.gcpc") == ("Whoever appoints the CPC", "Piers Pgd")


PLAN = {"need": "Uses a screen reader", "adjustment": "Reads by Mina", "administrator": "lou.lpc"}


@pytest.mark.clause("PF-0.2.1", "PF-6.7")
def test_a_plan_of_adjustments_is_read_by_whom_it_concerns_alone(posts: House) -> None:
    ann = posts.people["ann.ash"]
    run(posts, "sam.spo", "adjustments.plan", person_id=ann, **PLAN)
    for reader in ("ann.ash", "sam.spo", "lou.lpc", "cora.cpc"):
        assert ask(posts, reader, "adjustments.read", person_id=ann)["plan"]["need"] == PLAN["need"]
    for stranger in ("cec.support", "gail.gcpc", "ada.admin"):
        with pytest.raises(Refusal):
            ask(posts, stranger, "adjustments.read", person_id=ann)
    with pytest.raises(Refusal) as own:
        run(posts, "sam.spo", "adjustments.plan", person_id=posts.people["sam.spo"], **PLAN)
    assert own.value.code == "R23"
    with pytest.raises(Invalid) as herself:
        run(posts, "sam.spo", "adjustments.plan", person_id=ann, **{**PLAN, "administrator": "ann.ash"})
    assert set(herself.value.errors) == {"administrator"}
    run(posts, "sam.spo", "adjustments.end_plan", person_id=ann)
    assert ask(posts, "ann.ash", "adjustments.read", person_id=ann)["plan"] is None


def exempt(house: House, **more: Any) -> None:
    given = {
        "options_tried": "Three screen readers and a magnifier were tried.",
        "exempt_from": house.today,
        "review_on": house.today + timedelta(days=180),
    }
    run(house, "sam.spo", "adjustments.exempt", person_id=house.people["ann.ash"], **{**given, **more})


def assistive(house: House, username: str, show: str = "all") -> list[dict[str, Any]]:
    found = ask(house, username, "reports.rpt_22", show=show, sort="", page=1)
    return list(found.rows)


@pytest.mark.clause("PF-0.2.3")
def test_who_is_exempt_is_in_no_count_of_log_ons(posts: House) -> None:
    def flag() -> str | None:
        found = ask(posts, "cora.cpc", "reports.rpt_04", place="leeds", show="all", sort="", page=1)
        flags: dict[str, str | None] = {row["name"]: row["flag"] for row in found.rows}
        return flags["Ann Ash"]

    posts.clock.at += timedelta(days=100)
    assert flag() == "None in 90 days"
    exempt(posts)
    assert flag() == "Exempt"
    (row,) = assistive(posts, "cora.cpc")
    assert (row["name"], row["state"], row["manager"]) == ("Ann Ash", "Exempt", "Sam Spo")
    assert "need" not in row
    assert assistive(posts, "gail.gcpc") == []
    posts.clock.at += timedelta(days=181)
    assert [row["state"] for row in assistive(posts, "cora.cpc", "overdue")] == ["Review overdue"]
    with pytest.raises(Invalid) as too_long:
        exempt(posts, review_on=posts.today + timedelta(days=400))
    assert set(too_long.value.errors) == {"review_on"}


@pytest.mark.clause("PF-5.9-H.2", "PF-5.9-H.3", "PF-7/ViSOR Lead.5")
def test_the_lead_confirms_the_return_that_the_data_filled_in(app: Flask, posts: House) -> None:
    posts.add("hal.hall", "prison-WSI", tokens=(("partner", "prison-WSI"),))
    posts.add("una.untrained", "prison-WSI", trained=False)
    with posts.runtime.system_work("test.leave") as work:
        work.session.get_one(Person, posts.people["una.untrained"]).left_on = posts.today - timedelta(days=10)
    posts.sign_in("hal.hall", SCRUBS)
    posts.clock.at += timedelta(days=31)
    found = ask(posts, "lena.lead", "prison_returns.draft", unit="prison-WSI")
    assert found["figures"] | {"users": 4, "trained": 3, "logged_on": 1, "log_ons": 1} == found["figures"]
    assert (found["figures"]["joined"], found["figures"]["not_logged_on"]) == (4, 3)
    with pytest.raises(Invalid):
        run(posts, "lena.lead", "prison_returns.confirm", unit="prison-WSI", note="", checked=False)
    with pytest.raises(Refusal) as other:
        run(posts, "gus.governor", "prison_returns.confirm", unit="prison-WSI", note="", checked=True)
    assert other.value.code == "R32"
    run(posts, "lena.lead", "prison_returns.confirm", unit="prison-WSI", note="One joined.", checked=True)
    (event,) = posts.events("identity.prison_return.confirmed")
    assert told(event) == {
        ("cpc", str(posts.people["gail.gcpc"])),
        ("operational_support_group", str(NOBODY)),
    }
    (kept,) = posts.rows(PrisonReturn)
    posts.add("later.comer", "prison-WSI")
    read = ask(posts, "gail.gcpc", "prison_returns.read", return_id=kept.id)
    assert read["figures"]["users"] == 4
    with pytest.raises(Refusal):
        ask(posts, "cora.cpc", "prison_returns.read", return_id=kept.id)
    with pytest.raises(Refusal) as again:
        run(posts, "lena.lead", "prison_returns.confirm", unit="prison-WSI", note="", checked=True)
    assert again.value.code == "R34"
    rows = {row["unit_name"]: row for row in ask(posts, "gail.gcpc", "reports.rpt_19", sort="", page=1).rows}
    assert rows["Wormwood Scrubs"]["name"] == "Lena Lead"
    assert rows["Wormwood Scrubs"]["users"] == 5


def test_the_national_pages(app: Flask, posts: House) -> None:
    browser = Browser(app, posts, HOME_OFFICE.address)
    browser.sign_in("ada.admin")
    page = browser.get("/identity/consoles").text
    assert "Tokens to set" in page
    for report in ("rpt-03", "rpt-04", "rpt-19", "rpt-22"):
        assert browser.get(f"/identity/reports/{report}").status_code == 200
        assert browser.get(f"/identity/reports/{report}/csv").status_code == 200
    assert browser.get("/identity/prison-returns/of/prison-WSI").status_code == 200
    assert browser.get(f"/identity/people/{posts.people['ada.admin']}/adjustments").status_code == 200
