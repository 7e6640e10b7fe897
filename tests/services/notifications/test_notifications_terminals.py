"""What terminals put on whose list, and what takes it off again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shared.events.identity.terminals import (
    TERMINAL_APPROVED,
    TERMINAL_ASSESSED,
    TERMINAL_ASSURANCE_DUE,
    TERMINAL_ASSURED,
    TERMINAL_WITHDRAWN,
)
from shared.ids import new_id
from tests.services.notifications.office import START, Office

PRISON = "prison-LEI"


def titles(office: Office, person: UUID) -> list[str]:
    return [item.title for item in office.items(person)]


def assessed(
    office: Office, to: UUID, assessment: UUID, *, needs_lead: bool = False, approvable: bool = True
) -> UUID:
    terminal = new_id()
    data = {"terminal_id": terminal, "unit": PRISON, "assessment_id": assessment}
    flags = {"approvable": approvable, "needs_lead": needs_lead}
    office.deliver(TERMINAL_ASSESSED, data | flags, [(to, "visor_lead" if needs_lead else "cpc", PRISON)])
    return terminal


@pytest.mark.clause("PF-5.10.3", "PF-6.5.2")
def test_an_assessed_terminal_stands_on_the_cpcs_list_until_it_is_decided(office: Office) -> None:
    paul, lena, assessment = office.person("Paul"), office.person("Lena", unit=PRISON), new_id()
    terminal = assessed(office, paul, assessment)
    (item,) = office.items(paul)
    assert (item.title, item.link) == ("Approve or decline a terminal", f"/identity/terminals/{terminal}")
    decided = {"terminal_id": terminal, "unit": PRISON, "assessment_id": assessment}
    office.deliver(TERMINAL_APPROVED, decided, [(lena, "visor_lead", PRISON)])
    assert titles(office, paul) == []
    assert titles(office, lena) == ["A terminal was approved"]


@pytest.mark.clause("PF-5.10.3", "PF-6.4.3")
def test_the_lead_is_asked_first_where_the_cpc_assessed_and_a_no_is_told_as_one(office: Office) -> None:
    paul, lena, assessment = office.person("Paul"), office.person("Lena", unit=PRISON), new_id()
    terminal = assessed(office, lena, assessment, needs_lead=True)
    assert titles(office, lena) == ["Assure the CPC of a terminal that the CPC assessed"]
    data = {"terminal_id": terminal, "unit": PRISON, "assessment_id": assessment}
    vouched = data | {"approvable": True, "needs_lead": False}
    office.deliver(TERMINAL_ASSESSED, vouched, [(paul, "cpc", PRISON)])
    assert (titles(office, lena), titles(office, paul)) == ([], ["Approve or decline a terminal"])
    assessed(office, paul, new_id(), approvable=False)
    assert "A terminal does not meet the physical security requirements" in titles(office, paul)


@pytest.mark.clause("PF-5.9.3", "PF-7/ViSOR Lead.4")
def test_an_assurance_is_due_on_its_day_then_overdue_and_told_to_the_cpc_and_over_when_given(
    office: Office,
) -> None:
    paul = office.person("Paul", ("cpc", "group-YRK"), unit="group-YRK")
    lena = office.person("Lena", unit=PRISON)
    assurance = new_id()
    about = {"terminal_id": new_id(), "unit": PRISON, "assurance_id": assurance}
    due_on = START.date() + timedelta(days=30)
    office.deliver(
        TERMINAL_ASSURANCE_DUE,
        about | {"due_on": due_on, "jurisdiction": "ENG"},
        [(lena, "visor_lead", PRISON)],
    )
    (item,) = office.items(lena)
    assert (item.title, item.due_on) == ("Give the yearly assurance for a terminal", due_on)
    office.at(due_on)
    office.tick()
    assert titles(office, paul) == []
    office.at(due_on + timedelta(days=1))
    office.tick()
    (item,) = office.items(lena)
    assert item.important
    assert titles(office, paul) == ["Not done in time: give the yearly assurance for a terminal"]
    office.deliver(TERMINAL_ASSURED, about, [(paul, "cpc", PRISON)])
    assert titles(office, lena) == []
    assert titles(office, paul) == ["The yearly assurance for a terminal was given"]
    assert office.clock_of("D-48", assurance).in_time is False


@pytest.mark.clause("PSI-5.3.8.2")
def test_a_withdrawal_takes_what_was_asked_about_the_terminal_off_the_lists(office: Office) -> None:
    paul, assessment = office.person("Paul"), new_id()
    terminal = assessed(office, paul, assessment)
    data = {"terminal_id": terminal, "unit": PRISON, "assessment_id": assessment, "assurance_id": None}
    office.deliver(TERMINAL_WITHDRAWN, data | {"reason_code": "moved"}, [(paul, "cpc", PRISON)])
    assert titles(office, paul) == ["A terminal was withdrawn"]
