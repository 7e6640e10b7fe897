"""ViSOR is accessed before temporary release is approved (section 25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import (
    NOMS,
    Cast,
    Web,
    agencies,
    at_once_behind,
    codes,
    feed,
    refusal,
    told,
)

CHECKED = "records.rotl.checked"
LEAVE = (NOW.date() + timedelta(days=3)).isoformat()


@pytest.fixture
def approver(records: World) -> Principal:
    """A manager of the prison, who holds no token."""
    return records.person(PRISON, roles=("approving_manager",), name="Ann Approver")


@pytest.fixture
def prison(records: World, cast: Cast) -> Principal:
    records.partner(cast.nominal, cast.prison)
    return cast.prison


def check(world: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    return world.run("rotl.check", who, **{"nominal_id": cast.nominal, "outcome": "no_risk"} | changes)


def approve(world: World, who: Principal, **changes: Any) -> Any:
    return world.run("rotl.approve", who, **{"noms": NOMS, "leave_on": LEAVE} | changes)


@pytest.mark.clause("PF-5.23.1")
def test_leave_is_approved_only_after_a_check_by_that_prison_in_the_last_fortnight(
    records: World, cast: Cast, prison: Principal, approver: Principal
) -> None:
    given = {"noms": NOMS, "leave_on": LEAVE}
    assert refusal(records, "rotl.approve", approver, **given).code == "R26"
    elsewhere = records.person("prison-WSI", "partner", name="Else Where")
    records.partner(cast.nominal, elsewhere)
    check(records, elsewhere, cast)
    assert refusal(records, "rotl.approve", approver, **given).code == "R26", "another prison's check"
    check(records, prison, cast)
    assert approve(records, approver)["outcome"] == "no_risk"
    records.later(days=14)
    later = (NOW.date() + timedelta(days=20)).isoformat()
    approve(records, approver, leave_on=later)
    records.later(days=1)
    again = given | {"leave_on": (NOW.date() + timedelta(days=21)).isoformat()}
    assert refusal(records, "rotl.approve", approver, **again).code == "R26", "too long ago"


@pytest.mark.clause("PF-5.23.1")
def test_the_prisons_own_system_is_refused_in_the_same_way(
    records: World, cast: Cast, prison: Principal
) -> None:
    given = {"noms": NOMS.lower(), "leave_on": LEAVE, "prison": "LEI"}
    assert refusal(records, "rotl.hear_approval", feed(), **given).code == "R26"
    check(records, prison, cast)
    assert records.run("rotl.hear_approval", feed(), **given)["outcome"] == "no_risk"
    assert refusal(records, "rotl.hear_approval", feed("integration.ndelius"), **given).code == "R11"
    with pytest.raises(Invalid):
        records.run("rotl.hear_approval", feed(), **given | {"prison": "ZZZ"})


@pytest.mark.clause("PF-5.23.2")
def test_what_was_found_is_for_those_who_read_the_record(
    records: World, cast: Cast, prison: Principal, approver: Principal
) -> None:
    check(records, prison, cast, outcome="risk", text="His former partner lives near the open prison.")
    [(kept,)] = records.rows("SELECT text FROM rotl_check")
    assert b"partner" not in bytes(kept)
    shown = records.ask("rotl.checks", cast.manager, nominal_id=cast.nominal)["checks"]
    assert shown[0]["text"] == "His former partner lives near the open prison."
    answer = approve(records, approver)
    assert answer["outcome"] == "risk"
    assert "partner" not in str(answer)
    assert refusal(records, "rotl.checks", approver, nominal_id=cast.nominal).code == "R11"
    with pytest.raises(Invalid) as wrong:
        check(records, prison, cast, outcome="risk", text="  ")
    assert set(wrong.value.errors) == {"text"}


@pytest.mark.clause("PF-5.23.2")
def test_what_is_referred_goes_to_the_owner(records: World, cast: Cast, prison: Principal) -> None:
    check(records, prison, cast)
    assert told(records, CHECKED) == []
    assert agencies(records, CHECKED) == ["police-13", "prison-service", "probation-service"]
    check(records, prison, cast, outcome="referred", text="Please look at the condition on contact.")
    assert told(records, CHECKED) == [("manager", "Mary Manager")]
    assert records.events(CHECKED)[-1][0]["lasts_until"] == "2026-04-15"


def test_who_may_check_and_who_may_approve(records: World, cast: Cast, approver: Principal) -> None:
    given = {"nominal_id": cast.nominal, "outcome": "no_risk"}
    for who, code in ((cast.prison, "R13"), (cast.manager, "R32"), (approver, "R11"), (cast.stranger, "R13")):
        assert refusal(records, "rotl.check", who, **given).code == code
    records.run(
        "access.open",
        cast.prison,
        nominal_id=cast.nominal,
        reason_type="security_review",
        reason="He has applied for leave and we must know the risk.",
    )
    check(records, cast.prison, cast)  # whoever opened it with a reason has accessed it
    for who in (cast.prison, cast.manager, cast.admin):
        assert refusal(records, "rotl.approve", who, noms=NOMS, leave_on=LEAVE).code == "R32"
        assert refusal(records, "rotl.approvals", who).code == "R32"
    approve(records, records.person(PRISON, roles=("governor",), name="Gus Governor"))


@pytest.mark.usefixtures("cast")
def test_one_who_is_not_on_the_register(
    records: World, approver: Principal, web: Callable[[Principal], Web]
) -> None:
    answer = approve(records, approver, noms="A9999ZZ")
    assert (answer["id"], answer["outcome"]) == (None, "no_record")
    assert records.rows("SELECT FROM rotl_approval") == []
    day = NOW.date() + timedelta(days=3)
    typed = {f"leave_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    sent = web(approver).fill("/rotl/approvals/new", noms="A9999ZZ", **typed)
    shown = web(approver).get(sent.headers["location"].removeprefix("/records")).text
    assert "nobody on the register has this prison number" in shown, "a number typed wrong is no approval"
    assert "No leave" in shown


def test_two_who_approve_at_one_moment(
    records: World, cast: Cast, prison: Principal, approver: Principal
) -> None:
    check(records, prison, cast)
    other = records.person(PRISON, roles=("governor",), name="Gus Governor")
    both = at_once_behind(
        records, "SELECT FROM nominal", *(lambda who=who: approve(records, who) for who in (approver, other))
    )
    assert codes(both) == ["R34", "done"]
    assert len(records.rows("SELECT FROM rotl_approval")) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"noms", "leave_on"}),
        ({"noms": "1234", "leave_on": "soon", "more": 1}, {"noms", "leave_on", "more"}),
        ({"noms": ["A0002AA"], "leave_on": "2020-01-01"}, {"noms"}),
        ({"noms": "A0002AA", "leave_on": "2020-01-01"}, {"leave_on"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World,
    approver: Principal,
    web: Callable[[Principal], Web],
    body: dict[str, Any],
    fields: set[str],
) -> None:
    answer = web(approver).send("/rotl/approvals", body)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["errors"]) == fields


@pytest.mark.clause("PF-5.23.1", "PF-5.23.2")
def test_the_pages_and_the_report(
    records: World,
    cast: Cast,
    prison: Principal,
    approver: Principal,
    web: Callable[[Principal], Web],
) -> None:
    base = f"/nominals/{cast.nominal}/rotl"
    user, manager = web(prison), web(approver)
    assert "No check is recorded." in user.get(base).text
    assert web(cast.manager).get(f"{base}/new").status_code == 403
    wrong = user.fill(f"{base}/new", outcome="risk", text="")
    assert wrong.status_code == 422
    assert user.fill(f"{base}/new", outcome="risk", text="Near a school.").status_code == 303
    assert "Near a school." in user.get(base).text
    day = NOW.date() + timedelta(days=3)
    typed = {"leave_on-day": str(day.day), "leave_on-month": str(day.month), "leave_on-year": str(day.year)}
    refused = manager.http.get("/records/rotl/approvals")
    assert refused.status_code == 200
    sent = manager.fill("/rotl/approvals/new", noms=NOMS, **typed)
    assert sent.status_code == 303, sent.text
    assert "Ann Approver" in manager.get("/rotl/approvals").text
    for who in (cast.prison_cpc, cast.manager, cast.cpc, approver):
        (row,) = web(who).http.get("/records/api/reports/rpt-28").json()["rows"]
        assert (row["outcome"], row["approvals"], row["last_leave"]) == ("Risk described", 1, day.isoformat())
    assert web(cast.stranger).http.get("/records/api/reports/rpt-28").status_code == 403
    assert UUID(str(records.rows("SELECT id FROM rotl_check")[0][0]))
    assert web(cast.cpc).get("/reports/rpt-28").status_code == 200
