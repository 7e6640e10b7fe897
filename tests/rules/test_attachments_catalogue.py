"""The catalogue against the requirements' own list, and what the service refuses to start with."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.records.attachments.catalogue import (
    COUNT,
    CatalogueError,
    Folder,
    catalogue,
    check,
    common,
    folder_of,
)
from services.records.attachments.inputs import added, changed
from shared.reference.formats import FORMATS

REQUIRED = json.loads(Path(__file__).with_name("attachments_as_required.json").read_text(encoding="utf-8"))
# What the requirements write as the condition of a minimum dataset, and how the catalogue says it.
CONDITIONS = {"cat 1": ("1",), "cat 4": ("4",), "PDP or SOC": ("PDP", "SOC")}
JURISDICTIONS = {"ENG", "WLS", "SCT", "NIR"}


@pytest.mark.clause("PF-7/Attachments.1")
def test_there_are_the_47_folders_of_the_requirements() -> None:
    assert len(catalogue()) == COUNT == len(REQUIRED)
    by_number = sorted(catalogue().values(), key=lambda folder: folder.number)
    assert [folder.key for folder in by_number] == [one["key"] for one in REQUIRED]
    assert sum(len(folder.fields) for folder in by_number) == 345


@pytest.mark.parametrize("required", REQUIRED, ids=lambda one: one["key"])
def test_each_folder_is_as_required(required: dict[str, Any]) -> None:
    folder = catalogue()[required["key"]]
    assert folder.title == required["title"]
    assert folder.purpose == required["purpose"]
    assert folder.entries == required["cardinality"]
    assert folder.files == (required["files"] == "yes")
    assert folder.grading == required["grading"]
    assert folder.source == required["source"]
    given = [(one.name, one.type, one.required) for one in folder.fields.values()]
    assert given == [(one["name"], one["type"], one["required"]) for one in required["fields"]]
    assert [(one.agency, one.category, one.if_known) for one in folder.minimum_dataset] == [
        (one["agency"], *_condition(one["condition"])) for one in required["minimum_dataset"]
    ]


def _condition(written: str) -> tuple[tuple[str, ...], str]:
    parts = [part for part in written.split("; ") if part != "always"]
    categories = tuple(one for part in parts for one in CONDITIONS.get(part, ()))
    return categories, "; ".join(part for part in parts if part not in CONDITIONS)


@pytest.mark.parametrize("required", REQUIRED, ids=lambda one: one["key"])
@pytest.mark.clause("PF-2.1.3")
def test_every_choice_of_the_requirements_can_be_chosen_and_no_other(required: dict[str, Any]) -> None:
    """Each choice holds the words of its own in the requirements, in their order."""
    for one in required["fields"]:
        choices = catalogue()[required["key"]].fields[one["name"]].choices
        if one["type"] != "choice":
            assert choices == ()
            continue
        if one["choices"] == "ONS 18+1 codes":
            assert len(choices) == 18 + 1
            continue
        written = one["choices"].replace("Scotland: ", "").split("; ")
        assert len(choices) == len(written), one["name"]
        for choice, text in zip(choices, written, strict=True):
            first = re.findall(r"\w+", text.casefold())[0]
            assert first in f"{choice.code} {choice.label}".casefold(), (one["name"], text)


def test_every_note_about_a_condition_is_data() -> None:
    """Whatever the requirements say in prose about when a field is needed, the catalogue says as data."""
    for required in REQUIRED:
        for one in required["fields"]:
            note, field = one["choices"].casefold(), catalogue()[required["key"]].fields[one["name"]]
            if re.search(r"required (when|for|if)|must be set when", note):
                assert field.required_if, (required["key"], one["name"])
            if "must be true" in note:
                assert field.must_be is True
                assert field.refused_as == "R19"
            if "last 4 digits" in note:
                assert field.masked == "last_4"
            if "victim grading" in note:
                assert field.masked == "whole"
    assert [one.second for one in catalogue()["convictions_offences"].unique] == ["refused"]
    assert [one.second for one in catalogue()["photographs"].unique] == ["supersedes"]


def test_every_name_in_the_catalogue_means_something() -> None:
    for folder in catalogue().values():
        for one in folder.fields.values():
            shapes = {one.format, *(shape for by in one.format_by.values() for shape in by.values())} - {""}
            assert shapes <= FORMATS.keys(), (folder.key, one.name)
            assert {each for choice in one.choices for each in choice.jurisdictions} <= JURISDICTIONS
            for other, values in {**one.required_if, **one.empty_if, **one.format_by}.items():
                codes = {choice.code for choice in folder.fields[other].choices} | {True, False}
                assert set(values) <= codes, (folder.key, one.name)
        for schema in (added(folder), changed(folder)):
            assert {"source", "source_date", "grading"} <= set(schema().fields)


def test_no_grading_can_be_lowered() -> None:
    gradings = common().gradings
    for name, grading in gradings.items():
        assert name in grading.may_become
        assert name == "open" or "open" not in grading.may_become


ROW: dict[str, Any] = {
    "number": 48,
    "title": "One more",
    "purpose": "Too many",
    "entries": "many",
    "files": False,
    "grading": "open",
    "headline": ["word"],
    "source": "nobody",
    "minimum_dataset": [],
    "fields": {"word": {"type": "text", "required": True}},
}


@pytest.mark.clause("PF-7/Attachments.1")
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "there are 48 folders"),
        ({"headline": ["nowhere"]}, "no such field as nowhere"),
        ({"grading": "secret"}, "no grading is called secret"),
        ({"entries": "some"}, "entries cannot be some"),
        ({"minimum_dataset": [{"agency": "fire brigade"}]}, "fire brigade"),
        ({"fields": {"word": {"type": "colour", "required": True}}}, "no type is called colour"),
        ({"fields": {"word": {"type": "choice", "required": True}}}, "a choice has choices"),
        ({"fields": {"word": {"type": "file", "required": True}}}, "a file has kinds"),
        ({"fields": {"word": {"type": "reference", "required": True, "target": "moon"}}}, "has a target"),
        ({"fields": {"word": {"type": "text", "required": True, "masked": "half"}}}, "masked as half"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(changes: dict[str, Any], says: str) -> None:
    more = folder_of("one_more", "Nowhere", ROW | changes)
    with pytest.raises(CatalogueError, match=says):
        check([*catalogue().values(), more])


def test_one_folder_less_is_refused_and_so_is_an_unknown_word() -> None:
    with pytest.raises(CatalogueError, match="there are 46 folders"):
        check([*catalogue().values()][:-1])
    with pytest.raises(CatalogueError, match="surprise"):
        folder_of("one_more", "Nowhere", ROW | {"surprise": 1})
    with pytest.raises(CatalogueError, match="surprise"):
        folder_of("one_more", "Nowhere", ROW | {"fields": {"word": {**ROW["fields"]["word"], "surprise": 1}}})


def test_a_folder_can_be_a_key() -> None:
    one: Folder = catalogue()["telecoms"]
    assert added(one) is added(one)
    assert replace(one, title="Other") != one
