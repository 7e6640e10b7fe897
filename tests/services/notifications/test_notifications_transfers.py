"""A record that went elsewhere takes its open tasks and running clocks along (PF-1.4.1, PF-7/To do list.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.events.records.imminent_risk import CONTACT_FLAGGED
from shared.events.records.meetings import MEETING_COPIED, MEETING_HELD
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


def gone(nominal_id: UUID, **people: UUID) -> dict[str, Any]:
    """From Leeds to Sheffield."""
    nobody = {"previous_manager_id": None, "previous_supervisor_id": None}
    new = {"manager_id": new_id(), "supervisor_id": new_id()}
    units = {"previous_unit": LEEDS, "managing_unit": SHEFFIELD, "jurisdiction": "ENG"}
    return said(new_id(), nominal_id, "completed") | units | nobody | new | people


def flagged(office: Office, nominal_id: UUID, who: UUID) -> None:
    """A contact about imminent risk that is to be uploaded first (D-14)."""
    data = {
        "contact_id": new_id(),
        "nominal_id": nominal_id,
        "unit": LEEDS,
        "flagged_at": office.clock.now(),
        "jurisdiction": "ENG",
    }
    office.deliver(CONTACT_FLAGGED, data, [(who, "case_administrator", LEEDS)])


@pytest.mark.clause("PF-1.4.1", "PF-4.36.2")
def test_what_the_administrators_of_the_unit_had_to_do_is_the_new_ones(office: Office) -> None:
    """The old ones cannot write in the record any more: nobody else would upload a contact about imminent risk."""
    ann, nia = office.person("Ann"), office.person("Nia", ("case_administrator", SHEFFIELD))
    nominal_id = new_id()
    flagged(office, nominal_id, ann)
    assert [item.kind for item in office.items(ann)] == ["upload_imminent_contact"]
    office.deliver(TRANSFER_COMPLETED, gone(nominal_id), [])
    assert [item.kind for item in office.items(nia)] == ["upload_imminent_contact"]
    assert office.items(ann) == []


@pytest.mark.clause("PF-1.4.1")
def test_where_nobody_follows_in_the_part_the_new_manager_has_it(office: Office) -> None:
    ann, nell, nominal_id = office.person("Ann"), office.person("Nell"), new_id()
    flagged(office, nominal_id, ann)
    office.deliver(TRANSFER_COMPLETED, gone(nominal_id, manager_id=nell), [])
    assert [item.kind for item in office.items(nell)] == ["upload_imminent_contact"]
    assert office.items(ann) == []


@pytest.mark.clause("PF-1.4.1")
def test_what_other_units_were_told_stays_with_them(office: Office) -> None:
    """Partners stay until the new owner has looked: their administrators are as they were."""
    pia, nina = (
        office.person("Pia", unit="prison-LEI"),
        office.person("Nina", ("mappa_administrator", SHEFFIELD)),
    )
    nominal_id = new_id()
    copied = {"meeting_id": new_id(), "nominal_id": nominal_id, "managing_unit": LEEDS}
    office.deliver(MEETING_COPIED, copied, [(pia, "mappa_administrator", "prison-LEI")])
    before = [item.kind for item in office.items(pia)]
    office.deliver(TRANSFER_COMPLETED, gone(nominal_id), [])
    assert [item.kind for item in office.items(pia)] == before == ["meeting_elsewhere"]
    assert office.items(nina) == []


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
