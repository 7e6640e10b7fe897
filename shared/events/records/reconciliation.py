"""What records states each night, so that whoever keeps a picture of it can compare. No name, no narrative."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class StatedStandings(Schema):
    """Of one agency's people: how many stand to the nominal, and a digest of who stands how (`standing_digest`).

    `limited`: it is under Limited Access.
    """

    nominal_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    people = fields.Integer(required=True)
    digest = fields.String(required=True)
    limited = fields.Boolean(load_default=False)


class StandingsStated(Schema):
    stated_at = fields.AwareDateTime(required=True)
    nominals = fields.List(fields.Nested(StatedStandings), required=True)


class OccasionsStated(Schema):
    """Of the agency's occasions of which `fact` was told, all those after `after` up to `through` that still wait.

    The ids go in their own order; None is the beginning, or the end.
    """

    fact = fields.String(required=True)
    stated_at = fields.AwareDateTime(required=True)
    after = fields.UUID(required=True, allow_none=True)
    through = fields.UUID(required=True, allow_none=True)
    subjects = fields.List(fields.UUID(), required=True)


STANDINGS_STATED = register(EventKind("records.standings.stated", 1, StandingsStated, needs_subscriber=False))
OCCASIONS_STATED = register(EventKind("records.occasions.stated", 1, OccasionsStated, needs_subscriber=False))


def standing_digest(stands: Iterable[tuple[UUID, str]]) -> str:
    """The same for the same (person, standing) pairs, in whatever order they come."""
    said = "\n".join(sorted(f"{person_id} {standing}" for person_id, standing in set(stands)))
    return sha256(said.encode()).hexdigest()[:24]
