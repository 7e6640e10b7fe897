"""The duplicate check over a register: whom it finds in spite of slips, whom it leaves alone, and what it shows."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from services.records.nominals.duplicates import Likely, Person, likely
from shared.access.principal import Principal
from shared.refusals import Refusal
from shared.web.problems import of_refusal
from tests.rules.slips import (
    Invented,
    date_slip,
    invented,
    somebody_else,
    surname_slip,
    written_again,
)
from tests.servers.records import LEEDS, WEST_YORKSHIRE, World


@pytest.fixture
def administrator(records: World) -> Principal:
    records.person(WEST_YORKSHIRE, "cpc", name="Colin Cpc")
    return records.person(LEEDS, "create", "partner", "manager", roles=("tasked_with_creation",))


def check(world: World, who: Principal, one: Invented, **given: Any) -> list[Likely]:
    with world.runtime.work(who, "test") as work:
        return likely(work, Person(((one.forename, one.surname),), one.born, **{"numbers": {}, **given}))


def enter(world: World, one: Invented, **given: Any) -> str:
    nominal = world.nominal(forenames=one.forename, surname=one.surname, date_of_birth=one.born, **given)
    return str(nominal)


@pytest.mark.clause("PF-4.16m.2")
def test_people_are_found_again_and_strangers_pass(records: World, administrator: Principal) -> None:
    """One person for one slip more than the rules alone are tested with: candidates come from the database."""
    chance = random.Random(55)
    people = [invented(chance) for _ in range(250)]
    ids = [enter(records, one) for one in people]
    hits, twice, alarms = 0, 0, 0
    for one, id in zip(people[:120], ids, strict=False):
        found = {
            str(likely.line.nominal_id)
            for likely in check(records, administrator, written_again(chance, one))
        }
        hits += id in found
        both = date_slip(chance, surname_slip(chance, one))
        twice += id in {str(likely.line.nominal_id) for likely in check(records, administrator, both)}
        other = somebody_else(chance, one)
        alarms += other not in people and bool(check(records, administrator, other))
    print(
        f"duplicates over a register: {hits}/120 found, {twice}/120 with two slips, {alarms}/120 false alarms"
    )
    assert hits >= 115
    assert twice >= 112
    assert alarms <= 6


def test_what_only_sounds_alike_is_found(records: World, administrator: Principal) -> None:
    enter(records, Invented("Piotr", "Czajkowski", date(1979, 4, 3)))
    [found] = check(records, administrator, Invented("Piotr", "Tchaikovsky", date(1979, 4, 3)))
    assert found.reasons == ("surname sounds alike, same forename", "same date of birth")


def test_an_alias_and_an_address_count(records: World, administrator: Principal) -> None:
    records.nominal(aliases=("Daz Sample",), address="12 Acacia Avenue, Leeds")
    one = Invented("Daz", "Sampel", date(1979, 4, 8))
    [found] = check(records, administrator, one)
    assert found.score is not None
    assert found.score < 100
    assert found.reasons == (
        "surname spelt nearly the same, same forename",
        "date of birth with one digit different",
    )


@pytest.mark.clause("PF-4.16l.2", "PF-4.16m.2")
def test_of_a_hidden_record_no_score_and_no_reason(records: World, administrator: Principal) -> None:
    enter(records, Invented("Darren", "Example", date(1979, 4, 3)), limited_access=True)
    [found] = check(records, administrator, Invented("Darren", "Example", date(1979, 4, 3)))
    assert (found.score, found.reasons, found.line.visor_number, found.line.name) == (None, (), None, None)
    assert found.line.cpc is not None


@pytest.mark.clause("PF-4.16m.2")
def test_a_program_reads_the_likely_ones_with_the_refusal(records: World, administrator: Principal) -> None:
    enter(records, Invented("Darren", "Example", date(1979, 4, 3)))
    given = {"category": "2", "level": 2, "surname": "Exampel", "forenames": "Darren", "managing_unit": LEEDS}
    with pytest.raises(Refusal) as refused:
        records.run("nominals.create", administrator, **given, date_of_birth=date(1979, 4, 8))
    answer = of_refusal(refused.value).get_json()
    [found] = answer["likely"]
    assert found["line"]["visor_number"] == "V10000001"
    assert 60 <= found["score"] < 100
    assert found["reasons"] == [
        "surname spelt nearly the same, same forename",
        "date of birth with one digit different",
    ]
