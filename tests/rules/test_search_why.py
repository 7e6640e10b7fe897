"""How much a search must say, and why somebody was found, in words."""

from __future__ import annotations

from datetime import date

import pytest

from services.records.search.rules import Least, birth_words, name_words, says_too_little

LEAST = Least(frozenset({"number", "surname", "date_of_birth", "telephone"}), terms=2, letters=3)
BORN = date(1979, 4, 3)


@pytest.mark.clause("PF-7/Partner token.2")
@pytest.mark.parametrize(
    ("given", "surname", "enough"),
    [
        ({"number"}, "", True),
        ({"telephone"}, "", True),
        ({"date_of_birth"}, "", True),
        ({"surname"}, "Lee", True),
        ({"surname"}, "Ng", False),
        ({"surname", "forename"}, "Ng", True),
        ({"surname"}, "N-g '", False),
        (set(), "", False),
        ({"forename"}, "", False),
        ({"year_of_birth"}, "", False),
        ({"forename", "year_of_birth"}, "", False),
        ({"forename", "year_of_birth", "month_of_birth"}, "", False),
        ({"address"}, "", False),
        ({"address", "forename"}, "", True),
    ],
)
def test_how_much_a_search_says(given: set[str], surname: str, enough: bool) -> None:
    assert (says_too_little(frozenset(given), surname, LEAST) is None) == enough


@pytest.mark.parametrize(
    ("code", "forename", "words"),
    [
        (None, True, []),
        (0, True, ["same name"]),
        (1, True, ["same name (an alias)"]),
        (2, True, ["same name (a name noted on the record)"]),
        (0, False, ["same surname"]),
        (100_100, False, ["surname spelt nearly the same"]),
        (200_201, False, ["surname sounds alike (an alias)"]),
        (150_340, True, ["surname looks alike", "forename is a short or familiar form"]),
        (100_010, True, ["same surname", "forename spelt nearly the same"]),
        (100_050, True, ["same surname", "same initial"]),
    ],
)
def test_how_a_name_is_like_the_one_that_was_asked_for(
    code: int | None, forename: bool, words: list[str]
) -> None:
    assert name_words(code, forename=forename) == words


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (BORN, ["same date of birth"]),
        (date(1979, 3, 4), ["date of birth with day and month swapped"]),
        (date(1979, 4, 8), ["date of birth with one digit different"]),
        (date(1989, 4, 3), ["date of birth with one digit different"]),
        (date(1979, 12, 25), ["same year of birth"]),
        (date(1991, 12, 25), []),
    ],
)
def test_how_a_date_of_birth_is_like_it(born: date, words: list[str]) -> None:
    assert birth_words(born, date_of_birth=BORN) == words


@pytest.mark.parametrize(
    ("year", "month", "words"),
    [
        (1979, None, ["same year of birth"]),
        (1979, 4, ["same month and year of birth"]),
        (1979, 5, ["same year of birth, another month"]),
        (1981, None, ["year of birth is near"]),
        (1982, None, []),
        (None, None, []),
    ],
)
def test_how_a_part_of_a_date_is_like_it(year: int | None, month: int | None, words: list[str]) -> None:
    assert birth_words(BORN, date_of_birth=None, year=year, month=month) == words
