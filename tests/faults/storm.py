"""Random `kill -9`, over everything."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from tests.faults.ground import BROKER, DATABASE, PROCESSES, Ground

# Processes come back at once, the broker needs some five seconds, and a storm in which it is never up proves little.
WEIGHTS = {"writer": 3, "relay": 4, "consumer": 5, "tick": 2, "tasks": 4, DATABASE: 2, BROKER: 1}
SECOND = ("relay-2", "consumer-2", "tick-2", "tasks-2")


def storm(ground: Ground, seconds: float, seed: int, say: Callable[[str], None]) -> None:
    """Two of each role that may have two; whoever is killed is started again a moment later."""
    chance = random.Random(seed)
    for role in (*PROCESSES, *SECOND):
        ground.start(role)
    time.sleep(4)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(chance.uniform(0.1, 0.9))
        victim = _victim(chance)
        ground.kill(victim)
        time.sleep(chance.uniform(0, 0.5))
        ground.revive(victim)
        say(f"killed {victim}")
    for role in (*PROCESSES, *SECOND):
        ground.stop(role)


def _victim(chance: random.Random) -> str:
    victim = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    return f"{victim}-2" if f"{victim}-2" in SECOND and chance.random() < 0.5 else victim
