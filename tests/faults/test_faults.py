"""The short version of `make faults`."""

from __future__ import annotations

from tests.faults.__main__ import run
from tests.faults.ground import ground
from tests.servers.required import require


def test_nothing_is_lost_or_doubled_whatever_is_killed() -> None:
    require("rabbitmq")
    with ground() as made:
        assert run(made, seconds=10, seed=1) == 0
