"""Regions' plans for enough staff with their reviews, and the workload of administrators: RPT-26's other parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.identity.staffing import plans
from services.identity.staffing.models import RegionPlan
from services.identity.staffing.workload import take_workload
from shared.events.envelope import Event
from shared.events.records.workload import WORKLOAD_COUNTED
from shared.files import Arriving
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work
from tests.services.files.visitor import PDF
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import LEEDS, House
from tests.services.identity.test_training_staffing import refused, rows

DAYS = timedelta(days=1)
REGION, PLAN = "region-N55", "/identity/staffing/regions/region-N55/plan"
SAYS = "Twelve administrators are vetted and trained by Easter."


@pytest.fixture
def region(house: House) -> House:
    """Rita directs the region in which Leeds lies, Cora is CPC of an area of it; Gus governs a prison elsewhere."""
    house.add("cora.cpc", "area-53", vetting=("nppv3", -100, 300), tokens=(("cpc", "area-53"),))
    house.add("rita.director", REGION, roles=(("regional_probation_director", REGION),))
    house.add("gus.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    house.add("carl.case", "pdu-N55LEE", roles=(("case_administrator", "pdu-N55LEE"),))
    return house


def arrived(house: House) -> Arriving:
    arriving = house.runtime.files.arrive("plan.pdf", 10_000)
    arriving.write(PDF)
    arriving.seek(0)
    return arriving


def put_in(house: House, by: str = "rita.director", review_in: int = 90) -> UUID:
    given = {"document": arrived(house), "says": SAYS, "review_on": house.today + review_in * DAYS}
    return UUID(run(house, by, "staffing.set_plan", region=REGION, **given)["id"])


def plan_of(house: House, by: str) -> Mapping[str, Any]:
    (line,) = rows(house, by, "rpt_26_plans")
    return line


@pytest.mark.clause("PF-4.11.4")
def test_each_region_has_its_plan_with_the_day_of_its_review(region: House) -> None:
    assert (plan_of(region, "cora.cpc")["region_name"], plan_of(region, "cora.cpc")["state"]) == (
        "Yorkshire and the Humber",
        "No plan",
    )
    first = put_in(region)
    line = plan_of(region, "cora.cpc")
    assert (line["state"], line["says"], line["review_on"]) == (
        "In force",
        SAYS,
        (region.today + 90 * DAYS).isoformat(),
    )
    (kept,) = region.events("identity.region_plan.kept")
    assert (kept.data["plan_id"], kept.data["region"]) == (str(first), REGION)
    assert region.events("identity.region_plan.replaced") == []
    region.clock.at += 90 * DAYS
    assert plan_of(region, "cora.cpc")["state"] == "In force"
    region.clock.at += DAYS
    assert plan_of(region, "cora.cpc")["state"] == "Review overdue"
    second = put_in(region)
    assert plan_of(region, "cora.cpc")["state"] == "In force"
    (replaced,) = region.events("identity.region_plan.replaced")
    assert replaced.data["plan_id"] == str(first)
    assert {row.id: row.superseded_at is None for row in region.rows(RegionPlan)} == {
        first: False,
        second: True,
    }


@pytest.mark.clause("PF-4.11.4")
def test_who_puts_a_plan_in_and_what_is_none(region: House) -> None:
    given = {"document": arrived(region), "says": SAYS, "review_on": region.today + DAYS}
    for name in ("cora.cpc", "gus.governor", "carl.case"):
        assert refused(region, name, "staffing.set_plan", region=REGION, **given) == "R32"
    with pytest.raises(NotFound):
        run(region, "rita.director", "staffing.set_plan", region="pdu-N55LEE", **given)
    for days, expected in ((0, "must be in the future"), (366, "or earlier")):
        with pytest.raises(Invalid) as wrong:
            put_in(region, review_in=days)
        assert expected in wrong.value.errors["review_on"][0]
    assert region.rows(RegionPlan) == []
    for days in (1, 365):
        put_in(region, review_in=days)


@pytest.mark.parametrize("before", [False, True])
def test_two_who_put_a_plan_in_at_one_moment_leave_one_standing(
    region: House, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    """Where none stands yet, both have seen that before either puts theirs in."""
    if before:
        put_in(region)
    gate, look = Barrier(2), plans._current

    def together(work: Work, code: str) -> RegionPlan | None:
        found = None if before else look(work, code)
        gate.wait(10)
        return look(work, code) if before else found

    monkeypatch.setattr(plans, "_current", together)
    region.add("rolf.director", REGION, roles=(("regional_probation_director", REGION),))

    def put(name: str) -> str:
        try:
            put_in(region, name)
        except Refusal as refusal:
            return refusal.code
        return "in"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(put, ["rita.director", "rolf.director"]))
    assert outcomes == ["R34", "in"] or (before and outcomes == ["in", "in"])
    assert [row.superseded_at for row in region.rows(RegionPlan)].count(None) == 1


@pytest.mark.clause("PF-4.11.4")
def test_the_pages_of_a_plan(region: House, app: Flask) -> None:
    rita = Browser(app, region, LEEDS.address)
    rita.sign_in("rita.director")
    form = {"says": SAYS, "document": (BytesIO(PDF), "plan.pdf")}
    day = region.today + 30 * DAYS
    reviewed = {"review_on-day": day.day, "review_on-month": day.month, "review_on-year": day.year}
    assert rita.post(f"{PLAN}/new", form | reviewed).status_code == 303
    page = rita.get("/identity/reports/rpt-26-plans").text
    assert "Yorkshire and the Humber" in page
    assert f"{PLAN}/new" in page
    (plan,) = region.rows(RegionPlan)
    [link] = re.findall(r'href="([^"]*/document)"', page)
    document = rita.get(link)
    assert (document.status_code, document.data) == (200, PDF)
    carl = Browser(app, region, LEEDS.address)
    carl.sign_in("carl.case")
    assert carl.get(f"/identity/api/staffing/plans/{plan.id}/document").status_code == 403
    assert carl.get(f"{PLAN}/new").status_code == 403
    cora = Browser(app, region, "10.6.0.7")
    cora.sign_in("cora.cpc")
    page = cora.get("/identity/reports/rpt-26-plans").text
    assert SAYS in page
    assert f"{PLAN}/new" not in page


def test_nothing_is_called_by_what_the_database_cannot_keep(region: House, app: Flask) -> None:
    rita = Browser(app, region, LEEDS.address)
    rita.sign_in("rita.director")
    for address in (f"{PLAN}/new", "/identity/units/region-N55/posts", "/identity/documents/region-N55"):
        assert rita.get(address.replace("region-N55", "region-N55%00")).status_code == 404, address


def counted(house: House, on: date, *people: tuple[UUID, int, int, int]) -> None:
    names = ("person_id", "manages", "level_1", "partner_of")
    told = [dict(zip(names, one, strict=True)) for one in people]
    event = Event.of(
        WORKLOAD_COUNTED,
        {"counted_on": on, "people": told},
        id=new_id(),
        occurred_at=house.clock.now(),
        aggregate=("agency", new_id()),
        actor=None,
        correlation_id=None,
    )
    with house.runtime.system_work("test.event") as work:
        take_workload(work, event)


@pytest.mark.clause("PF-0.11.3")
def test_each_administrators_workload_stands_beside_the_staff_of_their_units(region: House) -> None:
    region.add("pat.prison", "prison-WSI", roles=(("prison_administrator", "prison-WSI"),))
    carl, pat = region.people["carl.case"], region.people["pat.prison"]
    (line,) = rows(region, "cora.cpc", "rpt_26_workload")
    assert (line["name_id"], line["manages"], line["counted_on"]) == (str(carl), None, None)
    today = region.today
    counted(region, today, (carl, 41, 12, 60), (pat, 0, 0, 300), (new_id(), 1, 1, 1))
    counted(region, today - DAYS, (carl, 2, 1, 3))
    (line,) = rows(region, "cora.cpc", "rpt_26_workload")
    assert [line[name] for name in ("name_id", "manages", "level_1", "partner_of")] == [str(carl), 41, 12, 60]
    (line,) = rows(region, "gus.governor", "rpt_26_workload")
    assert [line[name] for name in ("name_id", "manages", "partner_of")] == [str(pat), 0, 300]
    counted(region, today + DAYS, (carl, 40, 12, 60))
    assert rows(region, "cora.cpc", "rpt_26_workload")[0]["manages"] == 40
    with pytest.raises(Refusal):
        rows(region, "carl.case", "rpt_26_workload")
