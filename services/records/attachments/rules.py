"""What an entry may say. Pure: the catalogue decides, and the record's jurisdiction and today's date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.records.attachments.catalogue import Field, Folder, Searched, Unique, common
from shared.reference.formats import FORMATS
from shared.reference.identifiers import InvalidIdentifier

EARLIEST = date(1900, 1, 1)
LONGEST_LINE, LONGEST_TEXT = 300, 20_000
# What an entry says beside its folder's own fields.
COMMON_FIELDS = ("source", "source_detail", "source_date", "grading", "handling_code", "handling_conditions")
Values = Mapping[str, Any]
Wrong = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """`values` as they are kept, and what is wrong with them: field name → messages."""

    values: dict[str, Any]
    wrong: Wrong


def fits(when: Mapping[str, tuple[Any, ...]], values: Values) -> bool:
    """Every field named has one of its values; fits everything where no field is named."""
    return all(values.get(name) in wanted for name, wanted in when.items())


def written(folder: Folder, values: Values, *, jurisdiction: str, today: date) -> Written:
    """Puts each value into the form in which it is kept, and looks at all that one field alone cannot tell."""
    kept = dict(values)
    wrong: Wrong = {}
    for name, one in folder.fields.items():
        value = kept.get(name)
        if isinstance(value, str) and (shape := format_of(one, kept)):
            try:
                kept[name] = FORMATS[shape](value, today)
            except InvalidIdentifier as error:
                wrong.setdefault(name, []).append(str(error))
        for problem in _problems(one, kept, folder, jurisdiction):
            wrong.setdefault(name, []).append(problem)
    for name, problem in _common_problems(folder, kept, today):
        wrong.setdefault(name, []).append(problem)
    return Written(kept, wrong)


def format_of(one: Field, values: Values) -> str:
    """The name of the format that this field has beside these values; empty for none."""
    for other, shapes in one.format_by.items():
        if shape := shapes.get(str(values.get(other))):
            return shape
    return one.format


def is_needed(one: Field, values: Values) -> bool:
    if one.required:
        return True
    with_it = bool(one.required_with) and values.get(one.required_with) is not None
    return with_it or (bool(one.required_if) and fits(one.required_if, values))


def _problems(one: Field, values: Values, folder: Folder, jurisdiction: str) -> Iterator[str]:
    value = values.get(one.name)
    if value is None:
        if not one.required and is_needed(one, values):
            yield f"{'Select' if one.type in {'choice', 'file'} else 'Enter'} this, {because(one, folder)}"
        return
    if one.empty_if and fits(one.empty_if, values):
        yield f"Leave this blank, {_because_of(one.empty_if, folder)}"
    if isinstance(value, date):
        yield from _date_problems(one, value, values, folder)
    chosen = next((each for each in one.choices if each.code == value), None)
    if chosen is not None and chosen.jurisdictions and jurisdiction not in chosen.jurisdictions:
        yield f"‘{chosen.label}’ is not for records of this jurisdiction"


def because(one: Field, folder: Folder) -> str:
    """When a field is needed, in words: "because Type is mobile"."""
    if one.required_with:
        return f"because {folder.fields[one.required_with].label} is given"
    return _because_of(one.required_if, folder)


def _because_of(when: Mapping[str, tuple[Any, ...]], folder: Folder) -> str:
    parts = []
    for name, wanted in when.items():
        other = folder.fields[name]
        words = " or ".join("yes" if each is True else other.label_of(each) for each in wanted)
        parts.append(f"{other.label} is {words}")
    return f"because {' and '.join(parts)}"


def _date_problems(one: Field, value: date, values: Values, folder: Folder) -> Iterator[str]:
    if value < EARLIEST:
        yield f"{one.label} must be in 1900 or later"
    before = values.get(one.not_before) if one.not_before else None
    if isinstance(before, date) and value < before:
        yield f"{one.label} cannot be before {folder.fields[one.not_before].label}"


def _common_problems(folder: Folder, values: Values, today: date) -> Iterator[tuple[str, str]]:
    """Source, date and grading: mandatory (PSI-2.1.2), and no grading lower than the folder's."""
    if values["source_date"] > today:
        yield "source_date", "The date of the information cannot be in the future"
    elif values["source_date"] < EARLIEST:
        yield "source_date", "The date of the information must be in 1900 or later"
    grading = values["grading"]
    allowed = common().gradings[folder.grading].may_become
    if grading not in allowed:
        words = " or ".join(common().gradings[one].label for one in allowed)
        yield "grading", f"An entry of this folder cannot be graded lower than {words}"
    if grading == "intelligence-handled" and not values.get("handling_code"):
        yield "handling_code", "Select the handling code, because the entry is graded Intelligence handled"
    code, conditions = values.get("handling_code"), values.get("handling_conditions")
    if code == "C" and "handling_code" not in folder.fields and not conditions:
        yield "handling_conditions", "Enter the conditions, because the handling code is C"


