"""Reading the file of a deployment's beginning (TOML), so that no personal data stands in a shell's history."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from services.identity.bootstrap.shapes import Beginning, FirstPerson, FirstTerminal

T = TypeVar("T")


class BeginningFileError(ValueError):
    """The file cannot be read; the message says why."""


def read(path: Path) -> Beginning:
    """Raises BeginningFileError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BeginningFileError(f"{path} cannot be read: {problem}") from problem
    return from_table(table)


def from_table(table: dict[str, Any]) -> Beginning:
    if missing := {"document", "administrator", "head", "cpc"} - table.keys():
        raise BeginningFileError(f"the file lacks {', '.join(sorted(missing))}")
    if unknown := table.keys() - {"document", "administrator", "head", "cpc", "terminal"}:
        raise BeginningFileError(f"unknown: {', '.join(sorted(unknown))}")
    administrator = dict(_table(table, "administrator"))
    network = administrator.pop("network", None)
    if (
        not isinstance(network, str)
        or not isinstance(table["document"], str)
        or not table["document"].strip()
    ):
        raise BeginningFileError("say the document, and the administrator’s network")
    return Beginning(
        document=table["document"].strip(),
        administrator=_made(FirstPerson, "administrator", administrator),
        network=network,
        head=_made(FirstPerson, "head", _table(table, "head")),
        cpc=_made(FirstPerson, "cpc", _table(table, "cpc")),
        terminal=_made(FirstTerminal, "terminal", _table(table, "terminal")) if "terminal" in table else None,
    )


def _table(table: dict[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(table[name], dict):
        raise BeginningFileError(f"[{name}] is a table")
    return dict(table[name])


def _made(kind: type[T], name: str, given: dict[str, Any]) -> T:
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    if unknown := given.keys() - known.keys():
        raise BeginningFileError(f"[{name}] has no {', '.join(sorted(unknown))}")
    if missing := {one for one, field in known.items() if field.default is MISSING} - given.keys():
        raise BeginningFileError(f"[{name}] lacks {', '.join(sorted(missing))}")
    for one, value in given.items():
        if not isinstance(value, date if one == "vetting_expires_on" else str) or not str(value).strip():
            raise BeginningFileError(f"[{name}] {one}: {value!r} is not what is wanted")
    return kind(**given)
