"""Every clause that a test cites is one of the catalogue's, so that counting them counts something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SERVICES = TESTS.parent / "services"
# The ids of every row of the requirements, one a line.
CLAUSES = frozenset((TESTS / "clauses.txt").read_text(encoding="utf-8").splitlines())
_PERIOD = re.compile(r"\b\d+ (working |calendar )?days\b")


def cited(source: str) -> Iterator[tuple[int, str]]:
    """(line, clause) of each `pytest.mark.clause("PF-5.13.1", …)`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause":
            for value in node.args:
                if isinstance(value, ast.Constant) and ast.unparse(node.func) == "pytest.mark.clause":
                    yield value.lineno, str(value.value)


def unknown(path: str, source: str) -> list[str]:
    return [f"{path}:{line}: {clause}" for line, clause in cited(source) if clause not in CLAUSES]


def test_every_clause_that_a_test_cites_is_in_the_catalogue() -> None:
    files = sorted(TESTS.rglob("test_*.py"))
    assert len(files) > 50
    found = [line for path in files for line in unknown(str(path.relative_to(TESTS)), path.read_text())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('@pytest.mark.clause("PF-5.13.1", "PF-5.13")\ndef test(): ...', ["x:1: PF-5.13"]),
        (
            '@pytest.mark.clause(\n    "PF-4.16/A.1",\n    "PF-4.16/A",\n)\ndef test(): ...',
            ["x:3: PF-4.16/A"],
        ),
        ('cells.clause("PF-5.13")', []),
    ],
)
def test_one_that_is_not_is_found_with_its_line(source: str, found: list[str]) -> None:
    assert unknown("x", source) == found


@pytest.mark.parametrize("service", ["records", "notifications"])
def test_no_page_says_how_long_something_takes_but_as_policy_has_it_today(service: str) -> None:
    pages = sorted((SERVICES / service).rglob("*.html"))
    assert pages
    wrong = [str(page) for page in pages if _PERIOD.search(page.read_text(encoding="utf-8"))]
    assert not wrong, "say policy_value(key) instead: " + ", ".join(wrong)
