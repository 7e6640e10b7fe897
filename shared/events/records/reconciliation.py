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

    `limited`: it is under Limited Access. `closed`: a digest of those to whom a conflict of interest closes it
    (`closed_digest`); None from a release that did not state it.
    """

    nominal_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    people = fields.Integer(required=True)
    digest = fields.String(required=True)
    limited = fields.Boolean(load_default=False)
    closed = fields.String(load_default=None, allow_none=True)


class StandingsStated(Schema):
    stated_at = fields.AwareDateTime(required=True)
    nominals = fields.List(fields.Nested(StatedStandings), required=True)


STANDINGS_STATED = register(EventKind("records.standings.stated", 1, StandingsStated, needs_subscriber=False))
OCCASIONS = occasions_stated("records")
OCCASIONS_STATED, OCCASIONS_SETTLED = OCCASIONS.waits, OCCASIONS.nothing


def standing_digest(stands: Iterable[tuple[UUID, str]]) -> str:
    """The same for the same (person, standing) pairs, in whatever order they come."""
    return _digest(f"{person_id} {standing}" for person_id, standing in stands)


def closed_digest(people: Iterable[UUID]) -> str:
    """The same for the same people, in whatever order they come; empty where it is closed to nobody."""
    closed = list(people)
    return _digest(map(str, closed)) if closed else ""


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(sorted(set(lines))).encode()).hexdigest()[:24]
