"""The 47 folders as data, read and checked when the service starts (PF-7/Attachments.1)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

COUNT = 47
GRADINGS = ("open", "intelligence-handled", "victim-sensitive")
TYPES = frozenset({"text", "choice", "date", "bool", "number", "reference", "file"})
TARGETS = frozenset({"nominal", "prison", "unit", "person", "ct_unit", "entry:locations_of_interest"})
KINDS = frozenset({"document", "picture", "document_or_picture"})
AGENCIES = frozenset({"police", "probation", "prison"})
_FOLDER = Path(__file__).with_name("folders")
_COMMON = "common"


class CatalogueError(ValueError):
    """The catalogue contradicts itself: the service refuses to start."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`jurisdictions`: only on records of these; empty where everywhere."""

    code: str
    label: str
    hint: str = ""
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a folder; README.md of the folder “folders” says what each word means."""

    name: str
    type: str
    required: bool
    label: str
    hint: str = ""
    lines: int = 1
    choices: tuple[Choice, ...] = ()
    target: str = ""
    kinds: str = ""
    format: str = ""
    format_by: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    required_if: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    required_with: str = ""
    empty_if: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    not_before: str = ""
    least: int | None = None
    most: int | None = None
    masked: str = ""
    must_be: bool | None = None
    refused_as: str = ""
    is_grading: bool = False

    def label_of(self, value: object) -> str:
        """A choice in words; anything else as it is."""
        return next((one.label for one in self.choices if one.code == value), str(value))


@dataclass(frozen=True, slots=True)
class Searched:
    """Under what the search finds an entry; `when`: only while these fields have one of these values."""

    kind: str
    fields: tuple[str, ...]
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unique:
    """A place that one current entry of a nominal can have; a second one `supersedes` it or is `refused`.

    `expected`: a record without one has a gap, unless its category is one of `unless_category`.
    """

    slot: str
    when: Mapping[str, tuple[Any, ...]]
    second: str
    expected: bool = False
    unless_category: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Minimum:
    """An agency must hold the folder: always, for these categories, or if there is anything (in the source's words)."""

    agency: str
    category: tuple[str, ...] = ()
    if_known: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Folder:
    """One of the 47; there is one object of each, so that it can be a key."""

    key: str
    number: int
    group: str
    title: str
    purpose: str
    entries: str
    files: bool
    grading: str
    headline: tuple[str, ...]
    source: str
    fields: Mapping[str, Field]
    begins: str = ""
    ends: str = ""
    kept_by: str = ""
    searched: tuple[Searched, ...] = ()
    unique: tuple[Unique, ...] = ()
    minimum_dataset: tuple[Minimum, ...] = ()

    @property
    def masked(self) -> frozenset[str]:
        """The fields that are masked whatever the entry's grading."""
        return frozenset(name for name, one in self.fields.items() if one.masked)

    @property
    def file_fields(self) -> tuple[str, ...]:
        return tuple(name for name, one in self.fields.items() if one.type == "file")


@dataclass(frozen=True, slots=True)
class Grading:
    label: str
    hint: str
    may_become: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """What every folder has: gradings, handling codes, sources, and the counter-terrorism units."""

    gradings: Mapping[str, Grading]
    handling_codes: Mapping[str, Choice]
    sources: Mapping[str, str]
    ct_units: Mapping[str, str]


@cache
def catalogue() -> Mapping[str, Folder]:
    """Every folder by key, in the groups' order. Raises CatalogueError."""
    files = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(_FOLDER.glob("*.toml"))
        if path.stem != _COMMON
    ]
    found: dict[str, Folder] = {}
    for rows in sorted(files, key=lambda rows: int(rows["order"])):
        for key, row in rows.items():
            if isinstance(row, dict):
                if key in found:
                    raise CatalogueError(f"{key} stands there twice")
                found[key] = folder_of(key, rows["group"], row)
    check(found.values())
    return found


@cache
def common() -> Common:
    rows = tomllib.loads((_FOLDER / f"{_COMMON}.toml").read_text(encoding="utf-8"))
    return Common(
        {
            name: Grading(row["label"], row["hint"], tuple(row["may_become"]))
            for name, row in rows["gradings"].items()
        },
        {code: Choice(code, row["label"], row["hint"]) for code, row in rows["handling_codes"].items()},
        rows["sources"],
        rows["ct_units"],
    )


