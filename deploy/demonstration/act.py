"""One thing that an invented person did, as a command of the suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

# Who acts where it is the suite itself, for a message of another system.
SYSTEM = ""


@dataclass(frozen=True, slots=True)
class Act:
    """`given` is what the command (or the search) takes; `days_ago` where the policy clock stands meanwhile.

    `at` is London's time of an earlier day; without one it is some time between nine and five. What came of it later is
    `then`, which is also given the id of what this made, under the name `then_by`.
    """

    days_ago: int
    username: str
    command: str
    given: Mapping[str, Any]
    then: Act | None = None
    then_by: str = ""
    at: time | None = None
