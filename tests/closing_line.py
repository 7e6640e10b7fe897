"""One closing line for several runs of pytest: `python -m tests.closing_line test-results/*.xml`."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

COUNTS = ("failures", "errors", "skipped")


def closing_line(reports: list[Path]) -> tuple[str, bool]:
    """The line as pytest words it, and whether nothing failed; a report that is missing counts as an error."""
    total, seconds = dict.fromkeys(("tests", *COUNTS), 0), 0.0
    for report in reports:
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 -- pytest wrote it just now
        if suite is None:
            total["errors"] += 1
            continue
        seconds += float(suite.get("time", "0"))
        for name in total:
            total[name] += int(suite.get(name, "0"))
    passed = total["tests"] - sum(total[name] for name in COUNTS)
    parts = [
        f"{number} {word}"
        for number, word in (
            (total["failures"], "failed"),
            (passed, "passed"),
            (total["skipped"], "skipped"),
            (total["errors"], "errors"),
        )
        if number
    ]
    line = f"==== {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s ===="
    return line, bool(passed) and not total["failures"] + total["errors"]


if __name__ == "__main__":
    line, passed_all = closing_line([Path(name) for name in sys.argv[1:]])
    print(line)
    sys.exit(0 if passed_all else 1)