def groups() -> Mapping[str, list[Folder]]:
    found: dict[str, list[Folder]] = {}
    for folder in catalogue().values():
        found.setdefault(folder.group, []).append(folder)
    return found


def folder_of(key: str, group: str, row: Mapping[str, Any]) -> Folder:
    """One table of a catalogue file. Raises CatalogueError for a word that it may not hold."""
    fields = {name: _field(name, one) for name, one in row["fields"].items()}
    try:
        return Folder(
            **{
                **row,
                "key": key,
                "group": group,
                "fields": fields,
                "headline": tuple(row["headline"]),
                "searched": tuple(
                    Searched(one["kind"], tuple(one["fields"]), _tuples(one.get("when", {})))
                    for one in row.get("searched", ())
                ),
                "unique": tuple(
                    Unique(
                        **{
                            **one,
                            "when": _tuples(one["when"]),
                            "unless_category": tuple(one.get("unless_category", ())),
                        }
                    )
                    for one in row.get("unique", ())
                ),
                "minimum_dataset": tuple(
                    Minimum(one["agency"], tuple(one.get("category", ())), one.get("if_known", ""))
                    for one in row["minimum_dataset"]
                ),
            }
        )
    except TypeError as error:
        raise CatalogueError(f"{key}: {error}") from error


def _field(name: str, row: Mapping[str, Any]) -> Field:
    made = {
        "label": name.replace("_", " ").capitalize(),
        **row,
        "choices": tuple(_choice(one) for one in row.get("choices", ())),
        "required_if": _tuples(row.get("required_if", {})),
        "empty_if": _tuples(row.get("empty_if", {})),
    }
    try:
        return Field(name=name, **made)
    except TypeError as error:
        raise CatalogueError(f"{name}: {error}") from error


def _choice(row: str | Mapping[str, Any]) -> Choice:
    if isinstance(row, str):
        return Choice(row, row[:1].upper() + row[1:])
    return Choice(**{**row, "jurisdictions": tuple(row.get("jurisdictions", ()))})


def _tuples(row: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(values) for name, values in row.items()}


def check(folders: Iterable[Folder]) -> None:
    """Raises CatalogueError with everything that is wrong: not 47, or a name that means nothing."""
    folders = list(folders)
    problems = (
        [] if len(folders) == COUNT else [f"there are {len(folders)} folders, and there must be {COUNT}"]
    )
    if sorted(one.number for one in folders) != list(range(1, len(folders) + 1)):
        problems.append("the numbers do not run from 1")
    for folder in folders:
        problems += [f"{folder.key}: {problem}" for problem in _wrong_in(folder)]
    if problems:
        raise CatalogueError("; ".join(problems))


def _wrong_in(folder: Folder) -> Iterable[str]:
    if folder.entries not in {"many", "one"}:
        yield f"entries cannot be {folder.entries}"
    if folder.grading not in GRADINGS:
        yield f"no grading is called {folder.grading}"
    named = {*folder.headline, folder.begins, folder.ends} - {""}
    named |= {name for one in folder.searched for name in (*one.fields, *one.when)}
    named |= {name for one in folder.unique for name in one.when}
    for name, one in folder.fields.items():
        named |= {*one.required_if, *one.empty_if, *one.format_by, one.required_with, one.not_before} - {""}
        yield from (f"{name}: {problem}" for problem in _wrong_in_field(one))
    if strange := named - folder.fields.keys():
        yield f"no such field as {', '.join(sorted(strange))}"
    if hidden := named & folder.masked & {*folder.headline}:
        yield f"a masked field cannot be a headline: {', '.join(sorted(hidden))}"
    if wrong := {one.agency for one in folder.minimum_dataset} - AGENCIES:
        yield f"no minimum dataset is kept by {', '.join(sorted(wrong))}"


def _wrong_in_field(one: Field) -> Iterable[str]:
    if one.type not in TYPES:
        yield f"no type is called {one.type}"
    if (one.type == "choice") != bool(one.choices):
        yield "a choice has choices, and nothing else has"
    if (one.type == "reference") != (one.target in TARGETS):
        yield "a reference has a target, and nothing else has"
    if (one.type == "file") != (one.kinds in KINDS):
        yield "a file has kinds, and nothing else has"
    if one.masked not in {"", "whole", "last_4"}:
        yield f"cannot be masked as {one.masked}"
