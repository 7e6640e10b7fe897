"""Clocks that identity's facts begin: vetting, documents, accounts, leavers, supervisions, a lead's assurance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.events.identity.accounts import (
    ACCOUNT_ARCHIVED,
    ACCOUNT_DORMANCY_DECIDED,
    ACCOUNT_LEAVING,
    ACCOUNT_REACTIVATED,
    ACCOUNT_UNUSED,
)
from shared.events.identity.coverage import LEAD_ASSURANCE_DUE, LEAD_ASSURANCE_GIVEN
from shared.events.identity.documents import (
    DOCUMENT_ALL_SIGNED,
    DOCUMENT_REPLACED,
    DOCUMENT_SIGNED,
    DOCUMENT_TO_SIGN,
)
from shared.events.identity.log_on_audit import (
    SUPERVISION_BOOKED,
    SUPERVISION_CANCELLED,
    SUPERVISION_PREPARED,
)
from shared.events.identity.vetting import (
    VETTING_DROPPED,
    VETTING_EXPIRED,
    VETTING_EXPIRING,
    VETTING_OUTLASTED,
    VETTING_RENEWED,
)
from shared.ids import new_id
from tests.services.notifications.office import START, Office

PDU, PRISON, AREA = "pdu-N55LEE", "prison-LEI", "area-53"
TODAY = START.date()
DAY = timedelta(days=1)


def titles(office: Office, person_id: UUID) -> list[str]:
    return [item.title for item in office.items(person_id)]


def reminded_on(office: Office, person_id: UUID, days: Sequence[date]) -> list[date]:
    """On which of these mornings the person's one item was brought to mind."""
    found = []
    for day in days:
        office.at(day)
        office.tick()
        (item,) = office.items(person_id)
        if item.reminded_at is not None and item.reminded_at.date() == day:
            found.append(day)
    return found


def ends_in(office: Office, days: int, *to: tuple[UUID, str]) -> dict[str, Any]:
    about = {"person_id": to[0][0], "end_id": new_id()}
    place = {"expires_on": TODAY + days * DAY, "unit": PDU, "jurisdiction": "ENG"}
    office.deliver(VETTING_EXPIRING, about | place, [(who, role, PDU) for who, role in to])
    return about


@pytest.mark.clause("PF-5.10.2")
def test_the_end_of_vetting_is_brought_to_mind_on_the_days_of_policy_and_on_no_other(office: Office) -> None:
    ada = office.person("Ada")
    ends_in(office, 90, (ada, "person"))
    (item,) = office.items(ada)
    assert (item.title, item.due_on) == ("Renew the vetting that ends on 7 June 2026", TODAY + 90 * DAY)
    last = TODAY + 90 * DAY
    assert reminded_on(office, ada, [TODAY + n * DAY for n in range(1, 90)]) == [
        last - 60 * DAY,
        last - 30 * DAY,
        last - 7 * DAY,
    ]


@pytest.mark.clause("PF-4.16/A.2", "PF-4.16/A.3")
def test_vetting_that_ended_is_one_item_and_goes_to_the_cpc_and_then_to_the_sro(office: Office) -> None:
    boss = office.person("Bo")
    cora = office.person("Cora", ("cpc", AREA), unit=AREA)
    sue = office.person("Sue", ("sro", AREA), unit=AREA)
    about = ends_in(office, 3, (boss, "line_manager"))
    office.at(TODAY + 3 * DAY)
    news = {"expired_on": TODAY + 3 * DAY, "expiry_id": new_id()}
    office.deliver(VETTING_EXPIRED, about | news, [(boss, "line_manager", PDU)])
    assert titles(office, boss) == ["Vetting has expired"]
    office.at(TODAY + 4 * DAY)
    office.tick()
    assert titles(office, boss) == ["Vetting has expired"]
    assert titles(office, cora) == ["Not done in time: renew the vetting that ends on 12 March 2026"]
    assert titles(office, sue) == []
    office.at(TODAY + 9 * DAY)
    office.tick()
    assert len(titles(office, sue)) == 1


@pytest.mark.clause("PF-4.16/A.2")
def test_renewal_takes_back_the_reminder_and_the_news(office: Office) -> None:
    ada, boss = office.person("Ada"), office.person("Bo")
    about = ends_in(office, 30, (ada, "person"), (boss, "line_manager"))
    office.deliver(VETTING_OUTLASTED, about)
    assert (titles(office, ada), titles(office, boss)) == ([], [])
    assert office.clock_of("D-15", about["end_id"]).in_time is True
    late = ends_in(office, 2, (ada, "person"))
    expiry = {"expired_on": TODAY + 2 * DAY, "expiry_id": new_id()}
    office.deliver(VETTING_EXPIRED, late | expiry, [(boss, "line_manager", PDU)])
    office.deliver(VETTING_OUTLASTED, late)
    renewed = {"person_id": ada, "vetting_id": new_id(), "expiry_id": expiry["expiry_id"]}
    office.deliver(VETTING_RENEWED, renewed, [(ada, "person", PDU)])
    assert (titles(office, ada), titles(office, boss)) == (["Your vetting has been recorded"], [])


