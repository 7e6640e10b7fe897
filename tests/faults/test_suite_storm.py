"""The short version of the storm over the whole suite."""

from __future__ import annotations

import pytest

from tests.faults.suite_storm import run
from tests.servers.required import require


@pytest.mark.clause("PF-4.19.2")
def test_nothing_acknowledged_is_lost_or_doubled_whatever_of_the_suite_is_killed() -> None:
    require("rabbitmq")
    assert run(20, 3, print) == 0
