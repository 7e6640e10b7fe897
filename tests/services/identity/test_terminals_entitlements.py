"""Entitlements to networks and gateways beside an account, those of 2009 among them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from services.identity.entitlements.commands import end_entitlements
from services.identity.entitlements.gateways import wrong_days
from services.identity.entitlements.models import NetworkEntitlement
from services.identity.people.models import Person
from shared.refusals import Invalid, Refusal
from tests.services.identity.acting import run
from tests.services.identity.browser import Browser
from tests.services.identity.house import House

NPPV3 = ("nppv3", -100, 300)
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("kind", "first", "last", "fields"),
    [
        ("probation_lan", TODAY, None, set()),
        ("probation_lan", TODAY + timedelta(days=1), None, {"valid_from"}),
        ("probation_lan", TODAY, TODAY - timedelta(days=1), {"valid_to"}),
        ("omni_national_gateway", date(2009, 10, 5), None, {"valid_to"}),
        ("omni_national_gateway", date(2009, 10, 5), TODAY, {"valid_to"}),
        ("omni_national_gateway", date(2009, 10, 5), date(2014, 5, 31), set()),
    ],
)
def test_which_days_an_entitlement_may_have(
    kind: str, first: date, last: date | None, fields: set[str]
) -> None:
    assert wrong_days(kind, first, last, TODAY).keys() == fields


def record(house: House, by: str, **more: Any) -> None:
    given = {"kind": "sage_extended_extranet", "reference": "Q-7", "valid_from": date(2009, 10, 5)}
    given |= {"valid_to": date(2014, 5, 31), "person_id": house.people["ann.ash"]}
    run(house, by, "entitlements.record", **given | more)


@pytest.mark.clause("PSI-7.3.1", "PI-A.3", "PSI-7.3.3")
def test_the_gateways_of_2009_are_recorded_and_whatever_is_open_ends_with_the_account(house: House) -> None:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("ann.ash", "pdu-N55LEE")
    record(house, "cora.cpc")
    record(house, "cora.cpc", kind="omni_national_gateway")
    record(house, "cora.cpc", kind="probation_lan", valid_to=None)
    with pytest.raises(Refusal) as refused:
        record(house, "cora.cpc", kind="probation_lan", valid_to=None)
    assert refused.value.code == "R34"
    with pytest.raises(Invalid):
        record(house, "cora.cpc", valid_to=None)
    with house.runtime.system_work("test.archive") as work:
        assert end_entitlements(work, work.session.get_one(Person, house.people["ann.ash"])) == 1
    assert all(row.valid_to is not None for row in house.rows(NetworkEntitlement))


@pytest.mark.clause("PSI-7.3.1")
def test_who_sees_and_records_them(app: Flask, house: House) -> None:
    house.add("cora.cpc", "area-53", vetting=NPPV3, tokens=(("cpc", "area-53"),))
    house.add("bob.birch", "pdu-N55LEE")
    ann = house.add("ann.ash", "pdu-N55LEE")
    record(house, "cora.cpc")
    for who, code in (("bob.birch", "R24"), ("ann.ash", "R24")):
        with pytest.raises(Refusal) as refused:
            record(house, who)
        assert refused.value.code == code
    page = f"/identity/people/{ann}/entitlements"
    own, other, cpc = (Browser(app, house, address) for address in ("10.1.0.7", "10.1.0.8", "10.6.0.7"))
    own.sign_in("ann.ash")
    assert "Secure Access Gateway" in own.get(page).text
    other.sign_in("bob.birch")
    assert other.get(page).status_code == 403
    cpc.sign_in("cora.cpc")
    form = {"kind": "probation_lan", "reference": "Call 7"}
    form |= {"valid_from-day": "1", "valid_from-month": "3", "valid_from-year": "2026"}
    assert cpc.post(f"{page}/record", form).status_code == 303
    (made,) = [row for row in house.rows(NetworkEntitlement) if row.kind == "probation_lan"]
    assert cpc.post(f"/identity/entitlements/{made.id}/end", {}).status_code == 303
    assert house.rows(NetworkEntitlement)[-1].valid_to is not None
