"""Categories, levels and who owns the record of each."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from shared.reference.mappa import (
    UnknownCategory,
    categories,
    categories_of,
    level_allowed,
    levels,
    ownership,
    ownership_table,
    supervision_decides,
)


@pytest.mark.parametrize(
    ("category", "supervised", "owner"),
    [
        ("1", True, "police"),
        ("1", False, "police"),
        ("2", True, "probation"),
        ("2", False, "probation"),
        ("3", True, "probation"),
        ("3", False, "police"),
        ("4", True, "police"),
        ("PDP", False, "police"),
        ("SOC", False, "police"),
        ("RSO", False, "police"),
    ],
)
@pytest.mark.clause("PF-4.9", "PF-7/Police owned", "PF-7/nominal record owner.3", "PSI-2.3")
def test_each_category_has_its_owner(category: str, supervised: bool, owner: str) -> None:
    assert ownership(category, supervised=supervised).owner == owner


def test_every_category_has_exactly_one_owner_whether_supervised_or_not() -> None:
    for code in categories():
        for supervised in (True, False):
            matching = [
                row
                for row in ownership_table()
                if row.category == code and row.supervision in (None, supervised)
            ]
            assert matching == [ownership(code, supervised=supervised)]


@pytest.mark.clause("PF-7/CPC Prison.2")
def test_no_prison_owns_a_record() -> None:
    assert "prison" not in {row.owner for row in ownership_table()}


def test_only_category_3_asks_about_supervision() -> None:
    assert [code for code in categories() if supervision_decides(code)] == ["3"]


@pytest.mark.parametrize(
    ("category", "level", "allowed"),
    [
        ("1", "1", True),
        ("2", "3", True),
        ("3", "1", False),
        ("3", "2", True),
        ("PDP", None, True),
        ("PDP", "1", False),
        ("2", None, False),
        ("2", "4", False),
    ],
)
def test_levels_at_which_a_category_exists(category: str, level: str | None, allowed: bool) -> None:
    assert level_allowed(category, level) is allowed


@pytest.mark.clause("PF-1.1", "PF-1.3.2")
def test_categories_are_those_of_the_jurisdiction_and_those_that_are_not_mappa() -> None:
    assert [category.code for category in categories_of("ENG")] == ["1", "2", "3", "4", "PDP", "SOC"]
    assert categories_of("WLS") == categories_of("ENG")
    assert [category.code for category in categories_of("SCT")] == ["RSO", "RP", "ORSH", "PDP", "SOC"]
    assert [category.code for category in categories_of("NIR")] == ["PDP", "SOC"]
    assert [category.code for category in categories_of("ENG") if not category.is_mappa] == ["PDP", "SOC"]


def test_what_is_unknown_is_an_error() -> None:
    with pytest.raises(UnknownCategory):
        ownership("5", supervised=True)
    with pytest.raises(UnknownCategory):
        level_allowed("5", "1")
    with pytest.raises(ValueError, match="no jurisdiction"):
        categories_of("IRL")


def test_a_prison_alert_stands_for_one_category_and_level() -> None:
    alerts = [code for category in categories().values() for code in category.nomis.values()]
    assert len(alerts) == len(set(alerts)) == 14
    assert categories()["2"].nomis["2"] == "P77"
    assert set(levels()) == {"1", "2", "3"}


def test_refusals_are_numbered_without_a_gap_and_each_has_its_status_and_clause() -> None:
    table = tomllib.loads(files("shared.reference").joinpath("refusals.toml").read_text(encoding="utf-8"))
    assert list(table) == [f"R{number:02}" for number in range(1, len(table) + 1)]
    assert len(table) >= 30
    assert len({row["title"] for row in table.values()}) == len(table)
    for row in table.values():
        assert re.fullmatch(r"[A-Z_]+", row["title"])
        # 503: whoever has the answer cannot be asked at the moment.
        assert 400 <= row["status"] < 500 or row["status"] == 503
        assert row["clause"]
        named = set(re.findall(r"\{(\w+)\}", row["message"]))
        assert set(row.get("fills", {})) <= named
        assert row["message"].count("{") == len(re.findall(r"\{\w+\}", row["message"]))
