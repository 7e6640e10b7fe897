"""Pending requests looked at each day (D-09), and the removal that follows a prisoner's leaving (D-23)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.events.records.partnership import (
    DRAFT_SETTLED,
    PARTNERSHIP_BEGAN,
    PARTNERSHIP_GRANTED,
    PARTNERSHIP_LOOKED_AT,
    PARTNERSHIP_OFFERED,
    PARTNERSHIP_PENDING,
    REMOVAL_DRAFTED,
    REMOVAL_REQUESTED,
)
from shared.ids import new_id
from tests.services.notifications.office import START, Office

PRISON, MONDAY = "prison-LEI", START.date()
CHECK, SEND, REMOVE = "check_partnership", "send_removal", "remove_prison_partners"


def kinds(office: Office, who: UUID) -> list[str]:
    return [item.kind for item in office.items(who)]


def look(office: Office, request: UUID) -> None:
    data = {"request_id": request, "nominal_id": new_id(), "looked_on": office.clock.today()}
    office.deliver(PARTNERSHIP_LOOKED_AT, data, agency="prison-service")


@pytest.mark.clause("PF-5.15")
def test_a_pending_request_is_to_be_looked_at_each_day_until_it_is_answered(office: Office) -> None:
    ada = office.person("Ada", unit=PRISON)
    lea = office.person("Lea", ("visor_lead", PRISON), unit=PRISON)
    request = new_id()
    data = {"request_id": request, "nominal_id": new_id(), "requesting_unit": PRISON, "jurisdiction": "ENG"}
    office.deliver(
        PARTNERSHIP_PENDING, data, [(ada, "prison_administrator", PRISON)], agency="prison-service"
    )
    (item,) = office.items(ada)
    assert (item.kind, item.due_on) == (CHECK, MONDAY + timedelta(days=1))
    for day in (1, 2):
        office.at(MONDAY + timedelta(days=day), 8)
        office.tick()
        look(office, request)
        (item,) = office.items(ada)
        assert item.due_on == MONDAY + timedelta(days=day + 1)
        assert kinds(office, lea) == []
    office.at(MONDAY + timedelta(days=4), 7)
    office.tick()
    assert kinds(office, lea) == ["escalation"], "nobody looked yesterday"
    decided = {"request_id": request, "nominal_id": new_id()}
    office.deliver(PARTNERSHIP_GRANTED, decided, agency="prison-service")
    assert kinds(office, ada) == []
    office.at(MONDAY + timedelta(days=9))
    office.tick()
    assert kinds(office, ada) == []


def drafted(office: Office, *to: UUID) -> UUID:
    draft = new_id()
    data = {
        "draft_id": draft,
        "nominal_id": new_id(),
        "prison": PRISON,
        "left_at": office.clock.now(),
        "jurisdiction": "ENG",
    }
    people = [(who, "prison_administrator", PRISON) for who in to]
    office.deliver(REMOVAL_DRAFTED, data, people, agency="prison-service")
    return draft


def settle(office: Office, draft: UUID, state: str, agency: str = "prison-service") -> None:
    data: dict[str, Any] = {"draft_id": draft, "nominal_id": new_id(), "state": state}
    office.deliver(DRAFT_SETTLED, data, agency=agency)


@pytest.mark.clause("PF-5.9.7", "PF-5.19.2")
@pytest.mark.parametrize("state", ["sent", "dismissed"])
def test_the_removal_is_due_on_the_day_the_prisoner_leaves(office: Office, state: str) -> None:
    ada = office.person("Ada", unit=PRISON)
    lea = office.person("Lea", ("visor_lead", PRISON), unit=PRISON)
    draft = drafted(office, ada)
    (item,) = office.items(ada)
    assert (item.kind, item.due_on) == (SEND, MONDAY)
    settle(office, draft, state)
    assert kinds(office, ada) == []
    assert office.clock_of("D-23", draft).in_time is True
    late = drafted(office, ada)
    office.at(MONDAY + timedelta(days=1), 7)
    office.tick()
    assert kinds(office, lea) == ["escalation"]
    settle(office, late, state)
    assert office.clock_of("D-23", late).in_time is False


@pytest.mark.clause("PF-5.9.7")
def test_whoever_comes_back_takes_the_removal_along(office: Office) -> None:
    ada = office.person("Ada", unit=PRISON)
    draft = drafted(office, ada)
    settle(office, draft, "overtaken")
    assert kinds(office, ada) == []
    clock = office.clock_of("D-23", draft)
    assert (clock.state, clock.in_time) == ("met", None)


@pytest.mark.clause("PF-5.19.2", "PF-5.19.1")
def test_the_owner_is_asked_until_it_is_done(office: Office) -> None:
    mel = office.person("Mel")
    draft = new_id()
    data = {"draft_id": draft, "nominal_id": new_id(), "prison": PRISON, "left_at": office.clock.now()}
    office.deliver(REMOVAL_REQUESTED, data, [(mel, "manager", "pdu-N55LEE")])
    assert kinds(office, mel) == [REMOVE]
    settle(office, draft, "done", agency="probation-service")
    assert kinds(office, mel) == []


def test_a_partnership_that_begins_takes_its_offer_off_the_list_and_leaves_what_is_to_be_done(
    office: Office,
) -> None:
    ada, nominal = office.person("Ada", unit=PRISON), new_id()
    to = [(ada, "prison_administrator", PRISON)]
    office.deliver(PARTNERSHIP_OFFERED, {"offer_id": new_id(), "nominal_id": nominal, "prison": PRISON}, to)
    assert kinds(office, ada) == ["partnership_offered"]
    began = {"task_id": new_id(), "nominal_id": nominal, "unit": PRISON, "jurisdiction": "ENG"}
    office.deliver(PARTNERSHIP_BEGAN, {**began, "agency_kind": "prison"}, to)
    assert kinds(office, ada) == ["fill_minimum_dataset"]