def end_problem(ended_on: date, begins_on: date | None, today: date) -> str | None:
    """What is wrong with the day on which an entry is said to have ended; None where it can be."""
    if ended_on > today:
        return "The date it ended cannot be in the future"
    if begins_on is not None and ended_on < begins_on:
        return "The date it ended cannot be before it began"
    return "The date it ended must be in 1900 or later" if ended_on < EARLIEST else None


# What the summary calls the markers of the folder, as far as it has them.
MARKER_CODES: Mapping[str, str] = {
    "FI": "firearms",
    "WE": "weapons",
    "VI": "violent",
    "ES": "escaper",
    "AT": "ailment",
    "MN": "mental_health",
    "SU": "self_harm",
    "DR": "drugs",
}
_NOT_MAPPA = frozenset({"PDP", "SOC"})


def contradictions(
    kept_by: str,
    values: Values,
    *,
    category: str,
    level: int | None,
    custody_prison: str | None,
    prison_name: str,
) -> Wrong:
    """What a current entry says against what the record decides elsewhere; empty where it agrees."""
    if kept_by == "category":
        stands = "none" if category in _NOT_MAPPA else category
        wrong = {
            "category": values["category"] == stands,
            "level": values["level"] == str(level or 0),
        }
        says = "The record says otherwise. Change category or level there first"
        return {name: [says] for name, agrees in wrong.items() if not agrees}
    leaves = values.get("transfer_date") is not None or values.get("custody_status") == "released"
    if kept_by == "custody" and custody_prison and not leaves and values["establishment"] != custody_prison:
        return {
            "establishment": [
                f"The record says that the person is held in {prison_name}. Enter the move first"
            ]
        }
    return {}


def same_text(kept: str, said: Iterable[str]) -> bool:
    """Whether one of the texts that entries say holds all the words of what the register keeps, or the other way."""
    words = _words(kept.partition(" (")[0])
    return any(words <= _words(text) for text in said)


def _words(text: str) -> set[str]:
    return set("".join(each if each.isalnum() else " " for each in text.casefold()).split())


def slot_of(folder: Folder, values: Values) -> Unique | None:
    """The place that this entry takes; a folder with one entry has one place."""
    if folder.entries == "one":
        return Unique("one", {}, "refused")
    return next((one for one in folder.unique if fits(one.when, values)), None)


def dates_of(folder: Folder, values: Values) -> tuple[date | None, date | None]:
    """From when and until when what the entry says holds."""
    begins = values.get(folder.begins) if folder.begins else None
    ends = values.get(folder.ends) if folder.ends else None
    return begins, ends


def changed_fields(before: Values, after: Values) -> list[str]:
    names = dict.fromkeys((*after, *before))
    return [name for name in names if before.get(name) != after.get(name)]


def masked_fields(folder: Folder, grading: str) -> frozenset[str]:
    """What is masked: single fields, or in a victim-sensitive entry all of its folder's own."""
    return frozenset(folder.fields) if grading == "victim-sensitive" else folder.masked


def found_as(folder: Folder, values: Values) -> Iterator[tuple[str, str]]:
    """(kind, text) of everything under which the search finds this entry."""
    for one in folder.searched:
        if fits(one.when, values) and (text := _joined(one, values)):
            yield one.kind, text


def _joined(one: Searched, values: Values) -> str:
    return " ".join(str(values[name]) for name in one.fields if values.get(name))


def headline(folder: Folder, shown: Iterable[tuple[str, str]]) -> str:
    """An entry in one line, of the values as they are shown."""
    texts = dict(shown)
    parts = [" ".join(texts[name].split()) for name in folder.headline if texts.get(name)]
    return ", ".join(parts)
