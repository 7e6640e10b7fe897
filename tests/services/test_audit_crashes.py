"""The sealer killed at each of its points, and what the next one finds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from shared.audit.seal import SealForged
from shared.audit.sealer import POINTS
from shared.messaging.crash_points import VARIABLE
from tests.servers.audited import SERVICE, Audited

# The lock is taken once in a run; the other points are passed with each batch.
PASSED = {point: (1,) if point == "sealer.locked" else (1, 3) for point in POINTS}

SEAL_ONCE = """
import sys
from pathlib import Path
from sqlalchemy import create_engine
from shared.audit.seal_file import SealFile
from shared.audit.sealer import Sealer
from shared.clock import SystemClock
from shared.keys.signing_keys import SEALS, SigningKeys
url, home, service = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
keys = SigningKeys(home / "keys", SEALS)
Sealer(create_engine(url), service, keys, SealFile(home / "seals", service), SystemClock(), batch=10).seal()
"""


def seal_elsewhere(audited: Audited, crash_at: str) -> int:
    environment = os.environ | {VARIABLE: crash_at}
    command = [sys.executable, "-c", SEAL_ONCE, audited.url, str(audited.home), SERVICE]
    return subprocess.run(command, env=environment, check=False, timeout=60).returncode


def seal_when_free(audited: Audited) -> None:
    """The server may have yet to notice that the killed one's connection, and with it the lock, is gone."""
    while not audited.seal().active:
        pass


@pytest.mark.parametrize(("point", "time"), [(point, time) for point in POINTS for time in PASSED[point]])
def test_killed_at_any_point_it_goes_on_where_it_was(audited: Audited, point: str, time: int) -> None:
    written = audited.write(25)
    assert seal_elsewhere(audited, f"{point}:{time}") == -signal.SIGKILL
    half_way = audited.verify()
    assert half_way.first is None
    assert half_way.entries + half_way.unsealed == 25

    seal_when_free(audited)
    assert [row[0] for row in audited.query("SELECT entry_id FROM audit_number ORDER BY number")] == written
    stored = [row[0] for row in audited.query("SELECT token FROM audit_seal ORDER BY sequence")]
    assert [line.token for line in audited.file.lines()] == stored
    verdict = audited.verify()
    assert verdict.ok
    assert (verdict.entries, verdict.unsealed, verdict.notes) == (25, 0, ())
    assert audited.file.pinned() == verdict.head


def test_a_line_cut_short_by_a_power_cut_is_written_again(audited: Audited) -> None:
    audited.write(3)
    audited.seal()
    audited.write(3)
    assert seal_elsewhere(audited, "sealer.committed") == -signal.SIGKILL
    with audited.file.path.open("a") as file:
        file.write('{"token": "eyJhbGciOiJFUzI1NiIs')
    seal_when_free(audited)
    assert len(list(audited.file.lines())) == 2
    assert audited.verify().ok


def test_what_was_altered_between_commit_and_file_is_not_carried_into_the_file(audited: Audited) -> None:
    audited.write(3)
    assert seal_elsewhere(audited, "sealer.committed") == -signal.SIGKILL
    altered = audited.id_of(2)
    audited.behind_its_back("UPDATE audit_entry SET hash = sha256('other') WHERE id = %(id)s", id=altered)
    with pytest.raises(SealForged, match="no longer those it sealed"):
        seal_when_free(audited)
    assert audited.first().entry_id == altered