def test_revoked_vetting_is_nobodys_to_renew(office: Office) -> None:
    ada = office.person("Ada")
    about = ends_in(office, 30, (ada, "person"))
    office.deliver(VETTING_DROPPED, about)
    assert titles(office, ada) == []
    clock = office.clock_of("D-15", about["end_id"])
    assert (clock.met_at, clock.in_time, clock.ended_at is not None) == (None, None, True)


def to_sign(office: Office, *people: UUID, signature: str = "required") -> dict[str, Any]:
    version = {"document": "syops", "version": "2.0", "version_id": new_id()}
    more = {"title": "SyOPs", "unit": PDU, "jurisdiction": "ENG", "previous_id": None}
    data = {**version, **more, "signing_id": new_id(), "signature": signature, "published_on": TODAY}
    office.deliver(DOCUMENT_TO_SIGN, data, [(one, "signatory", PDU) for one in people])
    return data


def signs(office: Office, asked: dict[str, Any], person_id: UUID) -> None:
    version = {name: asked[name] for name in ("document", "version", "version_id")}
    office.deliver(DOCUMENT_SIGNED, {**version, "person_id": person_id})


@pytest.mark.clause("PF-4.16/D.1", "PF-5.11.1")
def test_who_has_signed_is_reminded_no_more_and_the_cpc_is_told_of_the_others(office: Office) -> None:
    ada, bo = office.person("Ada"), office.person("Bo")
    cora = office.person("Cora", ("cpc", AREA), unit=AREA)
    asked = to_sign(office, ada, bo)
    (item,) = office.items(bo)
    assert (item.title, item.due_on) == ("Read and sign SyOPs, version 2.0", TODAY + 28 * DAY)
    signs(office, asked, ada)
    assert titles(office, ada) == []
    assert reminded_on(office, bo, [TODAY + n * DAY for n in range(1, 29)]) == [
        TODAY + 14 * DAY,
        TODAY + 27 * DAY,
    ]
    office.at(TODAY + 29 * DAY)
    office.tick()
    assert titles(office, ada) == []
    assert titles(office, cora) == ["Not done in time: read and sign SyOPs, version 2.0"]
    signs(office, asked, bo)
    office.deliver(DOCUMENT_ALL_SIGNED, {"signing_id": asked["signing_id"]})
    assert (titles(office, bo), titles(office, cora)) == ([], [])
    assert office.clock_of("D-35", asked["signing_id"]).in_time is False


@pytest.mark.clause("PF-4.16/D.1", "PI-3.11")
def test_a_replaced_version_is_over_and_what_is_acknowledged_has_no_day(office: Office) -> None:
    ada = office.person("Ada")
    asked = to_sign(office, ada)
    office.deliver(DOCUMENT_REPLACED, {"signing_id": asked["signing_id"]})
    assert titles(office, ada) == []
    to_sign(office, ada, signature="acknowledged")
    (item,) = office.items(ada)
    assert (item.due_on, item.clock_id) == (None, None)


def unused(office: Office, days: int, *to: tuple[UUID, str]) -> dict[str, Any]:
    about = {"person_id": to[0][0], "unit": PRISON, "dormancy_id": new_id()}
    since = {"unused_since": TODAY - days * DAY, "jurisdiction": "ENG"}
    office.deliver(ACCOUNT_UNUSED, about | since, [(who, role, PRISON) for who, role in to])
    return about


@pytest.mark.clause("PF-5.10.7.2")
def test_an_unused_account_is_reminded_of_and_goes_to_the_cpc_on_the_day_after_the_ninetieth(
    office: Office,
) -> None:
    pip, lena = office.person("Pip", unit=PRISON), office.person("Lena", unit=PRISON)
    paul = office.person("Paul", ("cpc", "group-YRK"), unit="group-YRK")
    about = unused(office, 45, (pip, "person"), (lena, "visor_lead"))
    (item,) = office.items(lena)
    assert item.due_on == TODAY + 45 * DAY
    assert reminded_on(office, lena, [TODAY + n * DAY for n in range(1, 46)]) == [TODAY + 44 * DAY]
    assert titles(office, paul) == []
    office.at(TODAY + 46 * DAY)
    office.tick()
    (told,) = titles(office, paul)
    assert told.startswith("Not done in time: log on, or give the account up")
    office.deliver(ACCOUNT_DORMANCY_DECIDED, about | {"decision": "used"})
    assert (titles(office, pip), titles(office, lena), titles(office, paul)) == ([], [], [])


