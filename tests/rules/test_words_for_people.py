"""Some on the register were never convicted: whoever it is about is a nominal, and never called an offender."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parents[2]
WRONG = re.compile(
    r"\b(?:ex-)?offenders?\b|\bconvicts?\b|\b(?:person|people|those) on probation\b", re.IGNORECASE
)
# Names of offices, schemes, groups of the law and messages, which are not ours to change.
NAMES = re.compile(
    r"(?:prison|community|hmpps|the|an|other)?[ -]*offender[ -]+(?:manager|management|supervisor)s?"
    r"|young offender institutions?|sexual offender notification requirements"
    r"|registered sex offenders?|child sex offender disclosure|terrorism-risk offender"
    r"|prison-offender-events[\w.-]*|prison_offender_manager",
    re.IGNORECASE,
)
_JINJA_CODE = re.compile(r"\{[#%].*?[#%]\}", re.DOTALL)


def called_so(text: str) -> list[str]:
    return WRONG.findall(NAMES.sub(" ", text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _literals(source: str) -> Iterator[str]:
    """Every string but docstrings: labels, hints, titles, messages."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def wordings() -> Iterator[tuple[Path, str]]:
    for folder in ("services", "shared", "deploy"):
        for path in (TOP / folder).rglob("*"):
            if path.suffix == ".html":
                # Also what stands in expressions: a word within quotes comes onto the page.
                yield path, _JINJA_CODE.sub(" ", path.read_text("utf-8"))
                yield from ((path, text) for text in re.findall(r"\"([^\"]*)\"", path.read_text("utf-8")))
            elif path.suffix == ".toml":
                yield from ((path, text) for text in _texts(tomllib.loads(path.read_text("utf-8"))))
            elif path.suffix == ".py":
                yield from ((path, text) for text in _literals(path.read_text("utf-8")))


@pytest.mark.clause("PF-7/ViSOR nominal.1")
def test_no_page_and_no_wording_calls_a_nominal_an_offender() -> None:
    looked = list(wordings())
    assert len(looked) > 10_000
    found = [f"{path.relative_to(TOP)}: {text[:120]}" for path, text in looked if called_so(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Open the offender's record", True),
        ("Offenders in custody", True),
        ("The convict was moved", True),
        ("Tell the person on probation", True),
        ("HMPPS Offender Manager: Ruth", False),
        ("Offender management unit", False),
        ("Convictions and offences; convicted in 2019", False),
        ("Registered sex offender (RSO)", False),
    ],
)
def test_what_counts_as_calling_them_so(text: str, wrong: bool) -> None:
    assert bool(called_so(text)) is wrong
