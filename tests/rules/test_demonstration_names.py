"""Names of invented people: spread, spelling, and familiar forms."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from deploy.demonstration.aliases import names_of
from deploy.demonstration.names import heritages, pick_heritage
from deploy.demonstration.spelling import misspell
from shared.reference.nicknames import forenames_alike, nicknames


def test_a_few_surnames_are_common_and_most_are_rare() -> None:
    chance = random.Random(7)
    surnames = Counter(pick_heritage(chance).surname(chance, "male") for _ in range(20_000))
    assert surnames.most_common(1)[0][0] == "Smith"
    assert 0.005 < surnames["Smith"] / 20_000 < 0.02
    assert sum(count == 1 for count in surnames.values()) > len(surnames) / 2


def test_every_heritage_has_forenames_for_both_sexes_and_every_generation() -> None:
    chance = random.Random(7)
    for heritage in heritages():
        for sex in ("male", "female"):
            for born in (1935, 1960, 1975, 2006):
                assert heritage.forename(chance, sex, born).isalpha()
    assert sum(heritage.share for heritage in heritages()) == 1000


def test_no_surname_holds_what_a_surname_cannot() -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'-")
    for heritage in heritages():
        for name in (*heritage.head.names, *heritage.tail.names):
            assert set(name) <= allowed, name
            assert name[0].isupper(), name


@given(st.sampled_from([name for heritage in heritages() for name in heritage.head.names]), st.integers())
def test_a_misspelling_is_near_the_name_and_never_the_name(name: str, seed: int) -> None:
    wrong = misspell(random.Random(seed), name)
    assert wrong != name
    assert wrong[0].isupper()
    assert abs(len(wrong) - len(name)) <= 3


def test_a_nominal_has_three_names_on_average_the_main_one_first_and_none_twice() -> None:
    everybody = [names_of(random.Random(n), "male", 1970) for n in range(3000)]
    assert 2.8 < sum(map(len, everybody)) / 3000 < 3.2
    for names in everybody:
        assert [name.kind for name in names].count("main") == 1
        assert names[0].kind == "main"
        assert len({(name.forenames, name.surname) for name in names}) == len(names)
    kinds = {name.kind for names in everybody for name in names}
    assert kinds == {"main", "alias", "former", "known_as", "misspelling"}


def test_familiar_forms_are_found_from_either_side() -> None:
    assert "Bill" in nicknames()["William"]
    assert "william" in forenames_alike()["bill"]
    assert "bill" in forenames_alike()["william"]
    assert all(name not in others for name, others in forenames_alike().items())
