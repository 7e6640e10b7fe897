"""The table of section 4.2 as data, and what each of its cells expects."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.walk.policy_people import COLUMNS

TABLE: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "table_4_2.toml").read_text("utf-8"))
RELATIONS = ("own", "tied", "elsewhere")
STATES = ("live", "archived", "limited")
# Before everything else in the order of refusals.
_OF_THE_AGENCY = frozenset({"R30", "R17"})
_OPENS_LIMITED = frozenset({"deputy", "cpc_probation", "cpc_police"})
# The same token in another agency, where a row says nothing else of it.
_LIKE = {"create_police": "create", "create_prison": "partner_prison", "lpc_beside": "lpc"}
_NO_COLUMNS = frozenset({"probe", "others", "archived", "limited", "clause", "self", "prison"})


@dataclass(frozen=True)
class Cell:
    """One thing to send, and the answer that the table expects: "yes" or a refusal's code."""

    row: str
    probe: str
    column: str
    relation: str
    state: str
    expected: str

    def __str__(self) -> str:
        return f"{self.row}: {self.column}, {self.relation}, {self.state}"


def named_columns() -> list[str]:
    """Every column that some row names."""
    rows = [*TABLE["records"].values(), *TABLE["acts"].values()]
    return list(dict.fromkeys(name for row in rows for name in row if name not in _NO_COLUMNS))


def cells_of_record(name: str, every: list[str]) -> Iterator[Cell]:
    row = TABLE["records"][name]
    for column in every:
        answers = _answers(row, column, 3)
        for relation, answer in zip(RELATIONS, answers, strict=True):
            for state in STATES:
                expected = _in_state(row, column, relation, state, answer)
                yield Cell(name, row["probe"], column, relation, state, expected)


def cells_of_act(name: str, every: list[str]) -> Iterator[Cell]:
    row = TABLE["acts"][name]
    for column in every:
        for relation, answer in zip(("own", "elsewhere"), _answers(row, column, 2), strict=True):
            yield Cell(name, row["probe"], column, relation, "live", answer)
        if "self" in row and column in row:
            yield Cell(name, row["probe"], column, "self", "live", row["self"])


def _answers(row: Mapping[str, Any], column: str, number: int) -> list[str]:
    others = row.get("prison") if COLUMNS[column].home == "prison" else None
    like = row.get(_LIKE.get(column, column), others or row["others"])
    said = str(row.get(column, others or like)).split()
    return said * number if len(said) == 1 else said


def _in_state(row: Mapping[str, Any], column: str, relation: str, state: str, answer: str) -> str:
    """Agency, limited access, state, token, relationship: the order of refusals."""
    if answer in _OF_THE_AGENCY or state == "live":
        return answer
    if state == "limited":
        inside = column in _OPENS_LIMITED and relation != "elsewhere"
        return answer if inside else str(row["limited"])
    return answer if row["archived"] == "same" else str(row["archived"])
