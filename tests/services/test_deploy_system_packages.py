"""Installing the broker's package never starts a broker, and leaves the machine's own policy as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.system_packages import PROGRAMS, advice, no_services_started


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 0\n"])
def test_while_installing_no_service_may_start(tmp_path: Path, before: str | None) -> None:
    policy = tmp_path / "policy-rc.d"
    if before is not None:
        policy.write_text(before)
        policy.chmod(0o700)
    guard = no_services_started(policy)
    guard.__enter__()
    assert "exit 101" in policy.read_text()
    assert policy.stat().st_mode & 0o111
    assert not guard.__exit__(RuntimeError, RuntimeError("apt failed"), None), "the failure was swallowed"
    assert (policy.read_text() if policy.exists() else None) == before
    assert before is None or policy.stat().st_mode & 0o777 == 0o700


def test_the_advice_is_one_line_that_can_be_typed() -> None:
    line = advice(list(PROGRAMS.values()))
    assert "\n" not in line
    assert (
        "apt-get install --no-install-recommends rabbitmq-server chromium fonts-liberation clamav-daemon slapd"
        in line
    )
