"""What every test may ask for. Fixtures live with what they are about; this file only gathers them."""

from __future__ import annotations

pytest_plugins = [
    "tests.servers.databases",
    "tests.servers.brokers",
    "tests.servers.audited",
    "tests.servers.key_stores",
    "tests.servers.records",
]
