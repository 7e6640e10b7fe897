"""Invented entries: what each says could have been entered by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.records.attachments.catalogue import catalogue
from services.records.attachments.rules import is_needed, written
from services.records.demonstration.attachments import WHOLE, attachments_of
from tests.services.test_records_nominals_demonstration import Invented

CREATED = date(2026, 1, 5)
TODAY = date(2027, 11, 30)
PEOPLE = [
    Invented(index, category=category, level=level, markers=markers)
    for index, (category, level, markers) in enumerate(
        [("2", "2", ("weapons",)), ("1", "1", ()), ("PDP", None, ("escaper",)), ("3", "3", ("violent",))] * 15
    )
]


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: f"{one.index}")
def test_every_invented_entry_fits_its_folder(one: Invented) -> None:
    for given in attachments_of(one, TODAY):
        checked = written(given.folder, given.values, jurisdiction="ENG", today=CREATED + timedelta(days=1))
        assert checked.wrong == {}, given.folder.key
        missing = [
            name
            for name, field in given.folder.fields.items()
            if is_needed(field, given.values) and given.values.get(name) is None
        ]
        assert missing == [], given.folder.key
        for name, field in given.folder.fields.items():
            if field.type == "choice" and name in given.values:
                assert given.values[name] in {choice.code for choice in field.choices}


def test_some_have_nearly_every_folder_and_all_together_each_that_needs_no_file() -> None:
    assert len(list(attachments_of(PEOPLE[2], TODAY))) >= 38
    later = [replace(PEOPLE[0], index=index) for index in range(WHOLE + 3, WHOLE + 49)]
    found = {given.folder.key for one in later for given in attachments_of(one, TODAY)}
    assert len(found) >= 38
    assert found < set(catalogue())
    assert 40 < sum(len(list(attachments_of(one, TODAY))) for one in later) < 150


def test_most_reviews_lie_ahead_and_some_were_missed() -> None:
    reviews = [
        given.values["next_review_date"]
        for one in PEOPLE
        for given in attachments_of(one, TODAY)
        if given.folder.key == "mappa_management"
    ]
    missed = [day for day in reviews if day < TODAY]
    assert 0 < len(missed) < len(reviews) / 4
    assert max(reviews) - TODAY <= timedelta(days=182)


def test_the_same_person_has_the_same_entries() -> None:
    assert [one.values for one in attachments_of(PEOPLE[1], TODAY)] == [
        one.values for one in attachments_of(PEOPLE[1], TODAY)
    ]
