"""Imminent risk on the lists: acknowledged one by one, up the ladder each hour while anybody has not (D-13, D-14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.events.records.imminent_risk import (
    ACKNOWLEDGED,
    CONTACT_FLAGGED,
    CONTACT_HANDLED,
    IMMINENT_RISK,
    STOOD_DOWN,
)
from shared.ids import new_id
from tests.services.notifications.office import START, Office

LEEDS = "pdu-N55LEE"


def raised(office: Office, *to: tuple[UUID, str], **more: Any) -> UUID:
    risk = new_id()
    data = {
        "risk_id": risk,
        "nominal_id": new_id(),
        "entry_id": new_id(),
        "raised_at": more.pop("raised_at", office.clock.now()),
        "managing_unit": LEEDS,
        "jurisdiction": "ENG",
    }
    office.deliver(IMMINENT_RISK, data, [(who, role, LEEDS) for who, role in to], **more)
    return risk


def acknowledge(office: Office, risk: UUID, who: UUID, *, all: bool) -> None:
    data = {"risk_id": risk, "nominal_id": new_id(), "person_id": who, "all": all}
    office.deliver(ACKNOWLEDGED, data)


@pytest.mark.clause("PF-4.30.2")
def test_each_has_an_important_item_until_they_acknowledge_it(office: Office) -> None:
    mel, pat = office.person("Mel"), office.person("Pat", unit="force-13")
    risk = raised(office, (mel, "manager"), (pat, "partner"))
    for who in (mel, pat):
        (item,) = office.items(who)
        assert (item.kind, item.important, item.due_on) == ("imminent_risk", True, START.date())
    acknowledge(office, risk, mel, all=False)
    assert office.items(mel) == []
    assert len(office.items(pat)) == 1
    acknowledge(office, risk, pat, all=True)
    assert office.items(pat) == []
    clock = office.clock_of("D-13", risk)
    assert (clock.state, clock.in_time) == ("met", True)


@pytest.mark.clause("PF-4.30.2", "PF-4.36.1")
def test_what_somebody_has_not_acknowledged_climbs_the_ladder_each_hour(office: Office) -> None:
    mel, pat = office.person("Mel"), office.person("Pat", unit="force-13")
    lena = office.person("Lena", ("lpc", LEEDS))
    colin = office.person("Colin", ("cpc", "area-53"))
    hope = office.person("Hope", ("head_of_public_protection", "region-N55"))
    risk = raised(office, (mel, "manager"), (pat, "partner"))
    acknowledge(office, risk, mel, all=False)
    office.later(minutes=59)
    office.tick()
    assert office.items(lena) == []
    told = []
    for _ in range(3):
        told.append([bool(office.items(who)) for who in (lena, colin, hope)])
        office.later(minutes=1 if len(told) == 1 else 60)
        office.tick()
    told.append([bool(office.items(who)) for who in (lena, colin, hope)])
    assert told == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
    assert [len(office.items(who)) for who in (mel, pat)] == [0, 1], "who has acknowledged is left alone"
    (item,) = office.items(lena)
    assert item.title == "Not done in time: imminent risk: read it now and acknowledge it"
    assert [rung.number for rung in office.rungs(office.clock_of("D-13", risk))] == [1, 2, 3]


def test_somebody_who_only_put_it_aside_is_reminded_when_it_is_late(office: Office) -> None:
    mel = office.person("Mel")
    raised(office, (mel, "manager"))
    (item,) = office.items(mel)
    with office.runtime.system_work("test.aside") as work:
        kept = work.session.merge(item)
        kept.state, kept.outcome, kept.closed_at = "done", "actioned", work.now
    office.later(hours=1)
    office.tick()
    assert len(office.items(mel)) == 1


@pytest.mark.clause("PF-4.30.2")
def test_one_that_is_stood_down_asks_nobody_any_more(office: Office) -> None:
    mel, pat = office.person("Mel"), office.person("Pat", unit="force-13")
    risk = raised(office, (mel, "manager"), (pat, "partner"))
    data = {"risk_id": risk, "nominal_id": new_id()}
    office.deliver(STOOD_DOWN, data, [(pat, "partner", LEEDS)])
    assert office.items(mel) == []
    assert [item.kind for item in office.items(pat)] == ["imminent_risk_over"]
    office.later(hours=5)
    office.tick()
    clock = office.clock_of("D-13", risk)
    assert (clock.state, clock.in_time, office.rungs(clock)) == ("met", None, [])


def test_one_of_which_we_hear_late_is_late_at_once(office: Office) -> None:
    mel, lena = office.person("Mel"), office.person("Lena", ("lpc", LEEDS))
    raised(office, (mel, "manager"), raised_at=office.clock.now() - timedelta(hours=3))
    assert len(office.items(mel)) == 1
    assert office.items(lena) == []
    office.later(hours=1)
    office.tick()
    assert len(office.items(lena)) == 1


@pytest.mark.clause("PF-4.36.2")
def test_a_flagged_contact_is_on_every_administrators_list_for_two_hours_and_then_the_spos(
    office: Office,
) -> None:
    ann, bob = office.person("Ann"), office.person("Bob")
    sue = office.person("Sue", ("spo", LEEDS))
    contact = new_id()
    data = {
        "contact_id": contact,
        "nominal_id": new_id(),
        "unit": LEEDS,
        "flagged_at": office.clock.now(),
        "jurisdiction": "ENG",
    }
    office.deliver(CONTACT_FLAGGED, data, [(who, "case_administrator", LEEDS) for who in (ann, bob)])
    for who in (ann, bob):
        (item,) = office.items(who)
        assert (item.kind, item.important) == ("upload_imminent_contact", True)
    office.later(hours=2, minutes=-1)
    office.tick()
    assert office.items(sue) == []
    office.later(minutes=1)
    office.tick()
    assert len(office.items(sue)) == 1
    office.later(minutes=1)
    office.deliver(CONTACT_HANDLED, {"contact_id": contact, "nominal_id": new_id()})
    assert [office.items(who) for who in (ann, bob, sue)] == [[], [], []]
    assert office.clock_of("D-14", contact).in_time is False
