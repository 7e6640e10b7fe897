"""What a test needs from the system. In CI a missing program is a failure, never a skip."""

from __future__ import annotations

import os

import pytest

from deploy.system_packages import advice, missing


def require(name: str) -> None:
    """Skips the test with the line that says what to install; fails it where `CI` is set."""
    if programs := missing([name]):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(advice(programs))
