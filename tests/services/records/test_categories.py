"""Category, level and deregistration, and the history that keeps each change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.refusals import Invalid, Refusal, Stale
from tests.servers.records import (
    NOW,
    PRISON,
    WEST_YORKSHIRE,
    WEST_YORKSHIRE_POLICE,
    World,
    again,
)
from tests.services.records.conftest import Cast, Web, feed, refusal, told

TODAY = NOW.date()
GLASGOW = "force-scotland"
WHY = {"why": "assessment", "reason": "The level 2 meeting of today decided it."}
PERSON: dict[str, Any] = {"forenames": "Ann", "surname": "Other", "date_of_birth": date(1980, 1, 1)}


def move(world: World, who: Principal, nominal: UUID, **given: Any) -> Any:
    stands = {"category": "2", "level": 2, "statutory_supervision": True, "effective_on": TODAY, "version": 1}
    return world.run("nominals.categorise", who, nominal_id=nominal, **(stands | WHY | given))


def history(world: World, who: Principal, nominal: UUID) -> list[Any]:
    changes: list[Any] = world.ask("nominals.history", again(who), nominal_id=nominal)["changes"]
    return changes


def values(change: Any) -> dict[str, tuple[str | None, str | None]]:
    return {one["field"]: (one["old"], one["new"]) for one in change["values"]}


def test_a_change_of_level_is_dated_history_and_a_fact(records: World, cast: Cast) -> None:
    given = {"level": 3, "effective_on": date(2026, 3, 20)}
    stands = move(records, cast.manager, cast.nominal, **given)
    assert (stands["level"], stands["version"]) == (3, 2)
    [(data, copies)] = records.events("records.level.changed")
    assert (data["was_level"], data["level"], data["effective_on"]) == (2, 3, "2026-03-20")
    assert {copy["agency"] for copy in copies} == {"probation-service", "police-13"}
    [change] = history(records, cast.manager, cast.nominal)
    assert values(change) == {
        "level": ("Level 2", "Level 3"),
        "statutory_supervision": ("No", "Yes"),
    }
    assert change["effective_on"] == date(2026, 3, 20)
    assert change["reason"] == f"A new assessment or MAPP meeting. {WHY['reason']}"
    assert change["by_name"] == "Mary Manager"
    [(sealed,)] = records.rows("SELECT sealed FROM nominal_change")
    assert b"Level" not in bytes(sealed)
    assert b"decided" not in bytes(sealed)


@pytest.mark.clause("PF-4.15.1")
def test_continuing_category_3_stays_with_probation(records: World, cast: Cast) -> None:
    end = {"category": "3", "statutory_supervision": False, "why": "continuing_category_3"}
    refused = refusal(
        records,
        "nominals.categorise",
        cast.manager,
        nominal_id=cast.nominal,
        level=2,
        version=1,
        effective_on=TODAY,
        reason="Licence ended.",
        **(end | {"why": "assessment"}),
    )
    assert refused.code == "R17"
    assert "the police" in refused.message
    move(records, cast.manager, cast.nominal, **end)
    [row] = records.rows("SELECT category, owner_unit, owner_agency FROM nominal")
    assert tuple(row) == ("3", WEST_YORKSHIRE, "probation-service")
    # Its level may change while it stays with probation.
    move(records, cast.manager, cast.nominal, category="3", statutory_supervision=False, level=3, version=2)
    assert "continuing category 3" in history(records, cast.manager, cast.nominal)[1]["reason"]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"category": "3", "level": 1}, {"level"}),
        ({"category": "3", "statutory_supervision": None}, {"statutory_supervision"}),
        ({"category": "RSO"}, {"category", "lead_agency"}),
        ({"category": "PDP", "level": None}, {"authority", "review_on"}),
        ({"effective_on": date(2026, 4, 2)}, {"effective_on"}),
        ({"category": "1", "why": "continuing_category_3"}, {"why"}),
        ({"review_on": TODAY}, {"review_on"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, given: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as wrong:
        move(records, cast.manager, cast.nominal, **given)
    assert wrong.value.errors.keys() == fields
    assert records.rows("SELECT count(*) FROM nominal_change") == [(0,)]


def test_who_may_change_category(records: World, cast: Cast) -> None:
    for who, code in (
        (cast.prison, "R30"),
        (cast.partner, "R11"),
        (cast.lpc, "R11"),
        (records.person("pdu-N55BAC", "manager"), "R14"),
    ):
        with pytest.raises(Refusal) as refused:
            move(records, who, cast.nominal)
        assert refused.value.code == code
    move(records, cast.supervisor, cast.nominal, level=3)
    move(records, cast.cpc, cast.nominal, level=1, version=2)


@pytest.mark.clause("PI-3.4.1")
def test_who_rises_to_level_2_gets_police_partners(records: World) -> None:
    police = records.person(WEST_YORKSHIRE_POLICE, "partner")
    manager = records.person("pdu-N55LEE", "manager", "partner")
    nominal = records.nominal(level=1, manager_id=manager.person_id)
    move(records, manager, nominal)
    move(records, manager, nominal, level=3, version=2)
    assert records.rows("SELECT person_id FROM partnership") == [(police.person_id,)]
    assert len(records.events("records.standing.changed")) == 2  # one for each agency


def test_two_who_act_at_one_moment(records: World, cast: Cast) -> None:
    """Each saw version 1: one is in force, the other is shown what was saved meanwhile."""
    outcomes: list[object] = []
    barrier = threading.Barrier(2)

    def act(who: Principal, level: int) -> None:
        barrier.wait()
        try:
            outcomes.append(move(records, who, cast.nominal, level=level)["level"])
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=act, args=pair) for pair in ((cast.manager, 3), (cast.supervisor, 1))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert "stale" in outcomes
    assert len(outcomes) == 2
    assert records.rows("SELECT count(*) FROM nominal_change") == [(1,)]


@pytest.mark.clause("PF-4.15.2", "PF-4.15.3")
def test_deregistered_by_hand_and_registered_again(records: World, cast: Cast) -> None:
    given = {"deregistered_on": date(2026, 4, 1), "reason": "The panel ended it."}
    with pytest.raises(Invalid):
        records.run(
            "nominals.deregister",
            cast.manager,
            nominal_id=cast.nominal,
            **given | {"deregistered_on": date(2026, 4, 2)},
        )
    with pytest.raises(Invalid):
        records.run(
            "nominals.deregister",
            cast.manager,
            nominal_id=cast.nominal,
            **given | {"deregistered_on": date(2026, 3, 31)},
        )
    records.run("nominals.deregister", cast.manager, nominal_id=cast.nominal, **given)
    assert told(records, "records.archive.ready") == [("cpc", "Colin Cpc"), ("manager", "Mary Manager")]
    assert (
        refusal(records, "nominals.deregister", cast.manager, nominal_id=cast.nominal, **given).code == "R34"
    )
    records.run(
        "nominals.register_again",
        cast.manager,
        nominal_id=cast.nominal,
        reason="Entered on the wrong record.",
    )
    [(ended, _)] = records.events("records.nominal.registered_again")
    [(begun, _)] = records.events("records.nominal.deregistered")
    assert ended["deregistration_id"] == begun["deregistration_id"]
    assert [one["act"] for one in history(records, cast.manager, cast.nominal)] == [
        "registered_again",
        "deregistered",
    ]
    again_given = {"nominal_id": cast.nominal, "reason": "Twice."}
    assert refusal(records, "nominals.register_again", cast.manager, **again_given).code == "R34"


@pytest.mark.clause("PF-4.15.2")
def test_deregistered_by_ndelius(records: World, web: Callable[[Principal], Web]) -> None:
    manager = records.person("pdu-N55LEE", "manager", "partner")
    nominal = records.nominal(manager_id=manager.person_id, numbers={"crn": "X123456"})
    delius = feed("integration.ndelius")
    path = "/integrations/ndelius/deregistrations"

    def hear(who: Principal = delius, **given: Any) -> Any:
        body = {"crn": "x123456", "deregistered_on": "2026-04-01"} | given
        return web(who).send(path, body)

    assert hear(feed("integration.hmpps")).status_code == 403
    assert hear(crn="X1").status_code == 422
    assert hear(crn="X\x00").status_code == 422
    assert hear(deregistered_on="2027-01-01").status_code == 422
    assert hear(crn="X999999").json() == {"outcome": "no_record", "nominal_id": None}
    assert hear().json() == {"outcome": "taken", "nominal_id": str(nominal)}
    assert hear().json()["outcome"] == "known"
    assert len(records.events("records.nominal.deregistered")) == 1
    assert records.ask("nominals.summary", again(manager), nominal_id=nominal)["deregistered_on"] == TODAY


@pytest.mark.clause("SC-17.4.6", "SC-17.10")
@pytest.mark.parametrize(
    ("category", "level", "lead"),
    [("RSO", 1, "police"), ("RP", 2, "health_board"), ("ORSH", 2, "local_authority")],
)
def test_scotland_has_its_own_groups(records: World, category: str, level: int, lead: str) -> None:
    police = records.person(GLASGOW, "create", "manager", "partner")
    given = {**PERSON, "category": category, "level": level}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", police, **given)
    assert wrong.value.errors.keys() == {"lead_agency"}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", police, **given | {"category": "1", "level": 1})
    assert wrong.value.errors == {"category": ["Category 1 is not a category of Scotland"]}
    made = records.run("nominals.create", police, **given, lead_agency=lead)
    summary = records.ask("nominals.summary", police, nominal_id=UUID(made["nominal_id"]))
    assert (summary["jurisdiction"], summary["lead_agency"]) == ("SCT", lead)
    english = records.person(WEST_YORKSHIRE_POLICE, "create", "manager")
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", english, **given | {"surname": "Third"}, lead_agency=lead)
    assert wrong.value.errors.keys() == {"category"}


@pytest.mark.clause("SC-17.10")
def test_only_scotlands_groups_have_a_lead_agency(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    """Elsewhere none is asked for, none is taken, and a record that leaves Scotland has none any more."""
    scottish = records.person(GLASGOW, "create", "manager", "partner")
    english = records.person(WEST_YORKSHIRE_POLICE, "create", "manager")
    assert "Scottish Prison Service" in web(scottish).get("/nominals/create").text
    for path in ("/nominals/create", f"/nominals/{cast.nominal}/category/change"):
        page = web(english if "create" in path else cast.manager).get(path).text
        assert "Lead agency" not in page
    given = {**PERSON, "category": "1", "level": 1}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", english, **given, lead_agency="police")
    assert wrong.value.errors.keys() == {"lead_agency"}


@pytest.mark.clause("PF-1.3.2", "PF-2.1.1", "PF-7/ViSOR nominal.2")
@pytest.mark.parametrize(("unit", "category"), [(WEST_YORKSHIRE_POLICE, "PDP"), ("nca", "SOC")])
def test_beside_mappa_stands_an_authority_with_its_review(records: World, unit: str, category: str) -> None:
    """Neither convicted nor a case of probation: no level, no case number."""
    police = records.person(unit, "create", "manager", "partner")
    given = {**PERSON, "category": category}
    with pytest.raises(Invalid) as wrong:
        records.run("nominals.create", police, **given)
    assert wrong.value.errors.keys() == {"authority", "review_on"}
    given |= {"authority": "Superintendent Roe, 30 March 2026", "review_on": date(2026, 10, 1)}
    made = records.run("nominals.create", police, **given)
    summary = records.ask("nominals.summary", police, nominal_id=UUID(made["nominal_id"]))
    assert summary["authority"] == "Superintendent Roe, 30 March 2026"
    assert summary["review_on"] == date(2026, 10, 1)
    assert b"Superintendent" not in bytes(records.rows("SELECT authority FROM nominal")[0][0])
    # A review that is past may stay while something else is changed; only a new one must lie ahead.
    records.later(days=300)
    stands = {
        "category": category,
        "level": None,
        "statutory_supervision": None,
        "review_on": date(2026, 10, 1),
    }
    move(records, police, UUID(made["nominal_id"]), **stands, authority="Chief Superintendent Doe")


def test_the_summary_and_custody_leave_their_history_too(records: World, cast: Cast) -> None:
    change = {
        "version": 1,
        "risk_level": "high",
        "risk_reason": "By the panel.",
        "markers": ["weapons"],
        "address": "1 Example Street",
    }
    records.run("nominals.change", cast.manager, nominal_id=cast.nominal, **change)
    at = {"kind": "received", "prison": "prison-LEI", "at": "2026-03-30T10:00:00+00:00"}
    records.run("custody.record", cast.manager, nominal_id=cast.nominal, **at)
    custody, summary = history(records, cast.manager, cast.nominal)
    assert values(summary) == {
        "address": (None, "1 Example Street"),
        "markers": (None, "Weapons"),
        "risk_level": (None, "High"),
    }
    assert values(custody)["custody_prison"] == (None, "Leeds (HMP)")
    assert custody["effective_on"] == date(2026, 3, 30)


def test_who_reads_the_history(records: World, cast: Cast) -> None:
    assert refusal(records, "nominals.history", cast.stranger, nominal_id=cast.nominal).code == "R13"
    for level in range(30):
        move(
            records,
            cast.manager,
            cast.nominal,
            level=1 + level % 2,
            version=level + 1,
            statutory_supervision=False,
        )
    first = records.ask("nominals.history", cast.partner, nominal_id=cast.nominal)
    rest = records.ask("nominals.history", cast.partner, nominal_id=cast.nominal, before=first["next_before"])
    assert (len(first["changes"]), len(rest["changes"]), rest["next_before"]) == (25, 5, None)


def test_what_can_no_longer_be_read_is_left_out(records: World, cast: Cast) -> None:
    move(records, cast.manager, cast.nominal, level=3)
    records.runtime.keys.destroy(cast.nominal)
    [change] = history(records, cast.manager, cast.nominal)
    assert (change["values"], change["reason"], change["act"]) == (None, None, "mappa")


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    mary = web(cast.manager)
    base = f"/nominals/{cast.nominal}"
    typed = {
        "category": "2",
        "level": "3",
        "statutory_supervision": "True",
        "effective_on-day": "1",
        "effective_on-month": "4",
        "effective_on-year": "2026",
        **WHY,
    }
    wrong = mary.fill(f"{base}/category/change", **typed | {"reason": " "})
    assert wrong.status_code == 422
    assert mary.fill(f"{base}/category/change", **typed).status_code == 303
    page = mary.get(f"{base}/history").text
    assert "Level 3" in page
    assert "decided it" in page
    day = {"deregistered_on-day": "1", "deregistered_on-month": "4", "deregistered_on-year": "2026"}
    assert mary.fill(f"{base}/deregister", **day, reason="The panel ended it.").status_code == 303
    assert "deregistered on 1 April 2026" in mary.get(base).text
    assert mary.fill(f"{base}/register-again", reason="A mistake.").status_code == 303


OFFERED = "records.partnership.offered"


@pytest.mark.clause("PSI-5.3")
def test_a_prison_without_partners_is_offered_partnership_when_the_level_is_set(
    records: World, cast: Cast
) -> None:
    nominal = records.nominal(level=1, manager_id=cast.manager.person_id, custody_prison=PRISON)
    move(records, cast.manager, nominal)
    assert told(records, OFFERED) == [("prison_administrator", "Petra Prison")]
    records.partner(nominal, cast.prison)
    move(records, cast.manager, nominal, level=3, version=2)
    move(records, cast.manager, cast.nominal, level=1)
    assert len(records.events(OFFERED)) == 1, "neither where somebody is partner nor outside prison"
