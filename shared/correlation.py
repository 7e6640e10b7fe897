"""One id that follows what a person did through requests, events and tasks; it says nothing about anybody."""

from contextvars import ContextVar
from uuid import UUID

from shared.ids import new_id

_current: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)


def correlation_id() -> UUID:
    """The id of what is going on now; a new one where nothing began it."""
    known = _current.get()
    if known is None:
        known = new_id()
        _current.set(known)
    return known


def begin(known: UUID | None = None) -> UUID:
    """Start (or go on with) one act: at the edge of a request, a message or a task."""
    value = known or new_id()
    _current.set(value)
    return value
