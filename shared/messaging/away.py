"""Telling "the database cannot be reached" from "the database refused this"."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared import database

# Insufficient resources (a full disk, too many connections), and a server that is a stand-by for now.
_NOT_THE_MESSAGES_FAULT = ("53", "25006")


def is_away(error: BaseException) -> bool:
    """True when trying the same again later may well succeed, and nothing is held against the message."""
    if isinstance(error, PoolTimeoutError) or database.is_away(error):
        return True
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return bool(state) and str(state).startswith(_NOT_THE_MESSAGES_FAULT)
