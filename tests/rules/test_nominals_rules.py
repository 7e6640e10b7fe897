"""Ages, levels and who creates what, at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from services.records.nominals.owners import force_of_area
from services.records.nominals.rules import (
    age_on,
    birth_problem,
    category_name,
    level_problem,
    may_create,
    needs_police_partner,
)
from shared.reference import mappa
from tests.servers.records import LEEDS, PRISON, WEST_YORKSHIRE_POLICE, principal

TODAY = date(2026, 4, 1)
TASKED = ("tasked_with_creation",)


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(1979, 4, 1), 47),
        (date(1979, 4, 2), 46),
        (date(2016, 4, 1), 10),
        (date(2000, 2, 29), 26),
    ],
)
def test_age_in_whole_years(born: date, age: int) -> None:
    assert age_on(born, TODAY) == age


def test_born_on_a_leap_day() -> None:
    assert age_on(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert age_on(date(2000, 2, 29), date(2026, 3, 1)) == 26


@pytest.mark.parametrize(
    ("born", "wrong"),
    [
        (date(2016, 4, 1), False),
        (date(2016, 4, 2), True),
        (date(2026, 4, 2), True),
        (date(1905, 4, 2), False),
        (date(1905, 4, 1), True),
    ],
)
def test_a_possible_date_of_birth(born: date, wrong: bool) -> None:
    assert bool(birth_problem(born, TODAY)) == wrong


@pytest.mark.parametrize(
    ("category", "level", "fits"),
    [
        ("1", 1, True),
        ("2", 3, True),
        ("2", None, False),
        ("2", 4, False),
        ("3", 1, False),
        ("3", 2, True),
        ("4", 1, True),
        ("PDP", None, True),
        ("PDP", 1, False),
        ("SOC", 2, False),
    ],
)
def test_levels(category: str, level: int | None, fits: bool) -> None:
    assert (level_problem(category, level) is None) == fits


@pytest.mark.clause("PI-3.4.1")
@pytest.mark.parametrize(
    ("category", "level", "needed"),
    [("2", 1, False), ("2", 2, True), ("2", 3, True), ("1", 3, False), ("PDP", None, False)],
)
def test_police_partner(category: str, level: int | None, needed: bool) -> None:
    assert needs_police_partner(category, level) == needed


@pytest.mark.clause("PF-4.9", "PF-7/Police owned", "PF-7/nominal record owner.3", "PF-7/CPC Prison.2")
@pytest.mark.parametrize("category", [*mappa.categories()])
@pytest.mark.parametrize("supervised", [True, False])
def test_each_category_has_one_kind_of_owner(category: str, supervised: bool) -> None:
    people = {
        "prison": principal(PRISON, "create", roles=TASKED),
        "probation": principal(LEEDS, "create", roles=TASKED),
        "police": principal(WEST_YORKSHIRE_POLICE, "create"),
    }
    owners = mappa.ownership(category, supervised=supervised).kinds
    for kind, who in people.items():
        refused = may_create(who, category, supervised=supervised)
        expected = "R30" if kind == "prison" else None if kind in owners else "R17"
        assert (refused.code if refused else None) == expected


@pytest.mark.clause("PF-7/ViSOR Tokens.2", "PF-4.10.1")
def test_the_token_comes_before_the_task() -> None:
    def code(*tokens: str, roles: tuple[str, ...] = ()) -> str | None:
        refused = may_create(principal(LEEDS, *tokens, roles=roles), "2", supervised=False)
        return refused.code if refused else None

    assert code("partner") == "R11"
    assert code("create") == "R32"
    assert code("create", roles=("practitioner",)) == "R32"
    assert code("create", roles=("case_administrator",)) is None


@pytest.mark.parametrize("category", ["1", "2", "3"])
def test_of_an_agency_that_owns_nothing_only_the_token_is_missing(category: str) -> None:
    """Table 4.2: a dash for `admin`, which is R11."""

    def code(*tokens: str) -> str | None:
        refused = may_create(principal("home-office", *tokens), category, supervised=True)
        return refused.code if refused else None

    assert code("admin") == "R11"
    assert code("create") == "R17"


def test_a_category_in_words() -> None:
    assert category_name("1") == "Category 1 – subject to sexual offender notification requirements"


def test_each_area_has_its_force() -> None:
    assert force_of_area("area-53") == "force-13"
    assert force_of_area("force-13") is None
