"""One process of the trial: `python -m tests.faults.role relay`. Its addresses come from the environment."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from shared.messaging.backstage import Backstage
from shared.messaging.intake import Delivery, Intake
from tests.faults.trial import PACE, participants, write_for_ever

RECORDS, NOTIFICATIONS, AMQP, HOME = "TRIAL_RECORDS", "TRIAL_NOTIFICATIONS", "TRIAL_AMQP", "TRIAL_HOME"
WRITER = "writer"


def count_redelivered(home: Path) -> None:
    """Notes each message that had been delivered before: how much the kills really put to the test."""
    take = Intake.take
    handle = os.open(home / "redelivered", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def counting(self: Intake, deliveries: Sequence[Delivery]) -> None:
        os.write(handle, b"." * sum(delivery.again for delivery in deliveries))
        take(self, deliveries)

    Intake.take = counting  # type: ignore[method-assign]


def main(name: str) -> None:
    everybody = participants(os.environ[RECORDS], os.environ[NOTIFICATIONS])
    home = Path(os.environ[HOME])
    if name == WRITER:
        write_for_ever(everybody["records"], home / "acknowledged", pause=0.02)
    count_redelivered(home)
    backstage = Backstage(list(everybody.values()), os.environ[AMQP], roles=[name], pace=PACE)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    backstage.start()
    stopped.wait()
    backstage.stop()


if __name__ == "__main__":
    main(sys.argv[1])