@pytest.mark.clause("PF-5.10.7.2")
@pytest.mark.parametrize(
    ("decision", "in_time"), [("used", True), ("disable", True), ("keep", None), ("closed", None)]
)
def test_what_was_decided_of_an_unused_account_stops_its_clock(
    office: Office, decision: str, in_time: bool | None
) -> None:
    pip = office.person("Pip", unit=PRISON)
    about = unused(office, 45, (pip, "person"))
    office.deliver(ACCOUNT_DORMANCY_DECIDED, about | {"decision": decision})
    assert titles(office, pip) == []
    assert office.clock_of("D-43", about["dormancy_id"]).in_time is in_time


def leaves(office: Office, cpc: UUID) -> dict[str, Any]:
    about = {"person_id": new_id(), "unit": PDU, "leaver_id": new_id()}
    office.deliver(ACCOUNT_LEAVING, about | {"left_on": TODAY, "jurisdiction": "ENG"}, [(cpc, "cpc", AREA)])
    return about


@pytest.mark.clause("PF-4.38.3")
def test_a_leavers_account_is_archived_within_five_working_days_or_the_head_is_told(office: Office) -> None:
    cora = office.person("Cora", ("cpc", AREA), unit=AREA)
    hetty = office.person("Hetty", ("head_of_public_protection", AREA), unit=AREA)
    late, timely, back = leaves(office, cora), leaves(office, cora), leaves(office, cora)
    assert {item.due_on for item in office.items(cora)} == {TODAY + 7 * DAY}
    office.deliver(ACCOUNT_ARCHIVED, timely)
    office.deliver(ACCOUNT_REACTIVATED, back)
    office.at(TODAY + 8 * DAY)
    office.tick()
    assert len(titles(office, hetty)) == 1
    office.deliver(ACCOUNT_ARCHIVED, late)
    assert (titles(office, cora), titles(office, hetty)) == ([], [])
    found = [office.clock_of("D-29", one["leaver_id"]).in_time for one in (timely, late, back)]
    assert found == [True, False, None]


def booked(office: Office, spo: UUID, days: int) -> dict[str, Any]:
    about = {"supervision_id": new_id()}
    rest = {"practitioner": new_id(), "day": TODAY + days * DAY, "unit": PDU, "jurisdiction": "ENG"}
    office.deliver(SUPERVISION_BOOKED, about | rest, [(spo, "spo", PDU)])
    return about


@pytest.mark.clause("PF-4.37.1")
def test_the_spo_has_a_supervision_on_the_list_from_the_day_before_until_they_log_on(office: Office) -> None:
    sam = office.person("Sam")
    about = booked(office, sam, 5)
    office.at(TODAY + 3 * DAY, 22)
    office.tick()
    assert titles(office, sam) == []
    office.at(TODAY + 4 * DAY, 0)
    office.tick()
    (item,) = office.items(sam)
    assert item.title == "Look at the practitioner’s records before the supervision on 14 March 2026"
    assert item.due_on == TODAY + 5 * DAY
    office.deliver(SUPERVISION_PREPARED, about)
    assert titles(office, sam) == []
    assert office.clock_of("D-26", about["supervision_id"]).in_time is True


@pytest.mark.clause("PF-4.37.1")
def test_a_supervision_without_a_log_on_is_late_in_the_report_and_on_nobody_elses_list(
    office: Office,
) -> None:
    sam, cora = office.person("Sam"), office.person("Cora", ("cpc", AREA), unit=AREA)
    about, off = booked(office, sam, 2), booked(office, sam, 3)
    office.deliver(SUPERVISION_CANCELLED, off)
    office.at(TODAY + 20 * DAY)
    office.tick()
    assert titles(office, cora) == []
    (item,) = office.items(sam)
    assert item.important
    office.deliver(SUPERVISION_PREPARED, about)
    assert office.items(sam) == []
    clock = office.clock_of("D-26", about["supervision_id"])
    assert (clock.in_time, office.rungs(clock)) == (False, [])


@pytest.mark.clause("PF-7/ViSOR Lead.2")
def test_a_month_without_the_leads_assurance_goes_to_the_governor_and_then_to_the_cpc(office: Office) -> None:
    lena = office.person("Lena", unit=PRISON)
    gus = office.person("Gus", ("governor", PRISON), unit=PRISON)
    paul = office.person("Paul", ("cpc", "group-YRK"), unit="group-YRK")
    about = {"assurance_id": new_id(), "unit": PRISON}
    month = {"last_day": date(2026, 3, 31), "jurisdiction": "ENG"}
    office.deliver(LEAD_ASSURANCE_DUE, about | month, [(lena, "visor_lead", PRISON)])
    (item,) = office.items(lena)
    assert (item.due_on, item.link) == (date(2026, 3, 31), f"/identity/coverage/{PRISON}/assurances/new")
    office.at(date(2026, 4, 1))
    office.tick()
    assert (len(titles(office, gus)), titles(office, paul)) == (1, [])
    office.at(date(2026, 4, 9))
    office.tick()
    assert len(titles(office, paul)) == 1
    office.deliver(LEAD_ASSURANCE_GIVEN, about)
    assert [titles(office, one) for one in (lena, gus, paul)] == [[], [], []]
