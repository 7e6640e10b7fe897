"""Changing the summary: who may, who is told, and nobody overwrites what somebody else saved."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid, Refusal, Stale
from tests.servers.records import LEEDS, NOW, PRISON, World

CHANGE: dict[str, Any] = {
    "risk_level": "high",
    "risk_reason": "By the meeting.",
    "address": "2 Example Street",
    "markers": ["weapons"],
}


@pytest.fixture
def manager(records: World) -> Principal:
    return records.person(LEEDS, "manager", "partner", name="Mia Manager")


@pytest.fixture
def nominal(records: World, manager: Principal) -> UUID:
    officer = records.person(PRISON, "partner")
    return records.nominal(manager_id=manager.person_id, partners=(officer,))


@pytest.mark.clause("PF-4.24")
def test_a_change_is_seen_dated_and_told_to_every_agency(
    records: World, manager: Principal, nominal: UUID
) -> None:
    records.later(days=1)
    answer = records.run("nominals.change", manager, nominal_id=nominal, version=1, **CHANGE)

    assert answer["version"] == 2
    summary = records.ask("nominals.summary", manager, nominal_id=nominal)
    assert (summary["risk_level"], str(summary["risk_since"])) == ("high", "2026-04-02")
    assert summary["address"] == "2 Example Street"
    assert summary["markers"] == ["Weapons"]
    [(data, copies)] = records.events("records.nominal.changed")
    assert data["what"] == "summary"
    assert [copy["agency"] for copy in copies] == ["prison-service", "probation-service"]


def test_saving_what_stands_already_tells_nobody(records: World, manager: Principal, nominal: UUID) -> None:
    records.run("nominals.change", manager, nominal_id=nominal, version=1)
    assert records.events("records.nominal.changed") == []


def test_markers_alone_are_a_new_version(records: World, manager: Principal, nominal: UUID) -> None:
    answer = records.run("nominals.change", manager, nominal_id=nominal, version=1, markers=["escaper"])
    assert answer["version"] == 2


def test_a_late_edit_is_refused_with_both_texts(records: World, manager: Principal, nominal: UUID) -> None:
    records.run("nominals.change", manager, nominal_id=nominal, version=1, address="Theirs")
    with pytest.raises(Stale) as stale:
        records.run("nominals.change", manager, nominal_id=nominal, version=1, address="Mine")
    assert stale.value.version == 2
    assert (stale.value.mine["address"], stale.value.theirs["address"]) == ("Mine", "Theirs")
    assert stale.value.by is not None
    assert (stale.value.by.name, stale.value.at) == (manager.name, NOW)
    assert str(manager.person_id) in str(stale.value.by.card_url)


def test_of_two_at_one_moment_one_is_late(records: World, manager: Principal, nominal: UUID) -> None:
    start, outcomes = threading.Barrier(2), []

    def save(address: str) -> None:
        start.wait()
        try:
            records.run("nominals.change", manager, nominal_id=nominal, version=1, address=address)
            outcomes.append("saved")
        except Stale:
            outcomes.append("late")

    both = [threading.Thread(target=save, args=(address,)) for address in ("One", "Two")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["late", "saved"]


@pytest.mark.clause("PF-7/HMPPS OM.1", "PF-5.17")
@pytest.mark.parametrize(("prison", "role"), [(PRISON, "POM"), (None, "COM")])
def test_the_offender_manager_is_pom_in_custody_and_com_outside(
    records: World, manager: Principal, prison: str | None, role: str
) -> None:
    officer = records.person(PRISON, "partner")
    nominal = records.nominal(manager_id=manager.person_id, custody_prison=prison)
    records.run(
        "nominals.change", manager, nominal_id=nominal, version=1, offender_manager_id=officer.person_id
    )
    summary = records.ask("nominals.summary", manager, nominal_id=nominal)
    assert (summary["offender_manager_role"], summary["offender_manager"]["name"]) == (role, "Sam Example")


def test_an_offender_manager_is_somebody_known(records: World, manager: Principal, nominal: UUID) -> None:
    with pytest.raises(Invalid):
        records.run("nominals.change", manager, nominal_id=nominal, version=1, offender_manager_id=new_id())


@pytest.mark.clause("PF-5.13.2", "SC-17.12.2")
@pytest.mark.parametrize(("status", "code"), [("live", "R14"), ("archived", "R27")])
def test_who_may_not(records: World, status: str, code: str) -> None:
    nominal = records.nominal(status=status)
    stranger = records.person(LEEDS, "partner")
    with pytest.raises(Refusal) as refused:
        records.run("nominals.change", stranger, nominal_id=nominal, version=1)
    assert refused.value.code == code
