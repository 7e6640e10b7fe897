"""What practitioners are to be told of their nominals, and that it was done (PF-4.27)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.access.principal import Principal
from shared.ids import new_id
from shared.refusals import Invalid
from tests.servers.records import LEEDS, World
from tests.services.records.conftest import Cast, Web, at_once, refusal, told
from tests.services.records.test_activity_log import write

TOLD = "records.practitioner.told"


@pytest.fixture
def practitioner(records: World, cast: Cast) -> Principal:
    who = records.person(LEEDS, "partner", roles=("practitioner",), name="Pru Practitioner")
    with records.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE nominal SET com_id = %s", (who.person_id,))
    records.partner(cast.nominal, who)
    return who


def lines(world: World, who: Principal) -> list[tuple[str | None, int, int]]:
    found = world.ask("practitioner_digest.read", who)["records"]
    return [(one["practitioner"], one["entries"], one["important"]) for one in found]


def tell(world: World, who: Principal, cast: Cast, through: Any) -> Any:
    given = {"nominal_id": cast.nominal, "how": "telephone", "through": str(through)}
    return world.run("practitioner_digest.tell", who, **given)


@pytest.mark.clause("PF-4.27", "PF-3b")
def test_the_administrator_sees_what_is_new_and_confirms_that_the_practitioner_was_told(
    records: World, cast: Cast, practitioner: Principal
) -> None:
    assert lines(records, cast.manager) == []
    write(records, cast.partner, cast)
    last = write(records, cast.partner, cast, important=True)
    write(records, practitioner, cast)
    write(records, cast.partner, cast, only_roles=["cpc"])
    assert lines(records, cast.manager) == [("Pru Practitioner", 2, 1)]
    assert lines(records, cast.lpc) == [], "she manages none"
    tell(records, cast.manager, cast, last["id"])
    assert told(records, TOLD) == [("offender_manager", "Pru Practitioner")]
    assert records.events(TOLD)[-1][0]["entries"] == 2
    assert lines(records, cast.manager) == []
    write(records, cast.partner, cast)
    assert lines(records, cast.manager) == [("Pru Practitioner", 1, 0)]


@pytest.mark.clause("PF-4.27")
def test_a_practitioner_who_is_no_user_is_told_by_word_of_mouth_only(records: World, cast: Cast) -> None:
    entry = write(records, cast.partner, cast)
    assert lines(records, cast.manager) == [(None, 1, 0)]
    tell(records, cast.manager, cast, entry["id"])
    assert told(records, TOLD) == []


def test_what_is_written_meanwhile_is_not_taken_as_told(records: World, cast: Cast) -> None:
    seen = write(records, cast.partner, cast)
    write(records, cast.partner, cast)
    tell(records, cast.manager, cast, seen["id"])
    assert lines(records, cast.manager) == [(None, 1, 0)]


def test_two_who_confirm_the_same_confirm_it_once(records: World, cast: Cast) -> None:
    entry = write(records, cast.partner, cast)
    results = at_once(
        *[lambda who=who: tell(records, who, cast, entry["id"]) for who in (cast.manager, cast.cpc)]
    )
    assert sum(isinstance(one, Invalid) for one in results) == 1
    assert len(records.events(TOLD)) == 1


def test_who_may_confirm_and_bad_input(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    entry = write(records, cast.partner, cast)
    given = {"nominal_id": cast.nominal, "how": "telephone", "through": UUID(entry["id"])}
    assert refusal(records, "practitioner_digest.tell", cast.stranger, **given).code == "R14"
    path = f"/nominals/{cast.nominal}/practitioner-told"
    for body in (
        {},
        {"how": "by owl", "through": entry["id"]},
        {"how": "telephone", "through": str(new_id())},
        {"how": "telephone", "through": "x"},
        {"how": None, "through": None},
    ):
        assert web(cast.manager).send(path, body).status_code == 422


def test_the_pages(records: World, cast: Cast, web: Callable[[Principal], Web]) -> None:
    manager = web(cast.manager)
    path = f"/nominals/{cast.nominal}/practitioner-told/new"
    assert manager.get(path).status_code == 409
    entry = write(records, cast.partner, cast, important=True)
    assert "1 important" in manager.get("/practitioner-digest").text
    assert manager.fill(path, through=entry["id"]).status_code == 422
    assert manager.fill(path, how="in_person", through=entry["id"]).status_code == 303
    assert "Every practitioner was told of everything" in manager.get("/practitioner-digest").text
