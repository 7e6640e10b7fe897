"""A world for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.demonstration.users import Staff
from tests.journeys.world import World
from tests.servers.worlds import opened_world


@pytest.fixture
def world(
    templates: dict[str, str], fresh_database: Callable[..., str], people: Staff, tmp_path: Path
) -> Iterator[World]:
    with opened_world(templates, fresh_database, people, tmp_path) as opened:
        yield opened
