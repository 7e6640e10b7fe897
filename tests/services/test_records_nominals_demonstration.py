"""A caseload of invented people: whole, found by its names, opened by its people, and the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import pytest

from services.records.access.authorise import facts
from services.records.attachment_files.parts import photograph
from services.records.demonstration import load
from services.records.demonstration.loading import NotEmptyError
from services.records.demonstration.photographs import MANY, drawn
from services.records.demonstration.rows import marker_code, nominal_id
from shared.access.principal import Principal
from shared.ids import derived_id
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE, World, empty, principal


@dataclass(frozen=True)
class User:
    unit: str
    agency: str
    post: str = "manager"


@dataclass(frozen=True)
class Called:
    kind: str
    forenames: str
    surname: str


@dataclass(frozen=True)
class Custody:
    prison: str = PRISON
    received_on: date = date(2026, 3, 1)


@dataclass(frozen=True)
class Around:
    manager: str = "mia.manager"
    supervisor: str = "sue.pervisor"
    partners: tuple[str, ...] = ("petra.prison",)
    offender_manager: str | None = "petra.prison"


@dataclass(frozen=True)
class Entry:
    on: date
    author: str
    kind: str
    text: str


@dataclass(frozen=True)
class Invented:
    index: int = 0
    visor_number: str = "V90000001"
    names: tuple[Called, ...] = (
        Called("main", "Darren Alan", "Example"),
        Called("misspelling", "Darren", "Exampel"),
    )
    sex: str = "male"
    date_of_birth: date = date(1979, 4, 3)
    pnc: str | None = "2002/0073319Z"
    cro: str | None = None
    noms: str | None = "A1234BC"
    crn: str | None = None
    category: str = "2"
    level: str | None = "2"
    supervised: bool = True
    owner_unit: str = WEST_YORKSHIRE
    owner_agency: str = "probation-service"
    managing_unit: str = LEEDS
    around: Around = field(default_factory=Around)
    custody: Custody | None = field(default_factory=Custody)
    risk: str = "high"
    markers: tuple[str, ...] = ("self-harm", "dangerous animal")
    address: str = "1 Example Street"
    town: str = "Leeds"
    created_on: date = date(2026, 1, 5)
    status: str = "live"
    limited_access: bool = False
    remark: str = "Invented for demonstration."


USERS = {
    "mia.manager": User(LEEDS, "probation-service"),
    "sue.pervisor": User(LEEDS, "probation-service"),
    "petra.prison": User(PRISON, "prison-service"),
}


def person_id(username: str) -> UUID:
    return derived_id("demonstration-person", username)


def somebody(username: str, *tokens: str) -> Principal:
    return principal(USERS[username].unit, *tokens, person_id=person_id(username))


def several(count: int) -> Iterator[Invented]:
    for index in range(count):
        yield Invented(index, f"V{90_000_001 + index}", pnc=None, noms=None)


def test_everything_of_a_nominal_is_there(records: World) -> None:
    written = Entry(date(2026, 2, 1), "petra.prison", "key_work", "Met on the wing.")

    assert load(records.runtime, [Invented()], USERS, person_id, entries=lambda _one: iter([written])) == 1

    manager = somebody("mia.manager", "manager")
    page = records.ask("front_page.read", manager, nominal_id=nominal_id(0))
    assert page["name"] == "Darren Alan Example"
    assert page["aliases"] == ["Darren Exampel"]
    assert page["identifiers"] == [
        {"kind": "noms", "value": "A1234BC"},
        {"kind": "pnc", "value": "2002/0073319Z"},
    ]
    assert page["markers"] == ["Self-harm", "Dangerous animal"]
    assert page["custody"]["code"] == PRISON
    assert page["offender_manager_role"] == "POM"
    assert [entry.text for entry in page["recent"]] == ["Met on the wing."]
    assert page["standings"] == ["manager"]
    partner = somebody("petra.prison", "partner")
    assert records.ask("nominals.summary", partner, nominal_id=nominal_id(0))["standings"] == ["partner"]
    # What is written about the record from now on needs its key.
    assert records.runtime.encrypt(nominal_id(0), "test", "text")


def test_the_first_have_a_photograph(records: World) -> None:
    load(records.runtime, several(MANY + 2), USERS, person_id)
    manager = somebody("mia.manager", "manager")
    with records.runtime.work(manager, "test") as work:
        shown = [photograph(work, facts(work, nominal_id(index))) for index in (0, MANY - 1, MANY)]
        assert shown[2] is None
        for part in shown[:2]:
            assert part is not None
            assert (part["alt"], part["src"] is None) == ("Photograph taken 16 December 2025", False)
    assert drawn(3, (48, 60)) == drawn(3, (48, 60)) != drawn(4, (48, 60))


def test_it_is_found_by_name_and_goes_on_with_real_numbers(records: World) -> None:
    load(records.runtime, [Invented()], USERS, person_id)
    searcher = records.person(PRISON, "partner")
    [line] = records.ask("search.nominals", searcher, surname="Eksample", forename="Daren").results
    assert line.visor_number == "V90000001"
    # The dictionary goes on counting: a new name gets an id of its own.
    records.nominal(surname="Newcomer")
    [line] = records.ask("search.nominals", searcher, surname="Newcomer").results
    assert line.visor_number == "V10000001"


def test_the_same_caseload_is_the_same_every_time(records: World) -> None:
    def everything() -> list[object]:
        tables = ("nominal", "nominal_name", "partnership", "surname", "custody_movement")
        return [records.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables]

    load(records.runtime, several(20), USERS, person_id)
    before = everything()
    empty(records.engine)
    load(records.runtime, several(20), USERS, person_id)
    assert everything() == before


def test_under_limited_access_the_manager_is_listed(records: World) -> None:
    load(records.runtime, [Invented(limited_access=True)], USERS, person_id)
    manager = somebody("mia.manager", "manager")
    assert records.ask("nominals.summary", manager, nominal_id=nominal_id(0))["limited_access"]


def test_a_register_with_records_in_it_is_left_alone(records: World) -> None:
    records.nominal()
    with pytest.raises(NotEmptyError):
        load(records.runtime, [Invented()], USERS, person_id)
    assert records.rows("SELECT count(*) FROM nominal") == [(1,)]


def test_a_load_that_fails_leaves_nothing_behind(records: World) -> None:
    twice = [Invented(), replace(Invented(), index=1)]  # one PNC for two people
    with pytest.raises(Exception, match="nominal_visor_number"):
        load(records.runtime, twice, USERS, person_id)
    assert records.rows("SELECT count(*) FROM nominal") == [(0,)]
    load(records.runtime, [Invented()], USERS, person_id)


def test_progress_is_told(records: World) -> None:
    told: list[tuple[str, int]] = []
    load(
        records.runtime,
        several(7),
        USERS,
        person_id,
        progress=lambda what, number: told.append((what, number)),
    )
    assert told == [("nominals", 7), ("dictionaries", 3)]


def test_a_marker_that_the_register_has_not_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        marker_code("left-handed")
