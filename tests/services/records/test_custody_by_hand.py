"""A move entered by hand, and the page of moves (PF-5.18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.access.principal import Principal
from shared.refusals import Invalid
from tests.servers.records import NOW, PRISON, World
from tests.services.records.conftest import Cast, Web, agencies, at_once, feed, refusal, told
from tests.services.records.test_custody_messages import message

AT = (NOW - timedelta(hours=2)).isoformat()
RECEIVED = "records.custody.received"


def enter(world: World, who: Principal, cast: Cast, **changes: Any) -> Any:
    given = {"kind": "received", "prison": PRISON, "at": AT} | changes
    return world.run("custody.record", who, nominal_id=cast.nominal, **given)


@pytest.mark.clause("PF-5.18", "PF-5.13.1")
def test_a_reception_by_hand_starts_the_prisons_clock(records: World, cast: Cast) -> None:
    answer = enter(records, cast.manager, cast)
    assert answer["entered_by"] == str(cast.manager.person_id)
    assert told(records, RECEIVED) == [("prison_administrator", "Petra Prison")]
    assert records.rows("SELECT custody_prison FROM nominal") == [(PRISON,)]
    assert agencies(records, "records.nominal.changed") == ["police-13", "probation-service"]


def test_who_may_enter_a_move(records: World, cast: Cast) -> None:
    for number, who in enumerate((cast.manager, cast.supervisor, cast.partner, cast.cpc)):
        enter(records, who, cast, at=(NOW - timedelta(days=number + 1)).isoformat())
    assert refusal(records, "custody.record", cast.prison, **_given(cast)).code == "R14"
    assert refusal(records, "custody.record", cast.admin, **_given(cast)).code == "R11"
    archived = records.nominal(status="archived", partners=(cast.partner,))
    assert refusal(records, "custody.record", cast.partner, **_given(cast, archived)).code == "R27"
    limited = records.nominal(limited_access=True, partners=(cast.partner,))
    assert refusal(records, "custody.record", cast.partner, **_given(cast, limited)).code == "R15"


def _given(cast: Cast, nominal: object = None) -> dict[str, Any]:
    return {"nominal_id": nominal or cast.nominal, "kind": "received", "prison": PRISON, "at": AT}


@pytest.mark.parametrize(
    ("at", "says"),
    [((NOW + timedelta(days=1)).isoformat(), "future"), ("1899-01-01T00:00:00+00:00", "year")],
)
def test_a_move_has_happened(records: World, cast: Cast, at: str, says: str) -> None:
    with pytest.raises(Invalid) as wrong:
        enter(records, cast.manager, cast, at=at)
    assert says in wrong.value.errors["at"][0]
    assert records.audit()[-1] == ("custody.record", "failed", None)


def test_one_move_told_by_hand_and_by_the_prison_is_one(records: World, cast: Cast) -> None:
    enter(records, cast.manager, cast)
    with pytest.raises(Invalid, match="1 fields"):
        enter(records, cast.partner, cast)
    assert records.run("custody.hear", feed(), Message=message())["outcome"] == "known"
    assert len(records.events(RECEIVED)) == 1

    with pytest.raises(Invalid):
        enter(records, cast.manager, cast, at=NOW.isoformat())


def test_two_who_enter_the_same_move_at_once_enter_one(records: World, cast: Cast) -> None:
    results = at_once(lambda: enter(records, cast.manager, cast), lambda: enter(records, cast.partner, cast))
    assert sum(isinstance(one, Invalid) for one in results) == 1
    assert records.rows("SELECT count(*) FROM custody_movement") == [(1,)]


def test_the_page_and_its_form(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    base = f"/nominals/{cast.nominal}/custody"
    manager = web(cast.manager)
    assert "No move into or out of prison" in manager.get(base).text
    typed = {"at-day": "31", "at-month": "3", "at-year": "2026", "at-time": "9:15am"}

    sent = manager.fill(f"{base}/new", kind="received", prison=PRISON, **typed)

    assert sent.status_code == 303
    records.run("custody.hear", feed(), Message=message())
    shown = manager.get(base).text
    assert "31 March 2026 at 9:15am" in shown
    assert "Mary Manager" in shown
    assert "The prison’s system" in shown
    assert "Enter a move" in shown
    wrong = manager.fill(f"{base}/new", prison=PRISON, **{"at-day": "31"})
    assert wrong.status_code == 422
    assert "Answer ‘What happened?’" in wrong.text
    assert "must include a month and a year" in wrong.text


def test_who_may_not_enter_a_move_is_told_before_typing(
    records: World, cast: Cast, web: Callable[[Principal], Web]
) -> None:
    answer = web(cast.prison).get(f"/nominals/{cast.nominal}/custody/new")
    assert answer.status_code == 403
    assert "not partnered" in answer.text
    partner = records.person("force-13", "partner", name="Reads Only")
    assert refusal(records, "custody.movements", partner, nominal_id=cast.nominal).code == "R13"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"kind", "prison", "at"}),
        ({"kind": "moved", "prison": "prison-ZZZ", "at": "2026-04-01T08:00:00"}, {"kind", "prison", "at"}),
        ({"kind": None, "prison": 3, "at": [], "surprise": 1}, {"kind", "prison", "at", "surprise"}),
    ],
)
def test_bad_input_is_named_field_by_field(
    records: World, cast: Cast, web: Callable[[Principal], Web], body: dict[str, Any], fields: set[str]
) -> None:
    answer = web(cast.manager).send(f"/nominals/{cast.nominal}/custody", body)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == fields
    assert records.rows("SELECT count(*) FROM custody_movement") == [(0,)]


MOVED = "records.custody.moved"


@pytest.mark.clause("PF-5.19.1")
def test_the_owner_hears_that_the_person_was_moved_to_another_prison(records: World, cast: Cast) -> None:
    enter(records, cast.manager, cast, at=(NOW - timedelta(days=9)).isoformat())
    assert records.events(MOVED) == [], "received from court, not moved"
    enter(records, cast.manager, cast, prison="prison-WSI", at=(NOW - timedelta(days=1)).isoformat())
    assert told(records, MOVED) == [("manager", "Mary Manager")]
    assert records.events(MOVED)[-1][0]["from_prison"] == PRISON


@pytest.mark.clause("PF-5.19.1")
def test_without_a_manager_the_cpc_of_the_owner_hears_it(records: World, cast: Cast) -> None:
    nominal = records.nominal(surname="Nobodys", partners=(cast.partner,))
    for prison, days in ((PRISON, 9), ("prison-WSI", 1)):
        at = (NOW - timedelta(days=days)).isoformat()
        records.run("custody.record", cast.partner, nominal_id=nominal, kind="received", prison=prison, at=at)
    assert told(records, MOVED) == [("cpc", "Colin Cpc")]
