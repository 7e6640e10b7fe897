"""What a CPC's absence changes for the lists, and how soon a request for Central Support is to be decided."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shared.directory.read_model import CPC_DEPUTY
from shared.events.identity.central_support import CENTRAL_SUPPORT_ASKED, CENTRAL_SUPPORT_DECIDED
from shared.events.identity.tokens import TOKEN_AUTHORISED, TOKEN_SETTLED
from shared.ids import new_id
from shared.work import NOBODY
from tests.services.notifications.office import START, Office

AREA = "area-53"


def asked(office: Office, cpc: UUID) -> UUID:
    request = new_id()
    data = {"request_id": request, "person_id": new_id(), "unit": "pdu-N55LEE", "jurisdiction": "ENG"}
    office.deliver(CENTRAL_SUPPORT_ASKED, data, [(cpc, "cpc", AREA)])
    return request


@pytest.mark.clause("PF-7/Central Support Token.1")
def test_a_request_for_central_support_is_due_in_three_days_and_then_climbs(office: Office) -> None:
    cora, hope = (
        office.person("Cora", ("cpc", AREA)),
        office.person("Hope", ("head_of_public_protection", AREA)),
    )
    request = asked(office, cora)
    (item,) = office.items(cora)
    assert item.title == "Decide on a request for the Central Support token"
    assert item.due_on == START.date() + timedelta(days=3)
    office.later(days=5)
    office.tick()
    assert [one.subject_id for one in office.items(hope)] == [request]
    data = {"request_id": request, "person_id": new_id(), "unit": "pdu-N55LEE", "outcome": "granted"}
    office.deliver(CENTRAL_SUPPORT_DECIDED, data)
    assert office.clock_of("D-46", request).in_time is False
    assert office.items(cora) == []


@pytest.mark.clause("PF-7/LPC.2")
def test_with_no_cpc_the_item_goes_to_who_deputises(office: Office) -> None:
    lena = office.person("Lena", (CPC_DEPUTY, AREA))
    asked(office, NOBODY)
    (item,) = office.items(lena)
    assert item.kind == "decide_central_support"


@pytest.mark.clause("PF-7/LPC.2")
def test_with_a_cpc_the_item_is_the_cpcs_and_the_deputy_sees_it_there(office: Office) -> None:
    cora, lena = office.person("Cora", ("cpc", AREA)), office.person("Lena", (CPC_DEPUTY, AREA))
    asked(office, cora)
    assert office.items(lena) == []
    (item,) = office.items(cora)
    assert (item.role, item.unit) == ("cpc", AREA)


@pytest.mark.clause("PF-7/CPC Probation.6")
def test_an_order_is_on_each_administrators_list_until_one_has_set_it(office: Office) -> None:
    ida, abe, cora = office.person("Ida"), office.person("Abe"), office.person("Cora")
    data = {"order_id": new_id(), "person_id": new_id(), "token": "partner", "unit": "pdu-N55LEE"}
    to = [(one, "admin", "home-office") for one in (ida, abe)]
    office.deliver(TOKEN_AUTHORISED, data, to)
    assert [len(office.items(one)) for one in (ida, abe)] == [1, 1]
    office.deliver(TOKEN_SETTLED, {**data, "outcome": "set"}, [(cora, "cpc", "pdu-N55LEE")])
    assert [len(office.items(one)) for one in (ida, abe)] == [0, 0]
    (item,) = office.items(cora)
    assert item.title == "A token that you authorised has been set"
