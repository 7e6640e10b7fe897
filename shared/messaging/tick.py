"""The suite's only clockwork: it looks, once a second, what is due. What is due are rows, claimed by whoever
is first.

Two tickers double nothing, and one that was down catches up. APScheduler keeps nothing but one job for each service,
in memory: a shared job store ran jobs twice and lost them to a kill.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, or_, text, update

from shared.messaging import upkeep
from shared.messaging.away import is_away
from shared.messaging.crash_points import crash_point
from shared.messaging.heartbeat import BEAT
from shared.messaging.participant import Participant
from shared.messaging.reasons import kind

log = structlog.get_logger(__name__)

SECONDS = 1.0
NUDGE_AGAIN = timedelta(minutes=2)
MOST_LAPSES = 25
UPKEEP_SECONDS = 3600.0
_BEAT = text(BEAT.replace("%s", ":role"))


class Tick:
    """`run` returns when told to stop. `rings` wakes each participant's relay."""

    def __init__(
        self,
        participants: Sequence[Participant],
        rings: dict[str, Callable[[], None]],
        *,
        seconds: float = SECONDS,
        nudge_again: timedelta = NUDGE_AGAIN,
    ) -> None:
        self._participants = participants
        self._rings = rings
        self._seconds = seconds
        self._nudge_again = nudge_again
        self._kept_up: dict[str, float] = {}

    def run(self, stop: threading.Event) -> None:
        # That a tick still at work lets the next one pass is no news, and would fill the log line by line.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(timezone="UTC")
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        for participant in self._participants:
            # Each by itself: a service with a long day's beginning keeps no other from ending somebody's access.
            scheduler.add_job(partial(self._tick, participant), "interval", seconds=self._seconds, **options)
        scheduler.start()
        stop.wait()
        scheduler.shutdown(wait=True)

    def tick(self) -> None:
        for participant in self._participants:
            self._tick(participant)

    def _tick(self, participant: Participant) -> None:
        self._guarded(participant, partial(self._sweep, participant))
        for hook in participant.ticks:
            self._guarded(participant, hook)
        self._guarded(participant, partial(self._keep_up, participant))

    def _guarded(self, participant: Participant, step: Callable[[], object]) -> None:
        """One service's trouble is not the others'; the next tick tries again."""
        try:
            step()
        except Exception as error:
            where = {"service": participant.name, "error": kind(error)}
            if is_away(error):
                log.info("tick_waits_for_database", **where)
            else:
                log.exception("tick_step_failed", **where)

    def _sweep(self, participant: Participant) -> None:
        """The heartbeat; tasks whose worker died; nudges that came to nothing."""
        crash_point("tick.begun")
        task = participant.tables.task
        lapsed = (task.c.state == "running") & (task.c.lease_until < func.now())
        hopeless = lapsed & (task.c.lapses >= MOST_LAPSES)
        unheard = (task.c.state == "waiting") & (task.c.nudged_at < func.now() - self._nudge_again)
        free = {"state": "waiting", "lease": None, "nudged_at": None}
        died = f"its worker died {MOST_LAPSES} times"
        with participant.session() as session:
            session.execute(_BEAT, {"role": "tick"})
            end = {"state": "failed", "finished_at": func.now(), "last_error": died}
            session.execute(update(task).where(hopeless).values(end))
            freed = update(task).where(task.c.finished_at.is_(None), or_(lapsed, unheard))
            counted = freed.values(lapses=task.c.lapses + lapsed.cast(task.c.lapses.type), **free)
            anything = session.execute(counted.returning(task.c.id)).first()
            crash_point("tick.swept")
            session.commit()
        crash_point("tick.committed")
        if anything:
            self._rings[participant.name]()

    def _keep_up(self, participant: Participant) -> None:
        last = self._kept_up.get(participant.name)
        if last is None or time.monotonic() - last > UPKEEP_SECONDS:
            self._kept_up[participant.name] = time.monotonic()
            upkeep.purge(participant)
