"""The walks go through one world: what they send changes nothing that another walk asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from deploy.demonstration.users import Staff
from tests.journeys.world import World
from tests.servers.worlds import opened_world


@pytest.fixture(scope="module")
def world(
    templates: dict[str, str],
    fresh_database: Callable[..., str],
    people: Staff,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    with opened_world(templates, fresh_database, people, tmp_path_factory.mktemp("walk")) as opened:
        yield opened
