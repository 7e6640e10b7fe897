"""What every test may ask for. Fixtures live with what they are about; this file only gathers them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.workers import ByPlace, rank

pytest_plugins = [
    "tests.servers.databases",
    "tests.servers.brokers",
    "tests.servers.audited",
    "tests.servers.key_stores",
    "tests.servers.records",
    "tests.servers.addressed",
    "tests.servers.worlds",
]

# A machine with both cores busy is slow to invent inputs; that says nothing about the rule under test.
settings.register_profile("busy", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPlace:
    return ByPlace(config, log)
