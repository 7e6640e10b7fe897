"""`python -m tests.load [--nominals 1000,200000] [--only summary,search] [--keep FOLDER]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tests.load import bulk, requests_measured, search, start, telling
from tests.load.ground import Ground, ground
from tests.load.measures import Measure, table

console = Console(width=130)
# What is measured on a caseload. The start comes first: after five million items were put in and taken out again
# the database server tidies up for a while, which no second start of somebody's suite finds.
ON_A_CASELOAD: dict[str, Callable[[Ground], list[Measure]]] = {
    "start": start.measure,
    "requests": requests_measured.measure,
    "search": search.measure,
    "bulk": bulk.measure,
    "telling": telling.measure,
}
MESSAGING = "messaging"
SMALL, LARGE = 20_000, 200_000


def messaging() -> list[Measure]:
    """Drain and latency, over RabbitMQ; the same whatever the caseload."""
    from tests.load import bench_messaging  # noqa: PLC0415 - needs a broker, the others do not

    return [
        Measure(one.name, one.unit, one.value, one.reach, one.floor, more_is_better=one.more_is_better)
        for one in bench_messaging.measure()
    ]


def on_caseload(nominals: int, only: set[str], keep: Path | None) -> list[Measure]:
    found: list[Measure] = []
    with ground(nominals, keep) as made:
        for name, measure in ON_A_CASELOAD.items():
            if name in only:
                console.print(f"{name} …")
                with nullcontext() if name == "start" else made.server():
                    here = measure(made)
                    # Nothing is asked of it but how much longer ten times as many take.
                    if nominals == SMALL:
                        here = [replace(one, reach=None) for one in here]
                    found += here
                    console.print(table(name, here))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Status 1 where a target was missed."""
    names = [*ON_A_CASELOAD, MESSAGING]
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--nominals", default="1000,20000,200000", help="caseloads to measure on")
    parser.add_argument("--only", default=",".join(names), help=f"of {', '.join(names)}")
    parser.add_argument(
        "--keep", type=Path, help="a folder for caseloads that are loaded once and used again"
    )
    given = parser.parse_args(arguments)
    only, reached = set(given.only.split(",")), True
    by_size: dict[int, list[Measure]] = {}
    for nominals in [int(number) for number in given.nominals.split(",")]:
        # Of the caseload in between only the search is of interest.
        here = only & {"search"} if nominals == SMALL else only
        if here - {MESSAGING}:
            found = by_size[nominals] = on_caseload(nominals, here, given.keep)
            console.print(table(f"{nominals:,} nominals", found))
            reached = reached and all(one.reached for one in found)
    if {SMALL, LARGE} <= by_size.keys():
        found = search.growth(by_size[SMALL], by_size[LARGE])
        console.print(table("from 20,000 to 200,000 nominals", found))
        reached = reached and all(one.reached for one in found)
    if MESSAGING in only:
        found = messaging()
        console.print(table("messaging", found))
        reached = reached and all(one.reached for one in found)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
