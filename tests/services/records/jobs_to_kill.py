"""What changes a state by itself, each made due: what `test_killed_jobs.py` kills.

A tick's `facts` are the kinds that it puts into the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from services.records.printing.commands import TASK as PRINT
from services.records.printing.jobs import EXPIRE
from services.records.staleness.jobs import LookForStale
from services.records.workload.jobs import TASK as COUNT
from shared.events.identity.accounts import ACCOUNT_LEAVING
from shared.ids import new_id
from shared.reconciliation.nightly import TASK as STATE
from tests.servers.records import LEEDS, NOW, World
from tests.services.records.conftest import Cast
from tests.services.records.test_archiving import add_licence, archive
from tests.services.records.test_leaving import hear as hear_of
from tests.services.records.test_limited_access import REVIEW, limit
from tests.services.records.test_partnership_drafts import hear as supervise
from tests.services.records.test_partnership_drafts import police_owned
from tests.services.records.test_printing import ask as ask_for_print
from tests.services.records.test_referrals import declare, register
from tests.services.records.test_retention import hundred_on
from tests.services.records.test_staleness import look

TODAY = NOW.date()
Ready = Callable[[World, Cast], None]


@dataclass(frozen=True)
class Tick:
    ready: Ready
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """`ended` is a query, and what it finds however often the job was stopped on its way."""

    ready: Ready
    points: tuple[str, ...]
    ended: tuple[str, tuple[Any, ...]]


# ---- Ticks. ----


def _leaver(world: World, cast: Cast) -> None:
    data = {"left_on": TODAY, "leaver_id": new_id(), "jurisdiction": "ENG"}
    hear_of(world, ACCOUNT_LEAVING, cast.manager, unit=LEEDS, **data)
    world.nominal(manager_id=cast.manager.person_id, surname="Other")
    world.later(seconds=16)


def _untouched(world: World, cast: Cast) -> None:
    """One record has become stale and was touched since, another becomes it today."""
    world.later(days=91)
    look(world, LookForStale())
    given = {"nominal_id": cast.nominal, "kind": "information", "text": "He was seen."}
    world.run("activity_log.add", cast.manager, **given)
    at = world.policy.at - timedelta(days=90)
    world.nominal(created_at=at, manager_id=cast.manager.person_id, surname="Other")
    world.later(days=1)


def _licence_over(world: World, cast: Cast) -> None:
    nominal = world.nominal(manager_id=cast.manager.person_id, level=1)
    add_licence(world, cast.manager, nominal, TODAY + timedelta(days=1))
    world.later(days=2)


def _archived(days: int) -> Ready:
    def ready(world: World, cast: Cast) -> None:
        archive(world, cast)
        world.later(days=days)

    return ready


def _reviewed_soon(world: World, cast: Cast) -> None:
    limit(world, cast.cpc, cast.nominal, review_on=REVIEW)
    world.later(days=140)


def _supervised(world: World, _cast: Cast) -> None:
    supervise(world)
    police_owned(world)


def _window_opens(world: World, _cast: Cast) -> None:
    tess = world.person(
        LEEDS, "create", "manager", "partner", roles=("tasked_with_creation",), name="Tess Tasked"
    )
    declare(world, sufficient=True)
    register(world, tess, release_on="2026-12-15")
    world.later(days=14)


def _hundred(world: World, _cast: Cast) -> None:
    world.nominal(date_of_birth=hundred_on(TODAY))


TICKS: Final[Mapping[str, Tick]] = {
    "access.count_again": Tick(_leaver, ("holdings.counted",)),
    "archiving.ask_for_reviews": Tick(_archived(days=365), ("archive.review_due",)),
    "archiving.end_partnerships": Tick(_archived(days=28), ("partnership.removed", "standing.changed")),
    "archiving.look_for_ready": Tick(_licence_over, ("archive.ready",)),
    "limited_access.remind": Tick(_reviewed_soon, ("limited_access.review_due",)),
    "partnership.nightly_match": Tick(_supervised, ("partnership.request_drafted",)),
    "referrals.windows_opening": Tick(_window_opens, ("referral.due",)),
    "retention.ask_for_reviews": Tick(_hundred, ("retention.due",)),
    "staleness.look_for_stale": Tick(_untouched, ("record.stale", "record.touched")),
}
_ONE_TASK = "writes one task row with the night as its key; the task is killed"
TICKS_NOT_KILLED: Final[Mapping[str, str]] = {
    "reconciliation.begin_at_night": _ONE_TASK,
    "workload.begin_at_night": _ONE_TASK,
}


# ---- Tasks. ----


def _night(name: str) -> Ready:
    def ready(world: World, _cast: Cast) -> None:
        with world.runtime.system_work("test.tick") as work:
            work.enqueue(name, {"night": TODAY.isoformat()})

    return ready


def _printed(world: World, cast: Cast) -> None:
    ask_for_print(world, cast.manager, cast, parts=["summary", "activity_log"], form="json")


_STATED = (
    "SELECT (SELECT count(*) FROM stating WHERE finished_at IS NULL),"
    " (SELECT count(*) FROM (SELECT FROM outbox GROUP BY kind, data, copies HAVING count(*) > 1) AS twice),"
    " (SELECT count(*) > 1 FROM outbox WHERE kind = 'records.standings.stated')"
)
_COUNTED = "SELECT count(*), count(DISTINCT copies) FROM outbox WHERE kind = 'records.workload.counted'"
_MADE = (
    "SELECT state, done, file_id IS NOT NULL, (SELECT count(*) FROM print_part),"
    " (SELECT count(*) FROM audit_entry WHERE action = 'printing.made'),"
    f" (SELECT count(*) FROM task WHERE name = '{EXPIRE}') FROM print_job"
)
JOBS: Final[Mapping[str, Job]] = {
    COUNT: Job(_night(COUNT), ("task.claimed", "task.worked", "task.marked"), (_COUNTED, (1, 1))),
    STATE: Job(
        _night(STATE),
        ("task.claimed", "task.worked", "task.items_done:2", "task.worked:4", "task.marked"),
        (_STATED, (0, 0, True)),
    ),
    PRINT: Job(
        _printed,
        ("task.claimed", "task.worked", "task.items_done", "task.worked:3", "task.marked", "task.committed"),
        (_MADE, ("ready", 2, True, 0, 1, 1)),
    ),
}
JOBS_NOT_KILLED: Final[Mapping[str, str]] = {
    "bulk_partner.run": "killed in tests/services/test_bulk_partner.py",
    "bulk_transfer.run": "killed in test_bulk_transfer.py",
    "deletion.destroy_keys": "killed in test_killed.py",
    EXPIRE: "takes one file away and says so in one row; done again it finds it gone",
    "previews.make": "draws pictures anew until they are there; no state of a record hangs on it",
}
