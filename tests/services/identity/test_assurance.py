"""The CPC's assurance log."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from services.identity.assurance.models import AssuranceEntry
from shared.refusals import Invalid
from tests.services.identity.acting import principal, run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House
from tests.services.identity.test_tokens import NPPV3, code_of

PAGE = "/identity/units/area-53/assurance"


@pytest.fixture
def area(house: House) -> House:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("hope.head", "area-53", roles=(("head_of_public_protection", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    return house


def write(house: House, by: str, **more: Any) -> Any:
    given = {
        "unit": "area-53",
        "happened_on": house.today,
        "kind": "security",
        "subject": "Leeds office, clear desks",
        "outcome": "assured",
        "note": "",
    }
    return run(house, by, "assurance.write", **{**given, **more})


@pytest.mark.clause("PF-7/CPC Probation.2")
def test_the_cpc_writes_date_subject_and_outcome(area: House) -> None:
    write(area, "cora.cpc")
    (entry,) = area.rows(AssuranceEntry)
    assert (entry.happened_on, entry.kind, entry.outcome) == (area.today, "security", "assured")
    assert entry.written_by == area.people["cora.cpc"]
    with pytest.raises(Invalid) as invalid:
        write(area, "cora.cpc", happened_on=area.today + timedelta(days=1))
    assert "happened_on" in invalid.value.errors
    for by in ("ann.ash", "hope.head"):
        assert code_of(partial(write, area, by)) == "R24"


@pytest.mark.clause("PF-7/CPC Probation.2")
def test_who_reads_the_log(app: Flask, area: House) -> None:
    write(area, "cora.cpc")
    cpc = Browser(app, area, "10.6.0.7")
    cpc.sign_in("cora.cpc")
    assert "Leeds office, clear desks" in cpc.get(PAGE).text
    assert cpc.get(f"{PAGE}/write").status_code == 200
    head = Browser(app, area, "10.6.0.7")
    head.sign_in("hope.head")
    assert "Write an entry" not in head.get(PAGE).text
    other = Browser(app, area, "10.1.0.7")
    other.sign_in("ann.ash")
    refused = other.get(PAGE)
    assert (refused.status_code, "R24" in refused.text) == (403, True)


@pytest.mark.clause("PF-7/CPC Probation.2")
def test_the_log_is_by_date_and_goes_on_where_a_page_ends(area: House) -> None:
    """What is written late stands where it belongs."""
    days = (3, 60, 1, 20)
    for number, days_ago in enumerate(days):
        write(area, "cora.cpc", happened_on=area.today - timedelta(days=days_ago), subject=f"Office {number}")
    declared = area.runtime.service.declarations.queries["assurance.log"]
    reader = principal(area, "cora.cpc")
    first = area.runtime.ask(declared, reader, {"unit": "area-53", "before": None})["entries"]
    assert [one["subject"] for one in first] == ["Office 2", "Office 0", "Office 3", "Office 1"]
    rest = area.runtime.ask(declared, reader, {"unit": "area-53", "before": first[1]["id"]})["entries"]
    assert [one["subject"] for one in rest] == ["Office 3", "Office 1"]
