"""Every report of identity: its page, table, picture and both downloads, each audited; and shut to who has no part."""

from __future__ import annotations

import pytest
from flask import Flask

from services.identity.service import service
from shared.reports.declared import Report
from tests.services.identity.browser import Browser
from tests.services.identity.house import HOME_OFFICE, LEEDS, House

NPPV3 = ("nppv3", -100, 300)
# What the issue names, and where its picture says more than the table.
NAMED = {"RPT-01", "RPT-02", "RPT-03", "RPT-04", "RPT-17", "RPT-18", "RPT-19", "RPT-22", "RPT-26"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def staffed(house: House) -> House:
    house.add("ada.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("lena.lead", "prison-WSI", roles=(("visor_lead", "prison-WSI"),))
    house.add("sam.spo", "pdu-N55LEE", roles=(("spo", "pdu-N55LEE"),))
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    return house


def reports() -> list[Report]:
    return list(service.reports.values())


def address(report: Report) -> str:
    return f"/identity{report.path}"


def test_the_reports_are_there_each_with_a_picture() -> None:
    known = {one.code: one for one in reports()}
    assert set(known) >= NAMED
    assert [code for code in sorted(NAMED) if known[code].chart is None] == []


@pytest.mark.clause("PF-4.16a.2", "PF-3d")
def test_each_is_read_drawn_and_taken_away_and_that_is_audited(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, HOME_OFFICE.address)
    browser.sign_in("ada.admin")
    for report in reports():
        page = browser.get(address(report))
        assert page.status_code == 200, report.code
        assert "<table" in page.text or report.empty in page.text, report.code
        kinds = {"csv": "text/csv", "xlsx": XLSX} | ({"chart": "image/svg+xml"} if report.chart else {})
        found = {what: browser.get(f"{address(report)}/{what}").mimetype for what in kinds}
        assert found == kinds, report.code
        for what in ("", ".csv", ".xlsx"):
            (entry,) = staffed.audited(action=f"{report.name}{what}")
            assert (entry.outcome, entry.actor) == ("viewed", staffed.people["ada.admin"])


@pytest.mark.clause("PF-7/ViSOR Tokens.1")
def test_each_is_shut_to_whoever_oversees_nobody(app: Flask, staffed: House) -> None:
    browser = Browser(app, staffed, LEEDS.address)
    browser.sign_in("ann.ash")
    for report in reports():
        ways = ["", "/csv", "/xlsx", *(["/chart"] if report.chart else [])]
        got = {way: browser.get(f"{address(report)}{way}").status_code for way in ways}
        assert got == dict.fromkeys(ways, 403), report.code
        assert [entry.outcome for entry in staffed.audited(action=report.name)] == ["refused"]
