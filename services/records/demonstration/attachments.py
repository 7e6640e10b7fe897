"""Entries of the attachments for invented nominals: the same for the same nominal, over nearly all folders."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from services.records.attachments.catalogue import Field, Folder, catalogue, common
from services.records.attachments.rules import MARKER_CODES, dates_of, is_needed, slot_of
from services.records.demonstration.invented import InventedNominal

# One in so many has something in every folder, so that each can be seen; the others have one or two.
WHOLE, FIRST = 48, 2
_HALF_YEAR = timedelta(days=182)
# Names, numbers and offender managers are rows of the register already; the others need a file.
_WITHOUT = frozenset(
    {
        "names_and_aliases",
        "reference_numbers",
        "offender_managers",
        "photographs",
        "polygraph_tests",
        "documents",
    }
)
_SOURCES = {"prison": "prison", "police": "police"}


@dataclass(frozen=True, slots=True)
class InventedAttachment:
    """An entry as it would be saved."""

    folder: Folder
    values: Mapping[str, Any]

    @property
    def grading(self) -> str:
        return str(self.values["grading"])

    @property
    def slot(self) -> str | None:
        place = slot_of(self.folder, self.values)
        return None if place is None else place.slot

    @property
    def dates(self) -> tuple[date | None, date | None]:
        return dates_of(self.folder, self.values)


def attachments_of(one: InventedNominal, today: date) -> Iterator[InventedAttachment]:
    """What is told of the past is of the day on which the record was created; what is to come mostly lies ahead."""
    for key in _chosen(one):
        folder = catalogue()[key]
        if (values := _values(folder, one, today)) is not None:
            yield InventedAttachment(folder, values)


def _chosen(one: InventedNominal) -> list[str]:
    keys = [key for key in catalogue() if key not in _WITHOUT]
    if one.index % WHOLE == FIRST:
        return keys
    picked = [keys[one.index % len(keys)]]
    if one.index % 3 == 0:
        picked.append("telecoms")
    if one.index % 4 == 0:
        picked.append("mappa_management")
    return list(dict.fromkeys(picked))


def _values(folder: Folder, one: InventedNominal, today: date) -> dict[str, Any] | None:
    """None where the folder is not for this nominal: no custody, no marker that the folder knows."""
    fixed = _FIXED.get(folder.key, lambda _one: {})(one)
    if fixed is None:
        return None
    values: dict[str, Any] = {}
    for name, each in folder.fields.items():
        if name in fixed:
            values[name] = fixed[name]
        elif is_needed(each, values | fixed):
            values[name] = _invented(folder, each, one, today)
    known = {"source": _source(one), "source_date": one.created_on, "grading": folder.grading}
    if folder.grading == "intelligence-handled":
        known["handling_code"] = "P"
    return {name: value for name, value in (known | values).items() if value is not None} | {
        "grading": folder.grading
    }


def _source(one: InventedNominal) -> str:
    return [*common().sources][one.index % len(common().sources)]


def _invented(folder: Folder, each: Field, one: InventedNominal, today: date) -> Any:
    if each.type == "choice":
        usual = [choice.code for choice in each.choices if not choice.jurisdictions]
        return usual[one.index % len(usual)]
    if each.type == "bool":
        return each.must_be if each.must_be is not None else one.index % 2 == 0
    if each.type == "date":
        later = each.name.startswith("next_") or each.name in {"expiry_date", "review_date"}
        return _next(one, today) if later else one.created_on
    if each.type == "number":
        return 160 + one.index % 35
    if each.type == "reference":
        return [*common().ct_units][one.index % len(common().ct_units)]
    said = _words()[folder.key][each.name]
    return said[one.index % len(said)].format(name=_name(one), address=f"{one.address}, {one.town}")


def _next(one: InventedNominal, today: date) -> date:
    """A year after the record was created, and each half year from then on; of one in eleven the last was missed."""
    half_years = max(2, 1 + (today - one.created_on) // _HALF_YEAR)
    return one.created_on + _HALF_YEAR * (half_years - (one.index % 11 == 0))


def _name(one: InventedNominal) -> str:
    return f"{one.names[0].forenames} {one.names[0].surname}"


@cache
def _words() -> Mapping[str, Mapping[str, list[str]]]:
    text = (files("services.records.demonstration") / "attachments.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


# ---- What must agree with the record. ----


def _custody(one: InventedNominal) -> dict[str, Any] | None:
    if one.custody is None or one.noms is None:
        return None
    return {
        "establishment": one.custody.prison,
        "noms_number": one.noms,
        "reception_date": one.custody.received_on,
        "custody_status": "sentenced",
        "release_date_type": "CRD",
        "release_date": one.custody.received_on + timedelta(days=700),
    }


def _category(one: InventedNominal) -> dict[str, Any] | None:
    return {
        "category": "none" if one.category in {"PDP", "SOC"} else one.category,
        "level": one.level or "0",
        "registration_date": one.created_on,
    }


def _person(one: InventedNominal) -> dict[str, Any] | None:
    sexes = {"female": "female", "male": "male"}
    return {"date_of_birth": one.date_of_birth, "sex": sexes.get(one.sex, "not recorded")}


def _marker(one: InventedNominal) -> dict[str, Any] | None:
    folder_codes = {code: letters for letters, code in MARKER_CODES.items()}
    known = [
        folder_codes[code]
        for each in one.markers
        if (code := each.replace(" ", "_").replace("-", "_")) in folder_codes
    ]
    return {"marker": known[0], "ended_date": None} if known else None


def _risk(one: InventedNominal) -> dict[str, Any] | None:
    levels = {"low": "low", "medium": "medium", "high": "high", "very_high": "very high"}
    return {"overall_risk": levels[one.risk], "tool": "OASys R10"} if one.risk in levels else None


_FIXED: Mapping[str, Any] = {
    "custody": _custody,
    "mappa_management": _category,
    "personal_details": _person,
    "warning_markers": _marker,
    "risk_assessment": _risk,
    "addresses": lambda _one: {"address_type": "main", "verified": "visited"},
    "telecoms": lambda _one: {"telecom_type": "mobile", "status": "current"},
    "risk_management_plan": lambda _one: {
        "entry_type": "R11 plan",
        "supervision": "Weekly appointments, and home visits.",
    },
    "pdp_soc_grounds": lambda one: {"nominal_type": one.category} if one.category in {"PDP", "SOC"} else None,
    "convictions_offences": lambda _one: {"is_index_offence": True, "disposal_type": "conviction"},
    "notification_requirements": lambda _one: {"period": "indefinite"},
    "wanted_missing": lambda _one: {"status": "located"},
    "intelligence": lambda _one: {"handling_code": "P"},
    "breaches_enforcement": lambda _one: {"action": "warning"},
}
