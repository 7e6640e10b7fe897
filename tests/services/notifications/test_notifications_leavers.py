"""Somebody leaves: what must still be done goes to whoever comes next, and what was for them alone just ends."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.events.identity.accounts import ACCOUNT_LEAVING
from shared.events.records.partnership import PARTNERSHIP_GRANTED
from shared.ids import new_id
from tests.services.notifications.facts import request
from tests.services.notifications.office import Office

UNIT = "pdu-N55LEE"


def leaves(office: Office, person_id: UUID, *to: tuple[UUID | None, str, str | None]) -> None:
    data = {"person_id": person_id, "unit": UNIT, "left_on": office.clock.today(), "leaver_id": new_id()}
    data["jurisdiction"] = "ENG"
    office.deliver(ACCOUNT_LEAVING, data, to)


def kinds(office: Office, person_id: UUID, state: str = "open") -> list[str]:
    return [item.kind for item in office.items(person_id, state=state)]


@pytest.mark.clause("PF-4.38.3")
def test_a_leavers_open_items_go_to_the_next_holder_of_the_role(office: Office) -> None:
    ruth = office.person("Ruth", ("manager", UNIT))
    next_one = office.person("Sam", ("manager", UNIT))
    cpc = office.person("Cora", ("cpc", "area-53"))
    first, second = (
        request(office, (ruth, "manager")),
        request(office, (ruth, "manager"), (next_one, "manager")),
    )
    before = {item.cause: item.due_on for item in office.items(ruth)}
    leaves(office, ruth, (cpc, "cpc", "area-53"))
    assert kinds(office, ruth) == []
    assert {item.outcome for item in office.items(ruth, state="done")} == {"overtaken"}
    got = {item.cause: item.due_on for item in office.items(next_one)}
    assert got == before
    assert set(got) == {str(first), str(second)}
    assert kinds(office, cpc) == ["leaver"]


@pytest.mark.clause("PF-4.38.3")
def test_where_nobody_else_holds_the_role_the_cpc_gets_them(office: Office) -> None:
    ruth, cpc = office.person("Ruth", ("manager", UNIT)), office.person("Cora", ("cpc", "area-53"))
    made = request(office, (ruth, "manager"))
    leaves(office, ruth)
    assert [item.cause for item in office.items(cpc)] == [str(made)]
    leaves(office, ruth)
    assert len(office.items(cpc)) == 1


def test_what_was_for_the_leaver_alone_ends_with_them(office: Office) -> None:
    ruth, cpc = office.person("Ruth", ("manager", UNIT)), office.person("Cora", ("cpc", "area-53"))
    data = {"request_id": new_id(), "nominal_id": new_id()}
    office.deliver(PARTNERSHIP_GRANTED, data, [(ruth, "partner", UNIT)])
    assert kinds(office, ruth) == ["partnership_granted"]
    leaves(office, ruth)
    assert (kinds(office, ruth), kinds(office, cpc)) == ([], [])
