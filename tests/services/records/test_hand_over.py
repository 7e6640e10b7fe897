"""Handing over a record, and all that somebody who leaves holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.records.hand_over.rules import holder_problem, may_hand_over
from shared.access.principal import Principal
from shared.refusals import Invalid, Refusal
from tests.servers.records import BRADFORD, LEEDS, WEST_YORKSHIRE_POLICE, World, again
from tests.services.records.conftest import Cast, Web, refusal, told

pytestmark = pytest.mark.usefixtures("nobody_is_forgotten")


@pytest.fixture
def nora(records: World) -> Principal:
    return records.person(LEEDS, "manager", "supervisor", "partner", name="Nora New")


def give(world: World, who: Principal, nominal: UUID, to: Principal, **given: Any) -> Any:
    stands = {"role": "manager", "to_id": to.person_id, "reason": ""}
    return world.run("hand_over.one", who, nominal_id=nominal, **(stands | given))


def holds(world: World, nominal: UUID) -> tuple[UUID, UUID]:
    [row] = world.rows("SELECT manager_id, supervisor_id FROM nominal WHERE id = :id", id=nominal)
    return row.manager_id, row.supervisor_id


@pytest.mark.clause("PF-4.16b", "PF-7/ViSOR Tokens.4")
def test_a_record_gets_another_manager(records: World, cast: Cast, nora: Principal) -> None:
    give(records, cast.cpc, cast.nominal, nora, reason="Mary goes on maternity leave.")
    assert holds(records, cast.nominal) == (nora.person_id, cast.supervisor.person_id)
    assert told(records, "records.hand_over.done") == [("manager", "Nora New")]
    assert records.events("records.standing.changed")
    summary = records.ask("nominals.summary", nora, nominal_id=cast.nominal)
    assert summary["standings"] == ["manager"]
    [change] = records.ask("nominals.history", nora, nominal_id=cast.nominal)["changes"]
    assert [(one["old"], one["new"]) for one in change["values"]] == [("Mary Manager", "Nora New")]
    assert change["reason"] == "Mary goes on maternity leave."
    assert refusal(records, "nominals.summary", again(cast.manager), nominal_id=cast.nominal).code == "R13"


def test_the_supervisor_may_be_the_manager_too(records: World, cast: Cast, nora: Principal) -> None:
    give(records, cast.supervisor, cast.nominal, nora, role="supervisor")
    give(records, cast.manager, cast.nominal, nora)
    assert holds(records, cast.nominal) == (nora.person_id, nora.person_id)


@pytest.mark.clause("PF-7/ViSOR Tokens.4")
@pytest.mark.parametrize("role", ["manager", "supervisor"])
def test_who_takes_over_holds_the_token(records: World, cast: Cast, role: str) -> None:
    partner = records.person(LEEDS, "partner", name="Pat Partner")
    refused = refusal(
        records,
        "hand_over.one",
        cast.cpc,
        nominal_id=cast.nominal,
        role=role,
        to_id=partner.person_id,
        reason="",
    )
    assert (refused.code, str(refused.contact and refused.contact.name)) == ("R11", "Pat Partner")


def test_who_may_not(records: World, cast: Cast, nora: Principal) -> None:
    for who, role, code in (
        (cast.prison, "manager", "R30"),
        (cast.partner, "manager", "R11"),
        (cast.manager, "supervisor", "R11"),
        (cast.supervisor, "manager", "R11"),
        (records.person(BRADFORD, "manager"), "manager", "R11"),
    ):
        with pytest.raises(Refusal) as refused:
            give(records, who, cast.nominal, nora, role=role)
        assert refused.value.code == code, who.name
    give(records, cast.lpc, cast.nominal, nora, role="supervisor")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, None),
        ({"active": False}, "Nora New has left"),
        ({"now": True}, "Nora New has this part already"),
        ({"same_agency": False}, "Nora New belongs to another agency than the record"),
        ({"shut_out": True}, "Access is limited, and Nora New is not on the list"),
    ],
)
def test_what_stands_against_a_new_holder(given: dict[str, bool], problem: str | None) -> None:
    usual = {"active": True, "same_agency": True, "shut_out": False, "now": False}
    assert holder_problem("Nora New", **(usual | given)) == problem


def test_each_hands_over_what_is_their_own() -> None:
    assert may_hand_over("manager", {"manager"})
    assert not may_hand_over("supervisor", {"manager", "partner", "central_support"})
    assert may_hand_over("supervisor", {"deputy"})


def test_nobody_of_another_agency_or_who_has_left(records: World, cast: Cast) -> None:
    police = records.person(WEST_YORKSHIRE_POLICE, "manager")
    gone = records.person(LEEDS, "manager", active=False)
    for to in (police, gone, cast.manager):
        with pytest.raises(Invalid) as wrong:
            give(records, cast.cpc, cast.nominal, to)
        assert wrong.value.errors.keys() == {"to_id"}


@pytest.mark.clause("PF-4.38.3", "PF-4.16b")
def test_all_records_of_a_leaver_with_a_choice(records: World, cast: Cast, nora: Principal) -> None:
    gone = records.person(LEEDS, "manager", active=False, name="Gary Gone")
    mine = [records.nominal(surname=name, manager_id=gone.person_id) for name in ("One", "Two", "Three")]
    elsewhere = records.nominal(
        manager_id=gone.person_id,
        owner_unit=WEST_YORKSHIRE_POLICE,
        owner_agency="police-13",
        managing_unit=WEST_YORKSHIRE_POLICE,
    )
    first, *_ = records.ask("hand_over.holders", cast.cpc)["holders"]
    assert (first["name"], first["active"], first["manager_of"]) == ("Gary Gone", False, 3)
    held = records.ask("hand_over.held", cast.cpc, person_id=gone.person_id)
    assert [one["name"] for one in held["nominals"]] == [
        f"Darren Alan {name}" for name in ("One", "Two", "Three")
    ]
    given = {"role": "manager", "to_id": nora.person_id, "reason": "", "person_id": gone.person_id}
    chosen = [str(one) for one in (*mine[:2], cast.nominal)]
    done = records.run("hand_over.many", cast.cpc, nominal_ids=chosen, **given)
    assert (done["handed_over"], done["left_out"]) == (2, 1), "the third is managed by somebody else"
    assert [data["count"] for data, _ in records.events("records.hand_over.done")] == [2]
    assert [action for action, *_ in records.audit()].count("hand_over.many") == 3
    assert holds(records, mine[2])[0] == gone.person_id
    refused = refusal(
        records, "hand_over.many", cast.cpc, nominal_ids=[str(mine[2]), str(elsewhere)], **given
    )
    assert refused.code == "R11"
    assert holds(records, mine[2])[0] == gone.person_id, "all or none"
    none = {"nominal_ids": [], **given}
    with pytest.raises(Exception, match="Choose between"):
        records.run("hand_over.many", cast.cpc, **none)


@pytest.mark.parametrize("many", [False, True])
def test_each_record_says_who_follows_whom(records: World, cast: Cast, nora: Principal, many: bool) -> None:
    """What was to be done on it goes along: notifications hears of every record, one or many."""
    given = {"role": "manager", "to_id": nora.person_id, "reason": ""}
    nominals = [cast.nominal]
    if many:
        nominals.append(records.nominal(manager_id=cast.manager.person_id))
        chosen = [str(one) for one in nominals]
        whose = cast.manager.person_id
        records.run("hand_over.many", cast.cpc, person_id=whose, nominal_ids=chosen, **given)
    else:
        records.run("hand_over.one", cast.cpc, nominal_id=cast.nominal, **given)
    facts = [data for data, _ in records.events("records.hand_over.holder_changed")]
    assert {data["nominal_id"] for data in facts} == {str(one) for one in nominals}
    for data in facts:
        assert (data["role"], data["managing_unit"]) == ("manager", LEEDS)
        assert data["previous_id"] == str(cast.manager.person_id)
        assert data["holder_id"] == str(nora.person_id)
    records.run(
        "hand_over.one",
        again(cast.cpc),
        nominal_id=cast.nominal,
        **given | {"role": "supervisor"},
    )
    *_, (last, _) = records.events("records.hand_over.holder_changed")
    assert (last["role"], last["previous_id"]) == ("supervisor", str(cast.supervisor.person_id))


def test_whoever_may_hand_over_nothing_sees_nobody(records: World, cast: Cast) -> None:
    assert refusal(records, "hand_over.holders", cast.partner).code == "R11"
    assert records.ask("hand_over.holders", records.person(BRADFORD, "lpc"))["holders"] == []


def test_two_who_act_at_one_moment(records: World, cast: Cast, nora: Principal) -> None:
    """Both give the same record away: one after the other, and the history says so."""
    other = records.person(LEEDS, "manager", name="Otto Other")
    barrier = threading.Barrier(2)

    def act(who: Principal, to: Principal) -> None:
        barrier.wait()
        give(records, who, cast.nominal, to)

    threads = [threading.Thread(target=act, args=pair) for pair in ((cast.cpc, nora), (cast.lpc, other))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    changes = records.rows("SELECT act FROM nominal_change")
    assert changes == [("handed_over",), ("handed_over",)]
    assert holds(records, cast.nominal)[0] in {nora.person_id, other.person_id}


def test_the_pages(records: World, cast: Cast, nora: Principal, web: Callable[[Principal], Web]) -> None:
    colin = web(cast.cpc)
    to = {"role": "manager", "to_id": str(nora.person_id)}
    base = f"/nominals/{cast.nominal}/hand-over"
    assert colin.fill(base, **to | {"to_id": "nobody"}).status_code == 422
    assert colin.fill(base, **to).status_code == 303
    assert "Nora New" in colin.get("/hand-over").text
    page = f"/hand-over/{nora.person_id}"
    assert colin.fill(page, role="manager", to_id=str(cast.manager.person_id)).status_code == 422
    done = colin.fill(page, role="manager", nominal_ids=str(cast.nominal), to_id=str(cast.manager.person_id))
    assert done.status_code == 303
    shown = colin.get(done.headers["location"].removeprefix("/records")).text
    assert "1 record was handed over" in shown
    assert "None that you may hand over" in shown
