"""CI ends with one line that counts every run of pytest, and fails when any of them failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.closing_line import closing_line

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}" time="1.5"/></testsuites>'


@pytest.mark.parametrize(
    ("reports", "line", "good"),
    [
        ([(5, 0, 0, 1), (10, 0, 0, 0)], "==== 14 passed, 1 skipped in 3.00s ====", True),
        ([(5, 1, 0, 0)], "==== 1 failed, 4 passed in 1.50s ====", False),
        ([(5, 0, 1, 0)], "==== 4 passed, 1 errors in 1.50s ====", False),
    ],
)
def test_runs_are_added_up(
    tmp_path: Path, reports: list[tuple[int, int, int, int]], line: str, *, good: bool
) -> None:
    files = [tmp_path / f"{number}.xml" for number in range(len(reports))]
    for file, counts in zip(files, reports, strict=True):
        file.write_text(REPORT.format(*counts))
    assert closing_line(files) == (line, good)


def test_without_a_single_test_the_run_fails(tmp_path: Path) -> None:
    (tmp_path / "empty.xml").write_text(REPORT.format(0, 0, 0, 0))
    assert closing_line([tmp_path / "empty.xml"]) == ("==== no tests ran in 1.50s ====", False)
