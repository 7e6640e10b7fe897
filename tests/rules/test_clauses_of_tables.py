"""Every clause that a table of the house names is one of the requirements, or of a kind that has none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.rules.test_citations import CLAUSES, TESTS

TOP = TESTS.parent
# The folders of attachments word their sources in sentences: tests/rules/test_attachments_catalogue.py reads those.
TABLES = sorted(
    path
    for part in ("services", "shared")
    for path in (TOP / part).rglob("*.toml")
    if "attachments/folders" not in path.as_posix()
)
# What decides where no clause does: the law, a conflict settled in section 31, the defaults of section 32.
_LAW = r"public knowledge|data protection law|SI \d{4}/\d+|(SOA 2003|FOIA) s\.\d+"
OTHER = re.compile(rf"{_LAW}|C-\d\d|section 3[12]")
DO = (
    "cite a clause of tests/clauses.txt or the section it stands in, with the id that the requirements give it;"
    " what is no clause must be of a kind named in tests/rules/test_clauses_of_tables.py (OTHER)"
)


def is_known(clause: str) -> bool:
    """A clause, the section of some (`PF-4.10` of `PF-4.10.2`), or one of the other kinds."""
    within = any(one.startswith((f"{clause}.", f"{clause}/")) for one in CLAUSES)
    return clause in CLAUSES or within or OTHER.fullmatch(clause) is not None


def named(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(the row it stands in, clause) of every `clause`, `clauses` and `source`, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"clause", "clauses", "source"}:
                texts = [inner] if isinstance(inner, str) else inner
                yield from ((place, one) for text in texts for one in text.split(", "))
            else:
                yield from named(inner, f"{place}[{key}]")
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from named(inner, f"{place}[{number}]")


def unknown(path: str, text: str) -> list[str]:
    found = named(tomllib.loads(text))
    return [f"{path} {place}: {clause} is no clause: {DO}" for place, clause in found if not is_known(clause)]


def test_every_clause_that_a_table_names_is_in_the_requirements() -> None:
    assert len(TABLES) > 60
    found = [line for path in TABLES for line in unknown(str(path.relative_to(TOP)), path.read_text())]
    assert not found, "\n".join(found)


def test_the_tables_that_say_why_are_among_them() -> None:
    names = {path.name for path in TABLES}
    assert names >= {"catalogue.toml", "actions.toml", "policy_values.toml", "refusals.toml", "meetings.toml"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[D-90]\nclause = "PF-4.99, PF-4.10"', ["x [D-90]: PF-4.99"]),
        ('[[rule]]\nclause = "PF-4.2"\n[[rule]]\nclause = "PF-99"', ["x [rule][2]: PF-99"]),
        ('["a.b"]\nclause = ["PF-5.13.1", "C-16", "PF-7/Manager", "SI 2012/1876"]', []),
        ('["a.b"]\nvalues = [{ value = 1, source = "a guess" }]', ["x [a.b][values][1]: a guess"]),
    ],
)
def test_one_that_is_not_is_found_with_its_row(text: str, found: list[str]) -> None:
    assert [line.partition(" is no clause")[0] for line in unknown("x", text)] == found
