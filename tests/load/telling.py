"""Telling people while there are 100,000 users and five million open items: the fan-out, the tick, the longest list."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from uuid import UUID

from deploy import assembly
from deploy.participants import participant
from services.notifications.deadlines.jobs import take_due_steps
from shared.events.envelope import Aggregate, Duty, Event
from shared.events.records.activity_log import NOTIFY_MANAGER
from shared.events.records.meetings import MEETING_HELD
from shared.ids import new_id
from shared.messaging.intake import Delivery, Intake
from shared.runtime import Runtime
from tests.load import crowd, floor
from tests.load.client import http, load
from tests.load.crowd import Crowd
from tests.load.ground import Ground
from tests.load.measures import Measure
from tests.load.web import FLOOR, serving

PARTNERS, ROUNDS, LARGE = 2_000, 5, 200_000
SECONDS, WARM, TURNS = 1.5, 3.0, 8
# With fewer nominals there are fewer of everything, so that the whole bench stays bearable.
SMALL = (5_000, 100_000, 5_000)
WHOLE = (crowd.USERS, crowd.ITEMS, crowd.CLOCKS)
_UNIT = "pdu-N55LEE"


def measure(ground: Ground) -> list[Measure]:
    with ground.connection("notifications") as connection:
        here = crowd.gather(connection, *(WHOLE if ground.nominals >= LARGE else SMALL))
    runtime = assembly.open_runtimes(ground.settings, ["notifications"])["notifications"]
    try:
        seconds = median(_told(runtime, here, number) for number in range(ROUNDS))
        idle, busy, due = _ticks(runtime, here)
    finally:
        runtime.close()
    size = f"{here.items / 1e6:g} million open items"
    bare, listed = _longest_list(ground, here)
    return [
        Measure(f"one event on {PARTNERS:,} lists, {size}", "s", seconds, 5.0),
        Measure(f"tick with nothing due of {here.clocks:,} deadlines", "ms", idle * 1e3, 25.0),
        Measure(f"tick with {due} due, each", "ms", busy / due * 1e3, 25.0),
        Measure(
            f"list of {crowd.LONGEST:,} open items (API)",
            "requests/s",
            listed,
            1 / 3,
            bare,
            more_is_better=True,
        ),
    ]


def _told(runtime: Runtime, here: Crowd, number: int) -> float:
    """From the message's arrival to the commit that has it on everybody's list."""
    first = 1 + number * PARTNERS % (here.users - PARTNERS - 1)
    people = tuple(Duty(Crowd.person(first + n), "partner", _UNIT) for n in range(PARTNERS))
    nominal = new_id()
    data = {"nominal_id": nominal, "entry_id": new_id(), "for_attention": ["partners"]}
    event = _event(NOTIFY_MANAGER.name, NOTIFY_MANAGER.dump(data), nominal, people)
    intake = Intake(participant(runtime))
    began = time.perf_counter()
    intake.take([Delivery(event.to_json())])
    seconds = time.perf_counter() - began
    _check_all_told(runtime, nominal)
    return seconds


def _check_all_told(runtime: Runtime, nominal: UUID) -> None:
    with runtime.database.engine.connect() as connection:
        counted = connection.exec_driver_sql(
            "SELECT count(*) FROM todo_item WHERE nominal_id = %s", (nominal,)
        )
        if (told := counted.scalar_one()) != PARTNERS:
            raise RuntimeError(f"{told} people were told, not {PARTNERS}")


def _ticks(runtime: Runtime, here: Crowd) -> tuple[float, float, int]:
    """Seconds of a look that finds nothing, of those that find what is due, and how many were due."""
    with runtime.system_work("bench") as work:
        while take_due_steps(work):
            pass
    idle = median(_look(runtime) for _ in range(20))
    due = 200
    for number in range(due):
        _meeting(runtime, Crowd.person(1 + number % (here.users - 1)))
    began = time.perf_counter()
    while _look_again(runtime):
        pass
    return idle, time.perf_counter() - began, due


def _meeting(runtime: Runtime, who: UUID) -> None:
    """Held so long ago that the ladder is owed by now."""
    held_on = (datetime.now(UTC) - timedelta(days=60)).date()
    nominal = new_id()
    data = {
        "meeting_id": new_id(),
        "nominal_id": nominal,
        "level": 2,
        "held_on": held_on,
        "managing_unit": _UNIT,
        "jurisdiction": "ENG",
    }
    people = (Duty(who, "mappa_administrator", _UNIT),)
    Intake(participant(runtime)).take(
        [Delivery(_event(MEETING_HELD.name, MEETING_HELD.dump(data), nominal, people).to_json())]
    )
    with runtime.database.engine.begin() as connection:
        owed = "UPDATE deadline SET next_at = now(), reached = 0 WHERE nominal_id = %s"
        connection.exec_driver_sql(owed, (nominal,))


def _look(runtime: Runtime) -> float:
    began = time.perf_counter()
    _look_again(runtime)
    return time.perf_counter() - began


def _look_again(runtime: Runtime) -> bool:
    with runtime.system_work("bench") as work:
        return take_due_steps(work)


def _longest_list(ground: Ground, here: Crowd) -> tuple[float, float]:
    """Requests a second of the bare view and of the list, in turns."""
    del here
    with ground.connection() as connection:
        connection.execute(floor.MAKE)
        ids = [str(row[0]) for row in connection.execute("SELECT id FROM nominal LIMIT 500")]
    with serving(ground, FLOOR) as bare, serving(ground) as suite:
        turns = [
            partial(_rate, bare, [http("GET", f"/floor/{one}") for one in ids]),
            partial(_rate, suite, [http("GET", "/notifications/api/todo", _token(ground))] * 16),
        ]
        for turn in turns:
            turn(WARM)
        rates = [[turn(SECONDS) for turn in turns] for _ in range(TURNS)]
    bare_rate, listed = (median(rate) for rate in zip(*rates, strict=True))
    return bare_rate, listed


def _rate(port: int, requests: list[str], seconds: float) -> float:
    heard = load(port, requests, seconds=seconds)
    if heard.failed or not heard.answered:
        raise RuntimeError(f"{heard.failed} of {heard.answered + heard.failed} requests failed")
    return heard.rate


def _token(ground: Ground) -> str:
    return ground.token_for(Crowd.person(0))


def _event(kind: str, data: dict[str, object], nominal: UUID, people: tuple[Duty, ...]) -> Event:
    return Event(
        id=new_id(),
        type=kind,
        version=1,
        occurred_at=datetime.now(UTC),
        data=data,
        aggregate=Aggregate("nominal", nominal, 1),
        agency="probation-service",
        people=people,
        detail="full",
    )
