"""The actions of records: each is asked for by its right name, and probed by the walk or beside the table of 4.2."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import services.records.capabilities  # noqa: F401 - imports every module that asks
from services.records.access.table import actions
from tests.rules.house_rules import calls

TOP = Path(__file__).resolve().parents[2]
ASKING = ("authorise", "decide")
# What tests/walk sends for the rows of section 4.2.
PROBED = {
    "nominals.read",
    "nominals.access_history",
    "activity_log.add",
    "imminent_risk.stand_down",
    "attachments.change",
    "custody.record",
    "meetings.record",
    "nominals.change",
    "partnership.request",
    "partnership.decide",
    "partnership.bulk",
    "risk.sign_off",
    "transfers.decide",
    "nominals.limit_access",
    "nominals.archive",
    "nominals.unarchive",
    "nominals.merge",
    "nominals.delete",
}


def asked(source: str, names: dict[str, object]) -> Iterator[tuple[int, str]]:
    """(line, action) of each `authorise(work, …)` and `decide(principal, …)` whose action the module knows by name."""
    for call, name in calls(ast.parse(source)):
        if name in ASKING and len(call.args) > 2:
            for action in _actions(call.args[1], names):
                yield call.lineno, action


def _actions(node: ast.expr, names: dict[str, object]) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _actions(node.body, names)
        yield from _actions(node.orelse, names)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    else:
        first, *rest = ast.unparse(node).split(".")
        value = names.get(first)
        for name in rest:
            value = getattr(value, name, None)
        if isinstance(value, str):
            yield value


def everything_asked() -> list[tuple[str, str]]:
    found = []
    for path in sorted((TOP / "services/records").rglob("*.py")):
        module = sys.modules.get(".".join(path.relative_to(TOP).with_suffix("").parts))
        if module is not None:
            place = path.relative_to(TOP)
            found += [(f"{place}:{line}", name) for line, name in asked(path.read_text(), vars(module))]
    return found


def test_whatever_is_asked_for_is_an_action() -> None:
    found = everything_asked()
    assert len(found) > 100
    strange = [f"{place}: {name} has no row in access/actions.toml" for place, name in found]
    assert not [said for said, (_, name) in zip(strange, found, strict=True) if name not in actions()]


def test_an_action_is_found_as_a_text_a_constant_or_either_of_two() -> None:
    source = (
        'authorise(w, "a.b", n)\ndecide(p, X, r)\nauthorise(w, "c.d" if new else X, n)\ndecide(w, row, x=1)'
    )
    assert list(asked(source, {"X": "x.y"})) == [(1, "a.b"), (2, "x.y"), (3, "c.d"), (3, "x.y")]


def test_every_action_is_probed_by_the_walk_or_beside_the_table() -> None:
    """For a new act: a row of tests/walk/table_4_2.toml and its name above, or `beside = true` in actions.toml."""
    table = tomllib.loads((TOP / "tests/walk/table_4_2.toml").read_text(encoding="utf-8"))
    waiting = {name for row in table["not_built"].values() for name in row["actions"]}
    beside = {name for name, one in actions().items() if one.beside}
    assert set(actions()) == waiting | PROBED | beside
    assert not PROBED & beside
