"""A record that went elsewhere takes its open tasks and running clocks along (PF-1.4.1, PF-7/To do list.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.events.records.meetings import MEETING_HELD
from shared.events.records.partnership import PARTNERSHIP_REQUESTED
from shared.events.records.transfers import TRANSFER_COMPLETED, TRANSFER_PROGRESSED, TRANSFER_REQUESTED
from shared.ids import new_id
from tests.services.notifications.office import START, Office
from tests.services.notifications.test_notifications_returning_news import merged

MONDAY = START.date()
LEEDS, SHEFFIELD = "pdu-N55LEE", "pdu-N55SHF"


def said(transfer_id: UUID, nominal_id: UUID, state: str) -> dict[str, Any]:
    return {
        "transfer_id": transfer_id,
        "nominal_id": nominal_id,
        "state": state,
        "from_owner": "area-53",
        "to_owner": "area-52",
    }


@pytest.mark.clause("PF-1.4.1")
def test_open_duties_follow_the_record(office: Office) -> None:
    old, new = office.person("Otto"), office.person("Nell")
    old_boss, new_boss = office.person("Olga"), office.person("Noor")
    nominal_id, request_id, transfer_id = new_id(), new_id(), new_id()
    asked = {
        "request_id": request_id,
        "nominal_id": nominal_id,
        "requesting_unit": "prison-LEI",
        "owner_unit": "area-53",
        "jurisdiction": "ENG",
        "users": 3,
        "for_reception": None,
    }
    to = [(old, "manager", LEEDS), (old_boss, "supervisor", LEEDS)]
    office.deliver(PARTNERSHIP_REQUESTED, asked, to)
    assert [item.kind for item in office.items(old)] == ["partnership_requested"]

    done = said(transfer_id, nominal_id, "completed") | {
        "previous_unit": LEEDS,
        "managing_unit": SHEFFIELD,
        "jurisdiction": "ENG",
        "manager_id": new,
        "supervisor_id": new_boss,
        "previous_manager_id": old,
        "previous_supervisor_id": old_boss,
    }
    office.deliver(
        TRANSFER_COMPLETED, done, [(new, "manager", SHEFFIELD), (new_boss, "supervisor", SHEFFIELD)]
    )

    assert office.items(old) == office.items(old_boss) == []
    for who in (new, new_boss):
        kinds = {item.kind: item for item in office.items(who)}
        assert set(kinds) == {"partnership_requested", "transfer_review_partners"}
        assert kinds["partnership_requested"].due_on == office.clock_of("D-06", request_id).due_on
    assert office.clock_of("D-06", request_id).due_on is not None


@pytest.mark.clause("PF-1.4.1")
def test_what_somebody_has_for_a_colleague_who_is_away_follows_too(office: Office) -> None:
    otto, nell, stan = office.person("Otto"), office.person("Nell"), office.person("Stan", ("manager", LEEDS))
    nominal_id = new_id()
    office.suspend(otto)
    merged(office, nominal_id, (otto, "manager", LEEDS))
    assert [item.kind for item in office.items(stan)] == ["records_merged"]
    done = said(new_id(), nominal_id, "completed") | {
        "previous_unit": LEEDS,
        "managing_unit": SHEFFIELD,
        "jurisdiction": "ENG",
        "manager_id": nell,
        "supervisor_id": office.person("Noor"),
        "previous_manager_id": otto,
        "previous_supervisor_id": office.person("Olga"),
    }
    office.deliver(TRANSFER_COMPLETED, done, [])
    assert [item.kind for item in office.items(nell)] == ["records_merged"]
    assert office.items(stan) == []


@pytest.mark.clause("PF-1.4.1")
def test_a_clock_goes_on_for_the_new_unit(office: Office) -> None:
    mina, meeting_id, nominal_id = office.person("Mina"), new_id(), new_id()
    held = {
        "meeting_id": meeting_id,
        "nominal_id": nominal_id,
        "level": 2,
        "held_on": MONDAY - timedelta(days=1),
        "managing_unit": LEEDS,
        "jurisdiction": "ENG",
    }
    office.deliver(MEETING_HELD, held, [(mina, "mappa_administrator", LEEDS)])
    before = office.clock_of("D-11", meeting_id)
    done = said(new_id(), nominal_id, "completed") | {
        "previous_unit": LEEDS,
        "managing_unit": SHEFFIELD,
        "jurisdiction": "ENG",
        "manager_id": new_id(),
        "supervisor_id": new_id(),
        "previous_manager_id": None,
        "previous_supervisor_id": None,
    }
    office.deliver(TRANSFER_COMPLETED, done, [])
    after = office.clock_of("D-11", meeting_id)
    assert (before.unit, after.unit) == (LEEDS, SHEFFIELD)
    assert (after.due_on, after.state) == (before.due_on, "running")


@pytest.mark.clause("PF-7/To do list.4")
def test_managers_see_where_a_transfer_stands_one_line_at_a_time(office: Office) -> None:
    mary, transfer_id, nominal_id = office.person("Mary"), new_id(), new_id()
    seen = []
    for state in ("requested", "seen", "questioned", "completed"):
        data = said(transfer_id, nominal_id, state)
        office.deliver(TRANSFER_PROGRESSED, data, [(mary, "manager", LEEDS)])
        seen.append([item.title.removeprefix("The transfer of your record ") for item in office.items(mary)])
    assert seen == [
        ["was requested"],
        ["was seen by the receiving side"],
        ["was seen by the receiving side"],
        ["is completed"],
    ]


def test_what_was_refused_is_no_longer_to_be_answered(office: Office) -> None:
    cora, transfer_id, nominal_id = office.person("Cora"), new_id(), new_id()
    office.deliver(TRANSFER_REQUESTED, said(transfer_id, nominal_id, "requested"), [(cora, "cpc", "area-52")])
    assert [item.kind for item in office.items(cora)] == ["transfer_requested"]
    done = said(transfer_id, nominal_id, "completed") | {
        "previous_unit": LEEDS,
        "managing_unit": SHEFFIELD,
        "jurisdiction": "ENG",
        "manager_id": new_id(),
        "supervisor_id": new_id(),
        "previous_manager_id": None,
        "previous_supervisor_id": None,
    }
    office.deliver(TRANSFER_COMPLETED, done, [(new_id(), "manager", SHEFFIELD)])
    assert office.items(cora) == []
