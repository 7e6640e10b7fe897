"""What is kept about an error: enough for an operator, and none of the values that a statement was run with."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

_LONGEST = 500


def reason(error: BaseException) -> str:
    """For a row of the service's own database; the error's own words may speak of a person, so never log
    them.
    """
    if isinstance(error, DBAPIError):
        return kind(error)
    return f"{type(error).__name__}: {error}"[:_LONGEST]


def kind(error: BaseException) -> str:
    """For the log: the error's class, and PostgreSQL's state where it has one."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
