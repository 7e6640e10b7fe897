"""What Dramatiq has to say, in our log: with the broker away it would say the same, with a traceback, every few seconds
for each service.
"""

from __future__ import annotations

import logging
import time

import structlog

from shared.messaging.reasons import kind as described

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 60.0


class Brief(logging.Handler):
    """One line for each kind of complaint and queue, at most once a minute; its values are left out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        what, now = (record.name, str(record.msg)), time.monotonic()
        if now - self._said.get(what, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return
        self._said[what] = now
        error = (
            record.exc_info[1]
            if record.exc_info
            else next((one for one in record.args or () if isinstance(one, BaseException)), None)
        )
        log.warning("task_workers", says=what[1], where=what[0], error=error and described(error))


def configure() -> None:
    """Once is enough for a process; a second time changes nothing."""
    logger = logging.getLogger("dramatiq")
    if not any(isinstance(handler, Brief) for handler in logger.handlers):
        logger.handlers = [Brief()]
        logger.propagate = False
