"""What units need and have, who declares an area staffed, and RPT-26."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.service import service
from services.identity.staffing.models import StaffingDeclaration, StaffingTarget
from services.identity.training.models import Trainer
from shared.refusals import Invalid, NotFound, Refusal
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House

PROBATION = {
    "senior_probation_officer": 1,
    "probation_officer": 4,
    "probation_service_officer": 0,
    "mappa_staff": 0,
    "case_administrator": 2,
    "mappa_administrator": 0,
    "visor_administrator": 0,
    "agreed": None,
    "factor": None,
    "plan": "Two more are booked",
}
PRISON = {
    "homd": 1,
    "homs": 1,
    "prison_offender_manager": 5,
    "prison_case_administrator": 2,
    "security_staff": 3,
    "agreed": None,
    "factor": None,
    "plan": None,
}


@pytest.fixture
def area(house: House) -> House:
    """Cora is CPC of West Yorkshire, Rita directs the region, Hope heads Leeds, Gus governs Wormwood Scrubs."""
    house.add("cora.cpc", "area-53", vetting=("nppv3", -100, 300), tokens=(("cpc", "area-53"),))
    house.add("rita.director", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    house.add("hope.head", "pdu-N55LEE", roles=(("head_of_pdu", "pdu-N55LEE"),))
    house.add("gus.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    return house


def ask(house: House, by: str, query: str, **given: Any) -> Any:
    return house.runtime.ask(service.declarations.queries[query], principal(house, by), given)


def refused(house: House, by: str, command: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        run(house, by, command, **given)
    return refusal.value.code


def propose(house: House, by: str = "cora.cpc", *, sufficient: bool = True) -> UUID:
    reason = "Nine in ten are vetted and trained"
    run(house, by, "staffing.propose", area="area-53", sufficient=sufficient, reason=reason)
    (waiting,) = [row for row in house.rows(StaffingDeclaration) if row.decided_at is None]
    return UUID(str(waiting.id))


def rows(house: House, by: str, code: str, **given: Any) -> list[Mapping[str, Any]]:
    """One page of a report, as its JSON has it."""
    declared = service.declarations.queries[f"reports.{code}"]
    loaded = {**declared.input().load({}), **given}
    answer = house.runtime.ask(declared, principal(house, by), loaded)
    dumped: Any = declared.answer().dump(answer)
    found: list[Mapping[str, Any]] = dumped["rows"]
    return found


@pytest.mark.clause("PF-3a")
def test_the_cpc_states_and_the_regional_director_signs(area: House) -> None:
    declaration = propose(area)
    assert ask(area, "cora.cpc", "staffing.area", area="area-53")["sufficient"] is False
    assert refused(area, "cora.cpc", "staffing.confirm", declaration_id=declaration) == "R32"
    assert area.events("identity.staffing.sufficient") == []
    run(area, "rita.director", "staffing.confirm", declaration_id=declaration)
    (fact,) = area.events("identity.staffing.sufficient")
    assert fact.data == {
        "declaration_id": str(declaration),
        "area": "area-53",
        "sufficient": True,
        "from_day": area.today.isoformat(),
    }
    seen = ask(area, "cora.cpc", "staffing.area", area="area-53")
    assert (seen["sufficient"], seen["may_propose"], seen["open"]) == (True, True, None)
    assert [one["sufficient"] for one in ask(area, "hope.head", "staffing.areas")["areas"]] == [False, True]
    assert refused(area, "rita.director", "staffing.confirm", declaration_id=declaration) == "R34"


@pytest.mark.clause("PF-3a")
def test_who_states_it_and_how_it_is_taken_back(area: House) -> None:
    given = {"area": "area-53", "sufficient": True, "reason": "All are trained by now"}
    for name in ("rita.director", "hope.head", "gus.governor"):
        assert refused(area, name, "staffing.propose", **given) == "R24"
    with pytest.raises(NotFound):
        run(area, "cora.cpc", "staffing.propose", **{**given, "area": "pdu-N55LEE"})
    assert refused(area, "cora.cpc", "staffing.propose", **{**given, "sufficient": False}) == "R34"
    declaration = propose(area)
    assert refused(area, "cora.cpc", "staffing.propose", **given) == "R34"
    reason = "Leeds is short of administrators"
    run(area, "rita.director", "staffing.decline", declaration_id=declaration, reason=reason)
    (told,) = area.events("identity.staffing.decided")
    assert told.data["outcome"] == "declined"
    run(area, "rita.director", "staffing.confirm", declaration_id=propose(area))
    run(area, "rita.director", "staffing.confirm", declaration_id=propose(area, sufficient=False))
    assert [fact.data["sufficient"] for fact in area.events("identity.staffing.sufficient")] == [True, False]


@pytest.mark.clause("PF-3a")
def test_who_holds_both_offices_still_needs_a_second_person(area: House) -> None:
    area.add(
        "bo.both",
        "area-52",
        vetting=("nppv3", -9, 99),
        tokens=(("cpc", "area-52"),),
        roles=(("regional_probation_director", "region-N55"),),
    )
    run(area, "bo.both", "staffing.propose", area="area-52", sufficient=True, reason="All are trained")
    (waiting,) = area.rows(StaffingDeclaration)
    assert refused(area, "bo.both", "staffing.confirm", declaration_id=waiting.id) == "R23"
    run(area, "rita.director", "staffing.confirm", declaration_id=waiting.id)


@pytest.mark.clause("PF-3a")
def test_two_who_sign_at_one_moment_sign_once(area: House) -> None:
    area.add("rolf.director", "region-N55", roles=(("regional_probation_director", "region-N55"),))
    declaration = propose(area)

    def sign(name: str) -> str:
        try:
            run(area, name, "staffing.confirm", declaration_id=declaration)
        except Refusal as refusal:
            return refusal.code
        return "signed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, ["rita.director", "rolf.director"])) == ["R34", "signed"]
    assert len(area.events("identity.staffing.sufficient")) == 1


@pytest.mark.clause("PF-7/Sufficient numbers.1", "PF-7/Sufficient numbers.2", "PF-4.2", "PF-4.8/t.5")
def test_the_head_says_what_is_needed_and_why_less_is_enough(area: House) -> None:
    run(area, "hope.head", "staffing.set_probation_target", unit="pdu-N55LEE", **PROBATION)
    (line,) = rows(area, "hope.head", "rpt_26")
    assert (line["ideal"], line["needed"], line["actual"], line["short"]) == (7, 7, 1, 6)
    assert (line["state"], line["plan"], line["parent_name"]) == (
        "Short",
        "Two more are booked",
        "West Yorkshire",
    )
    with pytest.raises(Invalid) as invalid:
        run(
            area,
            "hope.head",
            "staffing.set_probation_target",
            unit="pdu-N55LEE",
            **{**PROBATION, "agreed": 2},
        )
    assert set(invalid.value.errors) == {"factor"}
    less = {**PROBATION, "agreed": 1, "factor": "One office has no LAN until May"}
    run(area, "hope.head", "staffing.set_probation_target", unit="pdu-N55LEE", **less)
    (line,) = rows(area, "cora.cpc", "rpt_26", kind="probation")
    assert (line["needed"], line["short"], line["state"]) == (1, 0, "Sufficient")
    assert line["factor"] == "One office has no LAN until May"
    seen = ask(area, "cora.cpc", "staffing.unit", unit="pdu-N55LEE")
    assert [one["needed"] for one in (seen["target"], *seen["earlier"])] == [1, 7]
    assert refused(area, "gus.governor", "staffing.set_probation_target", unit="pdu-N55LEE", **less) == "R32"
    with pytest.raises(NotFound):
        run(area, "hope.head", "staffing.set_prison_target", unit="pdu-N55LEE", **PRISON)


@pytest.mark.clause("PF-5.3", "PF-5.5/t.4", "PF-7/sufficient numbers of Prison staff")
def test_a_governor_sees_what_the_prison_has_and_needs(area: House) -> None:
    area.add("pam.pom", "prison-WSI")
    area.add("pat.pom", "prison-WSI", trained=False)
    area.add("una.unvetted", "prison-WSI", vetting=None)
    area.add("dan.disabled", "prison-WSI", state="disabled")
    run(area, "gus.governor", "staffing.set_prison_target", unit="prison-WSI", **PRISON)
    (line,) = rows(area, "gus.governor", "rpt_26")
    assert (line["unit_name"], line["ideal"], line["needed"]) == ("Wormwood Scrubs", 12, 12)
    assert (line["actual"], line["waiting"], line["short"]) == (2, 1, 10)
    assert rows(area, "gus.governor", "rpt_26", kind="probation") == []
    assert rows(area, "gus.governor", "rpt_26", state="Sufficient") == []


@pytest.mark.clause("PF-0.2.3", "PF-7/Sufficient numbers.1")
def test_who_is_exempt_is_neither_needed_nor_counted(area: House) -> None:
    area.add("pam.pom", "prison-WSI")
    area.add("pat.pom", "prison-WSI", trained=False)
    run(area, "gus.governor", "staffing.set_prison_target", unit="prison-WSI", **PRISON)
    days = {"exempt_from": area.today, "review_on": area.today + timedelta(days=180)}
    for name in ("pam.pom", "pat.pom"):
        tried = {"person_id": area.people[name], "options_tried": "Three screen readers"}
        run(area, "gus.governor", "adjustments.exempt", **tried, **days)
    (line,) = rows(area, "gus.governor", "rpt_26")
    found = {name: line[name] for name in ("ideal", "exempt", "needed", "actual", "waiting", "short")}
    assert found == {"ideal": 12, "exempt": 2, "needed": 10, "actual": 1, "waiting": 0, "short": 9}
    seen = ask(area, "gus.governor", "staffing.unit", unit="prison-WSI")
    assert (seen["exempt"], seen["actual"], seen["target"]["needed"]) == (2, 1, 10)
    run(area, "gus.governor", "adjustments.end_exemption", person_id=area.people["pam.pom"])
    (line,) = rows(area, "gus.governor", "rpt_26")
    assert (line["exempt"], line["needed"], line["actual"]) == (1, 11, 2)


@pytest.mark.clause("PF-4.2")
def test_two_who_save_a_target_at_one_moment_leave_one_standing(area: House) -> None:
    def save(name: str) -> str:
        try:
            run(area, name, "staffing.set_probation_target", unit="pdu-N55LEE", **PROBATION)
        except Refusal as refusal:
            return refusal.code
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(save, ["hope.head", "cora.cpc"]))
    assert outcomes in (["saved", "saved"], ["R34", "saved"])
    assert [row.superseded_at for row in area.rows(StaffingTarget)].count(None) == 1


@pytest.mark.clause("PF-4.5.1")
def test_trainers_are_counted_per_region_for_every_region_to_see(area: House) -> None:
    with area.runtime.system_work("test.trainers") as work:
        for name, first, last in (("A", -10, 400), ("B", -10, 30), ("C", -99, -1)):
            work.session.add(
                Trainer(
                    name=name,
                    employer="hmpps",
                    region="region-N55",
                    trained_on=date.fromordinal(area.today.toordinal() + first),
                    first_day=date.fromordinal(area.today.toordinal() + first),
                    last_day=date.fromordinal(area.today.toordinal() + last),
                    recorded_by=area.people["cora.cpc"],
                    recorded_at=work.system_now,
                )
            )
    by_region = {row["region_name"]: row for row in rows(area, "gus.governor", "rpt_26_trainers")}
    assert (
        by_region["Yorkshire and the Humber"]["listed"],
        by_region["Yorkshire and the Humber"]["ending"],
    ) == (2, 1)
    assert by_region["London"]["listed"] == 0


@pytest.mark.clause("PS-17", "PS-10")
def test_the_programme_has_its_days_and_a_region_may_set_its_own(area: House) -> None:
    area.add("nora.new", "pdu-N55LEE", trained=False)
    spo, trained = rows(area, "cora.cpc", "rpt_26_programme")
    assert (spo["day"], trained["day"]) == ("2022-03-31", "2023-05-31")
    assert (trained["people"], trained["reached"], trained["state"]) == (3, 2, "Late")
    given = {
        "milestone": "all_trained",
        "day": date(2026, 9, 30),
        "reason": "New staff came from another region",
    }
    assert refused(area, "cora.cpc", "staffing.set_programme_date", region="region-N55", **given) == "R32"
    run(area, "rita.director", "staffing.set_programme_date", region="region-N55", **given)
    _, trained = rows(area, "cora.cpc", "rpt_26_programme")
    assert (trained["day"], trained["whose"], trained["state"]) == ("2026-09-30", "The region", "Running")


def test_the_pages(area: House, app: Flask) -> None:
    hope = Browser(app, area, LEEDS.address)
    hope.sign_in("hope.head")
    unit = "/identity/staffing/units/pdu-N55LEE"
    assert "No target" in hope.get(unit).text
    form = {name: str(value) for name, value in PROBATION.items() if value is not None}
    assert hope.post(f"{unit}/probation", form).status_code == 303
    assert "Two more are booked" in hope.get(unit).text
    report = hope.get("/identity/reports/rpt-26").text
    assert "Leeds" in report
    assert "Wormwood" not in report
    assert hope.get("/identity/reports/rpt-26-trainers").status_code == 200
    assert hope.get("/identity/reports/rpt-26-programme").status_code == 200
    assert hope.get("/identity/staffing/areas").status_code == 200
    cora = Browser(app, area, "10.6.0.7")
    cora.sign_in("cora.cpc")
    page = "/identity/staffing/areas/area-53/propose"
    cora.confirm(page)
    sent = cora.post(page, {"sufficient": "true", "reason": "Nine in ten are trained"})
    assert sent.status_code == 303
    assert "Waits for the signature" in cora.get("/identity/staffing/areas/area-53").text
    assert cora.get("/identity/staffing/units/prison-WSI").status_code == 403
