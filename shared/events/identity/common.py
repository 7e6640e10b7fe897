from __future__ import annotations

from marshmallow import Schema

from shared.events.registry import EventKind, register


def information(name: str, schema: type[Schema]) -> EventKind:
    """A fact that nobody need subscribe to."""
    return register(EventKind(name, 1, schema, needs_subscriber=False))
