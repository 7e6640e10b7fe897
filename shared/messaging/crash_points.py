"""Named points where a test can stop the process dead, one between any two steps of the messaging path.

What a service does in steps that must not come apart has points of its own, named for it (`deletion.keys_destroyed`).

`VISOR_CRASH_AT=relay.published` kills this process with SIGKILL when it comes there; `relay.published:3`
the third time. Nothing is caught and nothing cleaned up, as when the machine loses power.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "VISOR_CRASH_AT"

POINTS = {
    "writer.outbox_written": "the change and its outbox row are written, not committed",
    "writer.committed": "committed, the relay not yet rung",
    "relay.claimed": "rows claimed, nothing published",
    "relay.published": "handed to the broker, no confirm seen",
    "relay.confirmed": "confirmed, rows not yet marked",
    "relay.marked": "rows marked published, not committed",
    "relay.committed": "marked rows committed",
    "relay.nudged": "tasks nudged, not yet marked as nudged",
    "consumer.received": "a batch has arrived, no transaction open",
    "consumer.inbox_written": "ids in the inbox, no handler run",
    "consumer.handled": "handlers run, not committed",
    "consumer.committed": "committed, not acknowledged",
    "consumer.acknowledged": "acknowledged",
    "consumer.attempt_counted": "a redelivered message's attempt counted, not yet tried",
    "consumer.set_aside": "a failed message kept for retry, not acknowledged",
    "consumer.buried": "poison in the dead letters, not acknowledged",
    "task.claimed": "lease taken, no work done",
    "task.worked": "work done, row not yet marked",
    "task.marked": "row marked done, not committed",
    "task.committed": "work and mark committed, nudge not acknowledged",
    "task.items_done": "one chunk of a bulk job committed, more to do",
    "tick.begun": "tick begun, nothing claimed",
    "tick.swept": "lapsed and due tasks freed, not committed",
    "tick.committed": "freed tasks committed, the relay not rung",
}

_armed, _, _count = os.environ.get(VARIABLE, "").partition(":")
_left = int(_count or 1)


def crash_point(name: str) -> None:
    """Kills this process if it was told to die here; otherwise one comparison."""
    if _armed and name == _armed:
        _arrive()


def _arrive() -> None:
    global _left  # noqa: PLW0603 - a counter of this process, by design
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
