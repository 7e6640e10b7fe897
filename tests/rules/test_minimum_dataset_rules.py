"""Which folders each agency must answer, by date and category, and when it has."""

from __future__ import annotations

from datetime import date

import pytest

from services.records.attachments.catalogue import catalogue
from services.records.minimum_dataset.rules import (
    codes_of,
    datasets,
    kind_of,
    measure,
    own_dataset,
)

NOW = date(2026, 4, 1)


@pytest.mark.clause("PI-3.6.1", "PSI-5.3.2.1")
def test_the_version_of_a_day() -> None:
    names = {agency: one.name for agency, one in datasets(date(2010, 1, 1)).items()}
    assert names["probation"] == "Minimum data set for probation in the 2007 guidance"
    assert names["prison"] == "HMPS minimum dataset of 2009"
    assert datasets(date(2023, 1, 15))["prison"].name == names["prison"]
    assert datasets(date(2023, 1, 16))["prison"].name == "Prison minimum dataset"
    assert datasets(date(2009, 10, 4)) == {}
    assert sorted(datasets(NOW)) == ["police", "prison", "probation"]


def test_todays_are_those_of_the_catalogue() -> None:
    found = datasets(NOW)
    assert {name: len(one.wants) for name, one in found.items()} == {
        "police": 33,
        "probation": 23,
        "prison": 15,
    }
    for one in found.values():
        assert {want.folder for want in one.wants} <= catalogue().keys()


@pytest.mark.parametrize(
    ("category", "folder", "asked"),
    [
        ("1", "notification_events", True),
        ("2", "notification_events", False),
        ("4", "terrorism_notification", True),
        ("1", "terrorism_notification", False),
        ("PDP", "pdp_soc_grounds", True),
        ("2", "addresses", True),
    ],
)
def test_what_is_asked_depends_on_the_category(category: str, folder: str, asked: bool) -> None:
    assert (folder in {want.folder for want in datasets(NOW)["police"].of(category)}) is asked


@pytest.mark.clause("PF-4.23")
def test_it_is_met_by_an_entry_or_by_saying_that_nothing_is_known() -> None:
    prison = datasets(NOW)["prison"]
    all_of_it = [want.folder for want in prison.of("2")]
    none = measure(prison, "2", [], {})
    assert (none.answered, len(none.missing)) == (0, len(all_of_it))
    but_two = measure(prison, "2", [*all_of_it[2:], "vehicles"], {all_of_it[0]: NOW})
    assert [want.folder for want in but_two.missing] == [all_of_it[1]]
    assert but_two.answered == len(all_of_it) - 1
    own = measure(prison, "2", all_of_it[2:], {}, all_of_it[:1])
    assert ([want.folder for want in own.missing], own.answered) == ([all_of_it[1]], len(all_of_it) - 1)
    both_ways = measure(prison, "2", all_of_it, dict.fromkeys(all_of_it, NOW))
    assert (both_ways.answered, both_ways.missing) == (len(all_of_it), [])


def test_whose_meter_a_reader_sees() -> None:
    assert own_dataset("prison", "police-13") == "prison"
    assert own_dataset("national", "police-13") == "police"
    assert own_dataset("other", "probation-service") == "probation"
    assert kind_of("home-office") is None
    assert "police-13" in codes_of("police")
