"""Spellings: what is looked up for a name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.search.nicknames import meant_by
from services.records.search.spelling import LONGEST, birth_dates, deletions, first, normal

names = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("written", "looked_up"),
    [
        ("O'Brien", "obrien"),
        ("SMITH-JONES", "smithjones"),
        ("van der Berg", "vanderberg"),
        ("Núñez", "nunez"),
        ("Weiß", "weiss"),
        ("Łukasz", "lukasz"),
        ("Søren", "soren"),
        ("  Mc Donald ", "mcdonald"),
        ("Müller", "muller"),
        ("李 明", "李明"),
        ("Иванов", "иванов"),
        ("", ""),
        ("x" * 300, "x" * LONGEST),
    ],
)
def test_a_name_in_its_normal_form(written: str, looked_up: str) -> None:
    assert normal(written) == looked_up


def test_of_forenames_the_first_is_looked_up() -> None:
    assert first("Darren Alan") == "darren"
    assert first("  ") == ""


@given(names, st.data())
def test_one_letter_wrong_still_meets(name: str, data: st.DataObject) -> None:
    """A letter left out, added, replaced or swapped with its neighbour: the two share a deletion."""
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    wrong = [
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    ]
    for spelling in wrong:
        assert set(deletions(name)) & set(deletions(spelling)), (name, spelling)


def test_deletions_are_the_name_and_each_letter_left_out() -> None:
    assert deletions("lee") == ["ee", "le", "lee"]
    assert deletions("a") == ["a"]
    assert deletions("") == [""]


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        (date(1979, 4, 3), [date(1979, 3, 4), date(1979, 4, 3)]),
        (date(1979, 4, 4), [date(1979, 4, 4)]),
        (date(1979, 4, 13), [date(1979, 4, 13)]),
        (date(1980, 2, 29), [date(1980, 2, 29)]),
    ],
)
def test_day_and_month_may_be_swapped(typed: date, looked_for: list[date]) -> None:
    assert birth_dates(typed) == looked_for


def test_nicknames_go_both_ways() -> None:
    assert "robert" in meant_by("bob")
    assert "bob" in meant_by("robert")
    assert meant_by("unheardof") == {"unheardof"}
    assert all(name in meant_by(name) for name in meant_by("alex"))
