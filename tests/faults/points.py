"""Every named crash point, once: the process that comes there dies there, and another goes on."""

from __future__ import annotations

from collections.abc import Callable

from shared.messaging.crash_points import POINTS
from tests.faults.ground import PROCESSES, Ground

ROLES = {"writer": "writer", "relay": "relay", "consumer": "consumer", "task": "tasks", "tick": "tick"}
# Only a redelivered message's attempt is counted beforehand: so somebody must die over one first.
BEFORE = {"consumer.attempt_counted": "consumer.received"}
SECONDS = 25.0


def walk(ground: Ground, say: Callable[[str], None]) -> list[str]:
    """Returns the points that no process came to."""
    for role in PROCESSES:
        ground.start(role)
    missed = [point for point in POINTS if not _visit(ground, point, say)]
    for role in PROCESSES:
        ground.stop(role)
    return missed


def _visit(ground: Ground, point: str, say: Callable[[str], None]) -> bool:
    role = ROLES[point.partition(".")[0]]
    died = False
    for name in (BEFORE.get(point), point):
        if name is None:
            continue
        ground.stop(role)
        ground.start(role, crash_at=name)
        died = ground.dies_by_itself(role, SECONDS)
    if not died:
        ground.stop(role)
    ground.start(role)
    say(f"{point}: {'died there' if died else 'nobody came there'}")
    return died
