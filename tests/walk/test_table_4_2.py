"""Who may do what: every cell of section 4.2, sent to the running suite and compared with what the table says."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import services
from tests.journeys.world import World
from tests.walk.policy_people import COLUMNS
from tests.walk.policy_probes import PROBES
from tests.walk.policy_table import TABLE, Cell, cells_of_act, cells_of_record, named_columns
from tests.walk.routes import routes

# What the table does not speak of: the act was allowed, and something else stood in its way.
_NO_RIGHT = {"R01", "R04", "R05", "R06", "R12", "R34", "R38", "R39"}


def outcome(answer: httpx.Response) -> str:
    """ "yes", or the code of the refusal; a page says it in its text."""
    if answer.is_success:
        return "yes"
    if answer.headers["content-type"].startswith("text/html"):
        found = re.search(r"R\d\d", answer.text)
        said = found[0] if found else f"{answer.status_code}"
        return "yes" if said in _NO_RIGHT else said
    code = answer.json().get("code")
    if code is None:
        # Stale: somebody else saved first, which only those hear who may save.
        return "yes" if answer.status_code == 409 else f"{answer.status_code} {answer.text[:200]}"
    return "yes" if code in _NO_RIGHT else str(code)


def differences(world: World, cells: list[Cell]) -> list[str]:
    found = [(cell, outcome(PROBES[cell.probe](world, cell))) for cell in cells]
    return [f"{cell}: {said}, not {cell.expected}" for cell, said in found if said != cell.expected]


@pytest.mark.clause(
    "PF-7/ViSOR Tokens.1", "PF-5.13.2", "PF-7/Partner.2", "PF-7/CPC Prison.2", "PF-7/LPC.2", "PF-4.16l.2"
)
@pytest.mark.parametrize("row", TABLE["records"])
def test_a_row_about_records(world: World, row: str) -> None:
    """Each column, tied and not, here and elsewhere, of a live, an archived and a limited record."""
    assert differences(world, list(cells_of_record(row, [*COLUMNS]))) == []


@pytest.mark.clause("PF-7/ViSOR Tokens.1", "PF-7/ViSOR Tokens.2", "PF-4.16b", "PF-4.16a.1", "PF-6.5.2")
@pytest.mark.parametrize("row", TABLE["acts"])
def test_a_row_about_people_tokens_and_places(world: World, row: str) -> None:
    assert differences(world, list(cells_of_act(row, [*COLUMNS]))) == []


def test_every_column_is_somebody_and_every_row_is_sent() -> None:
    assert set(named_columns()) <= set(COLUMNS)
    sent = {row["probe"] for part in ("records", "acts") for row in TABLE[part].values()}
    assert sent == set(PROBES)


def test_what_is_not_built_is_not_built(world: World) -> None:
    """Once an act of these rows is there, its row must stand in the table with a probe."""
    declared = {route.declared.name for route in routes(world.apps) if route.declared is not None}
    source = "".join(
        path.read_text("utf-8") for path in Path(str(services.__path__[0])).glob("records/**/*.py")
    )
    built = []
    for row, said in TABLE["not_built"].items():
        built += [(row, name) for name in declared if name.startswith(tuple(said["commands"]))]
        built += [(row, name) for name in said["actions"] if f'"{name}"' in source]
    assert built == []
