"""What the suite writes to its log: one JSON line an event, kinds and places only, never what somebody sent."""

from __future__ import annotations

import sys

import structlog

from shared.correlation import correlation_id


def configure() -> None:
    """Call once, where a process starts. Tracebacks carry no local variables: those can hold a name."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_correlation,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _with_correlation(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    event["correlation_id"] = str(correlation_id())
    return event
