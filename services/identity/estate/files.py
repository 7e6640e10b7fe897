"""The estate as a file: TOML with tables of agencies, units, buildings and networks, or CSV with a column `what`."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from services.identity.estate.shapes import AgencyRow, BuildingRow, Estate, NetworkRow, UnitRow

_ROWS: Mapping[str, Any] = {
    "agency": AgencyRow,
    "unit": UnitRow,
    "building": BuildingRow,
    "network": NetworkRow,
}
_FLAGS = {"contracted", "under_18"}
_OPTIONAL = {"parent", "contracted", "under_18", "closed_on"}
COLUMNS = (
    *("what", "code", "name", "kind", "parent", "agency", "jurisdiction", "contracted", "under_18"),
    *("closed_on", "unit", "building", "address", "addresses"),
)


class EstateFileError(ValueError):
    """The file cannot be read; the message says where and why."""


def read(path: Path) -> Estate:
    """By the file's ending, .toml or .csv. Raises EstateFileError, with every row that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise EstateFileError(f"{path} cannot be read: {problem}") from problem
    if path.suffix == ".toml":
        return from_toml(text)
    if path.suffix == ".csv":
        return from_csv(text)
    raise EstateFileError(f"{path}: the file’s name must end in .toml or .csv")


def from_toml(text: str) -> Estate:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise EstateFileError(f"this is no TOML: {problem}") from problem
    if unknown := table.keys() - _ROWS.keys():
        raise EstateFileError(f"unknown tables: {', '.join(sorted(unknown))}")
    if wrong := [what for what, rows in table.items() if not _is_rows(rows)]:
        raise EstateFileError(f"write each as [[{wrong[0]}]], in double brackets")
    return _estate(
        (what, f"[[{what}]] {number}", row)
        for what, rows in table.items()
        for number, row in enumerate(rows, 1)
    )


def from_csv(text: str) -> Estate:
    """Lines that begin with # are notes; an empty cell says nothing."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(lines)
    if unknown := set(reader.fieldnames or ()) - set(COLUMNS):
        raise EstateFileError(f"unknown columns: {', '.join(sorted(map(str, unknown)))}")
    return _estate(
        (
            row.pop("what", None) or "",
            f"line {number}",
            {name: cell for name, cell in row.items() if name and cell},
        )
        for number, row in enumerate(reader, 2)
    )


def to_toml(estate: Estate) -> str:
    """What `from_toml` reads; defaults are left out."""
    parts = []
    for what, rows in _tables(estate):
        for row in rows:
            lines = [
                f"{name} = {_value(value)}"
                for name, value in asdict(row).items()
                if value not in (None, False)
            ]
            parts.append("\n".join([f"[[{what}]]", *lines]))
    return "\n\n".join(parts) + "\n"


def to_csv(estate: Estate) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for what, rows in _tables(estate):
        for row in rows:
            cells = {name: value for name, value in asdict(row).items() if value not in (None, False)}
            writer.writerow({"what": what, **{n: "yes" if v is True else v for n, v in cells.items()}})
    return written.getvalue()


def _tables(estate: Estate) -> Iterable[tuple[str, Iterable[Any]]]:
    yield "agency", estate.agencies.values()
    yield "unit", estate.units.values()
    yield "building", estate.buildings.values()
    yield "network", estate.networks.values()


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    said = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{said}"'


def _is_rows(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _estate(given: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Estate:
    found: dict[str, dict[Any, Any]] = {what: {} for what in _ROWS}
    wrong: list[str] = []
    for what, where, cells in given:
        try:
            row = _row(what, cells)
            key = _KEYS[what](row)
            if key in found[what]:
                raise ValueError(f"{key} stands here twice")  # noqa: TRY301 - told with the other rows
            found[what][key] = row
        except ValueError as problem:
            wrong.append(f"{where}: {problem}")
    if wrong:
        raise EstateFileError("\n".join(wrong))
    return Estate(found["agency"], found["unit"], found["building"], found["network"])


_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "agency": lambda row: row.code,
    "unit": lambda row: row.code,
    "building": lambda row: (row.unit, row.name),
    "network": lambda row: row.addresses,
}


def _row(what: str, cells: Mapping[str, Any]) -> Any:
    if what not in _ROWS:
        raise ValueError(f"{what or 'nothing'} is none of {', '.join(_ROWS)}")
    names = [one.name for one in fields(_ROWS[what])]
    if unknown := cells.keys() - set(names):
        raise ValueError(f"a {what} has no {', '.join(sorted(unknown))}")
    if missing := set(names) - cells.keys() - _OPTIONAL:
        raise ValueError(f"the {what} lacks {', '.join(sorted(missing))}")
    made = {name: _cell(name, value) for name, value in cells.items()}
    return _ROWS[what](**({"parent": None} if what == "unit" else {}) | made)


def _cell(name: str, value: Any) -> Any:
    if name in _FLAGS:
        said = str(value).lower()
        if said not in {"yes", "no", "true", "false"}:
            raise ValueError(f"{name} is yes or no, not {value}")
        return said in {"yes", "true"}
    if name == "closed_on":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is a text")
    return value.strip()
