"""RPT-01 and RPT-18: who is vetted, trained and has signed, as each reader may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from services.identity.documents.library import ensure_library
from services.identity.documents.models import DocumentVersion
from shared.refusals import Refusal
from tests.services.identity.acting import ask, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House

NPPV3 = ("nppv3", -100, 900)


@pytest.fixture
def staffed(house: House) -> House:
    with house.runtime.system_work("test.library") as work:
        ensure_library(work)
    house.add("sue.sro", "home-office", vetting=NPPV3, roles=(("sro", "home-office"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("gail.governor", "prison-WSI", roles=(("governor", "prison-WSI"),))
    house.add("vera.vetted", "prison-WSI", trained=False)
    house.add("ned.neither", "prison-WSI", vetting=None, trained=False)
    house.add("ola.overdue", "prison-WSI", vetting=("nppv2", -300, -5))
    house.add("eve.elsewhere", "prison-PVI")
    house.add("ann.ash", "pdu-N55LEE", vetting=None)
    return house


def rows(house: House, by: str, report: str = "rpt_01", **filters: Any) -> list[dict[str, Any]]:
    given = {"state": "", "training": "", "sort": "", "page": 1, **filters}
    return [dict(row) for row in ask(house, by, f"reports.{report}", **given).rows]


@pytest.mark.clause("PF-5.6.2", "PF-4.3.1")
def test_a_governor_sees_the_own_prison_and_who_is_overdue_first(staffed: House) -> None:
    found = rows(staffed, "gail.governor")
    assert [(row["name"], row["status"], row["training"]) for row in found] == [
        ("Ola Overdue", "Expired or revoked", "Passed"),
        ("Ned Neither", "Not started", "To do"),
        ("Gail Governor", "Cleared", "Passed"),
        ("Vera Vetted", "Cleared", "To do"),
    ]
    only = rows(staffed, "gail.governor", state="cleared", training="to_do")
    assert [row["name"] for row in only] == ["Vera Vetted"]
    with pytest.raises(Refusal) as refused:
        rows(staffed, "ann.ash")
    assert refused.value.code == "R32"


@pytest.mark.clause("PF-4.16/A.3")
def test_exceptions_stand_on_the_report(staffed: House) -> None:
    given = {"level": 2, "first_day": staffed.today, "last_day": staffed.today + timedelta(days=9)}
    person = {"person_id": staffed.people["ann.ash"], "reason": "Cover until vetting is back"}
    run(staffed, "sue.sro", "vetting.except", **person, **given)
    found = {row["name"]: row for row in rows(staffed, "cora.cpc")}
    assert found["Ann Ash"]["status"] == "Exception"
    assert found["Ann Ash"]["excepted_to"] == staffed.today + timedelta(days=9)
    assert "Vera Vetted" not in found


@pytest.mark.clause("PS-7")
@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (
            "region",
            {"London": (2, 1, 1, 1), "Yorkshire and the Humber": (1, 0, 0, 1), "Home Office": (2, 0, 0, 0)},
        ),
        ("unit", {"Wormwood Scrubs": (1, 1, 1, 1), "Leeds": (0, 0, 0, 1)}),
    ],
)
def test_how_many_are_vetted_trained_or_neither(
    staffed: House, by: str, expected: dict[str, tuple[int, ...]]
) -> None:
    given = {"by": by, "sort": "", "page": 1}
    found = {
        row["grouped"]: (row["both"], row["vetted"], row["neither"], row["trained"])
        for row in map(dict, ask(staffed, "sue.sro", "reports.rpt_01_groups", **given).rows)
    }
    assert expected.items() <= found.items()
    assert sum(sum(counts) for counts in found.values()) == 9


@pytest.mark.clause("PF-4.16/A.4", "PF-5.11.1", "PF-4.16/D.1")
def test_who_has_signed_and_who_owes_it(staffed: House) -> None:
    text = "ViSOR\n\n1. Why\n\n1.1 Because what it holds is not for everybody."
    given = {"document": "syops", "version": "2.0", "text": text, "announced_at": "RUG, February"}
    staffed.clock.at += timedelta(days=1)
    run(staffed, "ida.admin", "documents.publish", **given)
    run(staffed, "ida.admin", "documents.publish", **{**given, "document": "minimum_dataset_prison"})

    def states(by: str, **filters: Any) -> dict[str, str]:
        asked = {"document": "", "state": "", "sort": "", "page": 1, **filters}
        found = ask(staffed, by, "reports.rpt_18", **asked).rows
        return {row["name"]: row["state"] for row in map(dict, found)}

    assert set(states("gail.governor").values()) == {"Not signed"}
    staffed.clock.at += timedelta(days=29)
    assert states("gail.governor")["Vera Vetted"] == "Overdue"
    assert states("gail.governor", state="signed") == {}
    newest = max(staffed.rows(DocumentVersion), key=lambda row: (row.document == "syops", row.published_at))
    signature = {"text_hash": newest.text_hash, "typed_name": "vera vetted"}
    run(staffed, "vera.vetted", "documents.sign", code="syops", accepted=True, consequences=True, **signature)
    assert states("gail.governor", state="signed") == {"Vera Vetted": "Signed"}
    assert states("gail.governor", document="syops")["Gail Governor"] == "Overdue"
    assert "Vera Vetted" not in states("gail.governor", document="syops", state="owed")
    assert "Eve Elsewhere" not in states("gail.governor")
    assert "Eve Elsewhere" in states("sue.sro", document="syops")
    assert states("sue.sro", document="niog") == {}


def test_the_pages_and_downloads(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, "10.6.0.7")
    browser.sign_in("cora.cpc")
    for report in ("rpt-01", "rpt-01-groups", "rpt-18", "rpt-18-messages"):
        page = browser.get(f"/identity/reports/{report}")
        assert page.status_code == 200, report
        assert browser.get(f"/identity/reports/{report}/csv").status_code == 200
    assert browser.get("/identity/reports/rpt-01/chart").mimetype == "image/svg+xml"
    assert browser.get("/identity/reports/rpt-01-groups/chart?by=grade").status_code == 200
    assert browser.get("/identity/reports/rpt-18/chart").status_code == 200
    assert "Ann Ash" in browser.get("/identity/reports/rpt-01").text
