"""What each service whose facts start deadlines states at night of those who still wait. Ids only."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class OccasionsStated(Schema):
    """Of the agency's occasions of which `fact` was told, all those after `after` up to `through` that still wait.

    The ids go in their own order; None is the beginning, or the end. `elsewhere` wait too, but with other agencies:
    their person moved there, and may have been told of here.
    """

    fact = fields.String(required=True)
    stated_at = fields.AwareDateTime(required=True)
    after = fields.UUID(required=True, allow_none=True)
    through = fields.UUID(required=True, allow_none=True)
    subjects = fields.List(fields.UUID(), required=True)
    elsewhere = fields.List(fields.UUID(), load_default=list)


class NothingWaits(Schema):
    """The facts of whose occasions none of the agency's waits: nearly all of them, in nearly every agency."""

    facts = fields.List(fields.String(), required=True)
    stated_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True)
class OccasionKinds:
    """A service's own two kinds: what waits, and of which facts nothing does."""

    waits: EventKind
    nothing: EventKind


def occasions_stated(service: str) -> OccasionKinds:
    """The service's own kinds of them, registered."""
    waits = EventKind(f"{service}.occasions.stated", 1, OccasionsStated, needs_subscriber=False)
    nothing = EventKind(f"{service}.occasions.settled", 1, NothingWaits, needs_subscriber=False)
    return OccasionKinds(register(waits), register(nothing))
