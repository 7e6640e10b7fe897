"""RPT-02: who holds which token, what was warned of, and where a limit is free."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask

from tests.services.identity.acting import grant
from tests.services.identity.browser import Browser
from tests.services.identity.house import House
from tests.services.identity.test_tokens import NPPV3

PAGE = "/identity/reports/rpt-02"


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ida.admin", "home-office", vetting=NPPV3, tokens=(("admin", "home-office"),))
    house.add("liz.live", "home-office", vetting=NPPV3, tokens=(("partner", "home-office"),))
    house.add("ann.ash", "pdu-N55LEE", tokens=(("partner", "pdu-N55LEE"),))
    house.add("sid.south", "area-52", tokens=(("partner", "area-52"),))
    return house


def signed_in(app: Flask, house: House, username: str, address: str) -> Browser:
    browser = Browser(app, house, address)
    browser.sign_in(username)
    return browser


def rows(browser: Browser, path: str) -> list[dict[str, Any]]:
    text = browser.get(path).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.clause("PF-4.16a.2", "PF-7/ViSOR Tokens.1")
def test_a_cpc_sees_the_holders_of_the_area_and_no_others(app: Flask, area: House) -> None:
    shown = signed_in(app, area, "cora.cpc", "10.6.0.7").get(PAGE).text
    assert "Ann Ash" in shown
    assert "Sid South" not in shown
    refused = signed_in(app, area, "ann.ash", "10.1.0.7").get(PAGE)
    assert (refused.status_code, "R32" in refused.text) == (403, True)


@pytest.mark.clause("PF-7/ViSOR Administrative access.3")
def test_an_administrator_who_uses_visor_live_stands_there_with_the_reason(app: Flask, area: House) -> None:
    given = {"authority": "National ViSOR team, 1 March", "note": "Only until May"}
    grant(area, "ida.admin", "liz.live", "admin", "home-office", **given)
    browser = signed_in(app, area, "ida.admin", "10.5.0.7")
    shown = browser.get(f"{PAGE}?show=warned").text
    assert "Administrator who uses ViSOR Live" in shown
    assert "Only until May" in shown
    assert "Ann Ash" not in shown
    (row,) = [one for one in rows(browser, f"{PAGE}/csv?show=warned") if one["Who"] == "Liz Live"]
    assert (row["Token"], row["Granted by"]) == ("Administrator", "Ida Admin")


@pytest.mark.clause("PF-7/CPC Probation.4", "PF-4.8", "PF-5.4")
def test_limits_show_who_holds_the_one_token_and_what_is_vacant(app: Flask, area: House) -> None:
    browser = signed_in(app, area, "ida.admin", "10.5.0.7")
    found = {(one["Unit"], one["Token"]): one for one in rows(browser, f"{PAGE}-limits/csv")}
    held = found["West Yorkshire", "Central Point of Contact"]
    assert (held["Allowed"], held["Held"], held["Holder"]) == ("1", "1", "Cora Cpc")
    vacant = found["Leeds", "Local Point of Contact"]
    assert (vacant["Held"], vacant["State"]) == ("0", "Vacant")
    assert ("Leeds", "Central Point of Contact") not in found
    only = rows(browser, f"{PAGE}-limits/csv?state=Vacant")
    assert {one["State"] for one in only} == {"Vacant"}


@pytest.mark.clause("PF-4.16a.2", "PF-4.8")
def test_a_cpc_sees_the_limits_of_the_area_alone(app: Flask, area: House) -> None:
    browser = signed_in(app, area, "cora.cpc", "10.6.0.7")
    shown = browser.get(f"{PAGE}-limits").text
    assert "Leeds" in shown
    assert "South Yorkshire" not in shown
    assert {one["Unit"] for one in rows(browser, f"{PAGE}-limits/csv")} == {"West Yorkshire", "Leeds"}
