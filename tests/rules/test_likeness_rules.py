"""Is this the same person? Thousands of pairs, written down with slips, and the edges of each rule."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.nominals.likeness import (
    Called,
    Facts,
    likeness,
    turned,
    typing_slips,
)
from services.records.search.spelling import birth_variants
from tests.rules.slips import Invented, invented, somebody_else, written_again

SHOWN_FROM = 60
BORN = date(1979, 4, 3)


def facts(one: Invented) -> Facts:
    return Facts((Called(one.forename, one.surname),), one.born)


@pytest.mark.clause("PF-4.16m.2")
def test_thousands_of_pairs_are_told_apart() -> None:
    """Sounds are told by the database alone, and are measured there; here spelling and order."""
    chance = random.Random(20260401)
    hits = misses = alarms = quiet = 0
    for _ in range(4_000):
        one = invented(chance)
        same = likeness(facts(written_again(chance, one)), facts(one)).score >= SHOWN_FROM
        other = somebody_else(chance, one)
        alarm = other != one and likeness(facts(other), facts(one)).score >= SHOWN_FROM
        hits, misses = hits + same, misses + (not same)
        alarms, quiet = alarms + alarm, quiet + (not alarm)
    precision, recall = hits / (hits + alarms), hits / (hits + misses)
    print(
        f"duplicates: precision {precision:.3f}, recall {recall:.3f} of {hits + misses} pairs, {alarms} false alarms"
    )
    assert recall >= 0.95
    assert precision >= 0.98


def score(born: date = BORN, forenames: str = "Darren", surname: str = "Example", **given: object) -> int:
    known = Facts((Called("Darren Alan", "Example"),), BORN, {"pnc": "2002/0073319Z"})
    asked = Facts((Called(forenames, surname),), born, **given)  # type: ignore[arg-type]
    return likeness(asked, known).score


@pytest.mark.clause("PF-4.16m.2")
def test_despite_two_slips_and_not_at_three_strangers() -> None:
    assert score(date(1979, 4, 8), surname="Exampel") >= SHOWN_FROM
    assert score(date(1979, 4, 8), forenames="Daren") >= SHOWN_FROM
    assert score(surname="Whittaker") < SHOWN_FROM
    assert score(forenames="Wilfred") < SHOWN_FROM
    assert score(date(1979, 11, 25)) < SHOWN_FROM


def test_numbers_weigh_most_either_way() -> None:
    slip = date(1979, 4, 8)
    assert score(date(1960, 1, 1), numbers={"pnc": "2002/0073319Z"}) >= SHOWN_FROM
    other = {"pnc": "2011/0123456K"}
    assert score(slip, surname="Exampel", numbers=other) < score(slip, surname="Exampel")


def test_an_address_adds() -> None:
    known = Facts((Called("Darren", "Example"),), date(1979, 11, 20), address_rank=0.5)
    asked = Facts((Called("Darren", "Exampel"),), BORN)
    without = likeness(asked, Facts(known.names, known.date_of_birth))
    found = likeness(asked, known)
    assert found.score > without.score
    assert "same address" in found.reasons


def test_it_says_why() -> None:
    asked = Facts((Called("Daz", "Sample"), Called("Darren", "Exampel")), date(1979, 3, 4))
    found = likeness(asked, Facts((Called("Darren", "Example"),), BORN))
    assert found.reasons == (
        "surname spelt nearly the same, same forename",
        "date of birth with day and month swapped",
    )


def test_a_common_name_says_less_than_a_rare_one() -> None:
    one, other = Facts((Called("John", "Smith"),), BORN), Facts((Called("John", "Smith"),), date(1979, 4, 8))
    assert likeness(one, other, rarity=5).score < likeness(one, other, rarity=10).score


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("same", "same", 0), ("smith", "smtih", 1), ("smith", "smyth", 1), ("smith", "smithe", 1), ("a", "", 1), ("ab", "ba", 1), ("smith", "jones", 5)],
)  # fmt: skip
def test_slips_of_typing_are_counted(one: str, other: str, slips: int) -> None:
    assert typing_slips(one, other) == typing_slips(other, one) == slips


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_no_more_slips_than_letters_and_none_only_for_the_same(one: str, other: str) -> None:
    slips = typing_slips(one, other)
    assert abs(len(one) - len(other)) <= slips <= max(len(one), len(other))
    assert (slips == 0) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "is_turned"), [("1967", "1976", True), ("1967", "1967", False), ("1967", "9167", True), ("1967", "7961", False)]
)  # fmt: skip
def test_two_digits_turned_round(one: str, other: str, is_turned: bool) -> None:
    assert turned(one, other) == is_turned


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.randoms())
def test_every_slip_of_a_date_is_among_its_variants(born: date, chance: random.Random) -> None:
    digits = list(f"{born:%Y%m%d}")
    digits[chance.randrange(8)] = chance.choice("0123456789")
    variants = birth_variants(born)
    assert born in variants
    try:
        slip = date.fromisoformat("".join(digits))
    except ValueError:
        return
    assert slip in variants
