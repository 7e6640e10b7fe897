"""What records states each night, so that whoever keeps a picture of it can compare. No name, no narrative."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register
from shared.events.stated import occasions_stated


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


STANDINGS_STATED = register(EventKind("records.standings.stated", 1, StandingsStated, needs_subscriber=False))
OCCASIONS = occasions_stated("records")
OCCASIONS_STATED, OCCASIONS_SETTLED = OCCASIONS.waits, OCCASIONS.nothing


def standing_digest(stands: Iterable[tuple[UUID, str]]) -> str:
    """The same for the same (person, standing) pairs, in whatever order they come."""
    said = "\n".join(sorted(f"{person_id} {standing}" for person_id, standing in set(stands)))
    return sha256(said.encode()).hexdigest()[:24]
