"""Whom the catalogue says a deadline reminds are those whom its starting fact names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.notifications.deadlines.catalogue import catalogue
from tests.servers.records import LEEDS, NOW, PRISON, World
from tests.services.records.conftest import Cast, told
from tests.services.records.test_custody_messages import hear, message
from tests.services.records.test_imminent_risk import flag, raise_risk
from tests.services.records.test_meetings import record
from tests.services.records.test_minutes import upload
from tests.services.records.test_reception import ASK
from tests.services.records.test_referrals import declare, register
from tests.services.records.test_risk import add as add_assessment

RUNNING = {
    code: each
    for code, each in catalogue().items()
    if each.on and each.starts and each.starts.event.startswith("records.")
}


def refer(world: World, category: str) -> None:
    tess = world.person(LEEDS, "create", roles=("tasked_with_creation",), name="Tess Tasked")
    given = {
        "category": category,
        "level": 2,
        "statutory_supervision": True,
        "registered_on": NOW.date().isoformat(),
        "forenames": "Ann",
        "surname": "Other",
        "date_of_birth": "1980-01-01",
    }
    world.run("referrals.register", tess, **given)


def refer_staffed(world: World, **given: Any) -> None:
    """A level 1 case of an area with enough staff."""
    tess = world.person(LEEDS, "create", roles=("tasked_with_creation",), name="Tess Tasked")
    declare(world, sufficient=True)
    register(world, tess, **given)


def refer_scottish(world: World, _cast: Cast) -> None:
    register(world, world.person("force-scotland", "create"), category="RSO", statutory_supervision=None)


def ask_record(world: World, cast: Cast) -> None:
    world.person(LEEDS, "create", roles=("tasked_with_creation",), name="Tess Tasked")
    world.run("reception.ask_record", cast.prison, **ASK)


def request(world: World, cast: Cast) -> None:
    world.run(
        "partnership.request", cast.prison, nominal_id=cast.nominal, whom="unit", reason="In our prison."
    )


def meet(level: int) -> Callable[[World, Cast], Any]:
    def act(world: World, cast: Cast) -> None:
        world.person(LEEDS, "partner", roles=("mappa_administrator",), name="Mina Mappa")
        record(world, cast.manager, cast, level=level)

    return act


def receive_minutes(world: World, cast: Cast) -> None:
    meet(3)(world, cast)
    (held,) = world.rows("SELECT id FROM mapp_meeting")
    given = {"nominal_id": cast.nominal, "meeting_id": held.id, "received_on": NOW.date().isoformat()}
    world.run("meetings.receive_minutes", cast.manager, **given)


def minutes_go(world: World, cast: Cast) -> None:
    meet(3)(world, cast)
    given = {"nominal_id": cast.nominal, "entry_id": UUID(upload(world, cast)["id"])}
    world.run("attachments.remove", cast.cpc, **given, reason="Of another meeting altogether.")


def deregister(world: World, cast: Cast) -> None:
    given = {"deregistered_on": NOW.date(), "reason": "The panel ended the management at level 2."}
    world.run("nominals.deregister", cast.manager, nominal_id=cast.nominal, **given)


def imminent(world: World, cast: Cast) -> None:
    counterpart = world.person("force-13", "partner", name="Pia Counterpart")
    administrator = world.person(LEEDS, "partner", name="Cass Admin")
    world.partner(cast.nominal, administrator)
    named = {"police_name": "", "police_id": str(counterpart.person_id)}
    raise_risk(world, administrator, cast, **named)


def flagged(world: World, cast: Cast) -> None:
    world.person(LEEDS, "partner", roles=("case_administrator",), name="Cass Admin")
    flag(world, cast.manager, cast)


def leave(world: World, cast: Cast) -> None:
    world.partner(cast.nominal, cast.prison)
    for kind, day in (("received", 30), ("released", 31)):
        at = f"2026-03-{day}T12:00:00+00:00"
        world.run("custody.record", cast.manager, nominal_id=cast.nominal, kind=kind, prison=PRISON, at=at)


def assess(world: World, cast: Cast) -> None:
    add_assessment(world, cast.manager, cast)


# What somebody does that starts each of them.
STARTS: dict[str, Callable[[World, Cast], Any]] = {
    "D-01": lambda world, _cast: refer(world, "2"),
    "D-02": lambda world, _cast: refer_staffed(world, release_on="2026-09-01"),
    "D-03": lambda world, _cast: refer_staffed(world, sentenced_on="2026-03-31"),
    "D-05": ask_record,
    "D-47": refer_scottish,
    "D-04": lambda world, _cast: refer(world, "3"),
    "D-06": request,
    "D-07": lambda world, _cast: hear(world, message()),
    "D-09": request,
    "D-10": meet(3),
    "D-11": meet(2),
    "D-12": receive_minutes,
    "D-13": imminent,
    "D-14": flagged,
    "D-21": assess,
    "D-22": leave,
    "D-23": leave,
    "D-45": lambda world, cast: world.run(
        "activity_log.review_completed", cast.manager, nominal_id=cast.nominal, completed_on="2026-03-31"
    ),
    "D-17": deregister,
    "D-54": minutes_go,
}


# Whose starting facts take more than one act: looked at where these are.
WITH_THEIR_CAPABILITY = {
    "D-08": "test_reception_waiting",
    "D-18": "test_retention",
    "D-24": "test_prison_moves",
    "D-50": "test_minimum_dataset",
    "D-52": "test_staleness",
}


def test_every_deadline_that_a_fact_of_records_starts_is_looked_at() -> None:
    forgotten = set(RUNNING) - set(STARTS) - set(WITH_THEIR_CAPABILITY)
    assert forgotten == set(), (
        "add it to STARTS, or to WITH_THEIR_CAPABILITY with the module that looks at whom it tells"
    )
    assert (set(STARTS) | set(WITH_THEIR_CAPABILITY)) - set(RUNNING) == set()
    here = Path(__file__).parent
    for name in WITH_THEIR_CAPABILITY.values():
        assert "told(" in (here / f"{name}.py").read_text(), f"{name} looks at nobody who is told"


@pytest.mark.parametrize("code", sorted(STARTS))
def test_whom_it_says_it_reminds_is_told(records: World, cast: Cast, code: str) -> None:
    STARTS[code](records, cast)
    entry = RUNNING[code]
    assert entry.starts is not None
    named = {role for role, _ in told(records, entry.starts.event)}
    assert named == set(entry.reminded)
