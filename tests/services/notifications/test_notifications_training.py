"""What training puts on lists: the e-learning with its weekly reminder, certificates, staffing, cancelled sessions."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shared.events.identity.staffing import STAFFING_DECIDED, STAFFING_PROPOSED
from shared.events.identity.training import (
    CERTIFICATE_BROUGHT,
    CERTIFICATE_DECIDED,
    E_LEARNING_COMPLETED,
    E_LEARNING_LATE,
    E_LEARNING_OWED,
)
from shared.ids import new_id
from tests.services.notifications.office import Office

UNIT = "pdu-N55LEE"


def owed(office: Office, person_id: UUID) -> UUID:
    e_learning = new_id()
    data = {
        "person_id": person_id,
        "e_learning_id": e_learning,
        "owed_from": office.clock.today(),
        "unit": UNIT,
        "jurisdiction": "ENG",
    }
    office.deliver(E_LEARNING_OWED, data, [(person_id, "person", UNIT)])
    return e_learning


@pytest.mark.clause("PF-4.7.1")
def test_the_e_learning_is_on_the_list_at_once_and_comes_to_mind_each_week(office: Office) -> None:
    nora, cora = office.person("Nora"), office.person("Cora", ("cpc", "area-53"))
    first = office.clock.today()
    e_learning = owed(office, nora)
    (item,) = office.items(nora)
    assert (item.kind, item.due_on) == ("e_learning", first + timedelta(days=28))
    assert item.link == f"/identity/people/{nora}/training"
    assert item.reminded_at is None
    for week in (1, 2, 3):
        office.at(first + timedelta(weeks=week))
        office.tick()
        (item,) = office.items(nora)
        assert item.reminded_at is not None
        assert item.reminded_at.date() == first + timedelta(weeks=week)
    assert office.items(cora) == []
    office.at(first + timedelta(days=33))
    office.tick()
    assert [one.subject_id for one in office.items(cora)] == [e_learning]


@pytest.mark.clause("PF-4.7.1")
def test_completing_it_closes_the_items_of_the_person_and_of_the_line_manager(office: Office) -> None:
    nora, mia = office.person("Nora"), office.person("Mia")
    data = {"person_id": nora, "e_learning_id": owed(office, nora)}
    office.deliver(E_LEARNING_LATE, data, [(mia, "line_manager", UNIT)])
    assert [item.kind for item in office.items(mia)] == ["e_learning_late"]
    office.deliver(E_LEARNING_COMPLETED, data)
    assert office.items(nora) + office.items(mia) == []
    assert office.clock_of("D-44", data["e_learning_id"]).in_time is True


@pytest.mark.clause("PF-4.6")
def test_a_certificate_waits_on_the_cpcs_list_until_it_is_decided(office: Office) -> None:
    nora, cora = office.person("Nora"), office.person("Cora", ("cpc", "area-53"))
    data = {"certificate_id": new_id(), "person_id": nora}
    office.deliver(CERTIFICATE_BROUGHT, data, [(cora, "cpc", "area-53")])
    (item,) = office.items(cora)
    assert item.link == "/identity/training/certificates"
    office.deliver(CERTIFICATE_DECIDED, {**data, "outcome": "accepted"}, [(nora, "person", UNIT)])
    assert office.items(cora) == []
    assert [one.title for one in office.items(nora)] == ["Your College of Policing certificate was accepted"]


@pytest.mark.clause("PF-3a")
def test_the_statement_of_an_area_waits_for_its_regional_director(office: Office) -> None:
    rita, cora = office.person("Rita"), office.person("Cora", ("cpc", "area-53"))
    data = {"declaration_id": new_id(), "area": "area-53"}
    office.deliver(STAFFING_PROPOSED, data, [(rita, "regional_probation_director", "region-N55")])
    assert [item.link for item in office.items(rita)] == ["/identity/staffing/areas/area-53"]
    office.deliver(STAFFING_DECIDED, {**data, "outcome": "confirmed"}, [(cora, "cpc", "area-53")])
    assert office.items(rita) == []
    assert [item.kind for item in office.items(cora)] == ["staffing_decided"]
