"""What every test may ask for. Fixtures live with what they are about; this file only gathers them."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.servers.databases",
    "tests.servers.brokers",
    "tests.servers.audited",
    "tests.servers.key_stores",
    "tests.servers.records",
    "tests.servers.addressed",
]

# A machine with both cores busy is slow to invent inputs; that says nothing about the rule under test.
settings.register_profile("busy", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("busy")
