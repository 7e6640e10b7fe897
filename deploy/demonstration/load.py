"""Fills empty databases with the estate, its invented users and a caseload; never one that holds anybody.

Each service loads its own part; this file only says in which order, and hands one service's ids to the next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console
from rich.progress import Progress, TaskID

from deploy import assembly
from deploy.demonstration import lately, lately_audited, people, standings
from deploy.demonstration.staff import staff
from deploy.demonstration.wording import log_entries
from services.identity import demonstration as identity_part
from services.identity.directory.queries import page
from services.identity.directory.schemas import PageAnswer
from services.records import demonstration as records_part
from shared.clock import SystemClock
from shared.directory.refresh import refresh
from shared.reference.estate import agencies, estate_units
from shared.runtime import Runtime
from shared.settings import Settings
from shared.time.policy_clock import mark_as_demonstration

if TYPE_CHECKING:
    from deploy.demonstration.nominal import InventedNominal

SEED = 1
NOMINALS = 1_000
ENTRIES = 3  # of each activity log
console = Console()


def load(settings: Settings, *, nominals: int = NOMINALS, seed: int = SEED) -> None:
    """The same people for the same seed. Raises NotEmptyError for databases that hold real ones."""
    today = SystemClock().today()
    invented = staff(seed, today)
    began = time.monotonic()
    with opened(settings) as runtimes, Progress(console=console, transient=True) as progress:
        task = progress.add_task("Inventing users", total=len(invented.users))
        identity_part.load(runtimes["identity"], invented.users, estate_units(), agencies())
        progress.update(task, completed=len(invented.users))
        for name in ("records", "notifications"):
            mark_and_tell(runtimes[name], runtimes["identity"])
        bar = progress.add_task(f"Inventing {nominals:,} nominals", total=nominals)
        caseload = _counted(people.nominals(seed, nominals, today, invented), progress, bar)
        records_part.load(
            runtimes["records"],
            caseload,
            invented.by_username,
            identity_part.person_id,
            entries=lambda nominal: log_entries(
                seed, cast("InventedNominal", nominal), ENTRIES, today, invented
            ),
        )
        standings.copy(runtimes["records"], runtimes["notifications"])
        done = progress.add_task("Living through the last weeks", total=None)
        lately.live(
            runtimes["records"],
            people.nominals(seed, min(nominals, lately.BUSY), today, invented),
            people.nominals(seed, lately.WAITING + lately.WAITING_HERE, today, invented, after=nominals),
            invented,
            seed,
            lambda: progress.advance(done),
        )
        lately_audited.live(
            runtimes["records"],
            people.nominals(seed, min(nominals, lately_audited.LOOKED_AT), today, invented),
            invented,
            seed,
        )
    seconds = time.monotonic() - began
    console.print(
        f"[green]✓[/green] Invented {len(invented.users):,} users and {nominals:,} nominals in {seconds:.0f} s"
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Mapping[str, Runtime]]:
    runtimes = assembly.open_runtimes(settings)
    try:
        yield runtimes
    finally:
        for runtime in runtimes.values():
            runtime.close()


def mark_and_tell(runtime: Runtime, identity: Runtime) -> None:
    """Mark a service's database, and let it read the directory as it would from identity's endpoint."""

    def fetch(after: int, limit: int) -> Mapping[str, Any]:
        with identity.system_work("demonstration.directory") as work:
            dumped: Mapping[str, Any] = PageAnswer().dump(page(work, after=after, limit=limit))
            return dumped

    with runtime.system_work("demonstration.load") as work:
        mark_as_demonstration(work.session, runtime.service.tables.policy_clock)
        refresh(work, fetch)


def _counted(found: Iterator[Any], progress: Progress, task: TaskID) -> Iterator[Any]:
    for number, one in enumerate(found, start=1):
        yield one
        if number % 200 == 0:
            progress.update(task, completed=number)
