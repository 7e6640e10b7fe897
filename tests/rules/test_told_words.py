"""The page of alert rules promises nobody whom no code tells: its words against the capacities that the code names.

Whoever a fact does name and its words leave out is found as it is told (`tests/servers/addressed.py`); this is the
other way round. What a module names, and what those name that it calls in its own service, counts as told: a promise
that no line of code could keep is found, one that a line keeps on another occasion is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import ismodule
from pathlib import Path

import pytest

from services.notifications.alerts.rules import Rule, rules
from services.notifications.delivery.rules import CAPACITIES
from services.records.access.concerned import ROLES
from shared.events.registry import EventKind
from tests.rules.house_rules import calls
from tests.rules.test_addressed import ADMINISTRATORS
from tests.servers.addressed import NAMED, speaks_of

TOP = Path(__file__).parents[2]
# Whoever calls it says of whom; its own body names all four.
CONCERNED = "services.records.access.concerned"
# How far calls are followed.
DEEP = 3
# Their posts stand in tables of their own, which no literal names.
OF_POSTS = {"identity.role.uncovered", "identity.role.ending"}
TOLD = [rule for rule in rules() if rule.told and not rule.told.startswith("nobody")]


def modules() -> Iterator[str]:
    for service in ("identity", "records"):
        for path in sorted((TOP / "services" / service).rglob("*.py")):
            yield ".".join(path.relative_to(TOP).with_suffix("").parts)


@cache
def tree(module: str) -> ast.Module:
    path = TOP.joinpath(*module.split(".")).with_suffix(".py")
    if not path.is_file():
        path = path.with_suffix("") / "__init__.py"
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(module: str) -> dict[str, set[str]]:
    """Names by the modules that they come from."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                inner = whole.startswith("services.") and is_module(whole)
                found.setdefault(whole if inner else node.module, set()).add(name.name)
    return found


def is_module(name: str) -> bool:
    path = TOP.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file()


@cache
def own_roles(module: str) -> frozenset[str]:
    """The capacities that this module names."""
    said = {
        node.value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CAPACITIES
    }
    for call, name in calls(tree(module)):
        if name.rpartition(".")[2] == "concerned" and len(call.args) == 2 and not call.keywords:
            said |= set(ROLES)
    return frozenset(said)


def roles_of(module: str) -> set[str]:
    """Those, and what those name from which it takes something in its own service."""
    service = ".".join(module.split(".")[:2])
    seen, edge = {module}, {module}
    for _ in range(DEEP):
        edge = {one for known in edge for one in imported(known) if one.startswith(f"{service}.")}
        edge -= seen | {CONCERNED, service, f"{service}.service"}
        seen |= edge
    return {role for one in seen for role in own_roles(one)}


@cache
def telling() -> dict[str, set[str]]:
    """Each fact, by its name, with the modules that name it: some leave the telling to a helper."""
    found: dict[str, set[str]] = {}
    for module in modules():
        for kind in kinds_named(module):
            found.setdefault(kind.name, set()).add(module)
    return found


def kinds_named(module: str) -> Iterator[EventKind]:
    """By name, or as `facts.NAME` of a module of facts."""
    attributes = {node.attr for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
    for origin, names in imported(module).items():
        if origin.startswith("shared.events."):
            there = import_module(origin)
            values = [getattr(there, name, None) for name in names]
            values += [
                getattr(one, name)
                for one in values
                if ismodule(one)
                for name in attributes
                if hasattr(one, name)
            ]
            yield from (one for one in values if isinstance(one, EventKind))


def promised_in_vain(rule: Rule) -> set[str]:
    said = {
        role for role in NAMED - {"create"} if speaks_of(rule.told, role)
    }  # “who create it” is nobody's role
    named = {role for module in telling()[rule.event] for role in roles_of(module)}
    return said - named - (ADMINISTRATORS if named & ADMINISTRATORS else set())


@pytest.mark.parametrize(
    "rule", [one for one in TOLD if one.event not in OF_POSTS], ids=lambda one: f"{one.event}-{one.kind}"
)
def test_no_words_promise_somebody_whom_no_code_tells(rule: Rule) -> None:
    assert promised_in_vain(rule) == set()
