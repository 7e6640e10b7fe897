"""One person who stands to many nominals at once: told in chunks, instead of a whole picture for each nominal.

A standing added at version 8 holds whatever older picture arrives after it, and until a newer one says who stands to
the nominal. Pictures are left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, bindparam, text

from services.notifications.service import service
from shared.events.envelope import Event
from shared.events.records.access import STANDING_ADDED
from shared.work import Work

_UUIDS, _INTEGERS = ARRAY(Uuid()), ARRAY(Integer)

# The nominals' own rows are taken in one order, as whole pictures take them too, one at a time.
_STATES = text(
    """
    INSERT INTO record_state (nominal_id) SELECT id FROM unnest(:ids) AS id ORDER BY id ON CONFLICT DO NOTHING
    """
).bindparams(bindparam("ids", type_=_UUIDS))
_LOCK = text(
    "SELECT FROM record_state WHERE nominal_id = ANY(:ids) ORDER BY nominal_id FOR NO KEY UPDATE"
).bindparams(bindparam("ids", type_=_UUIDS))
_PICTURES = text(
    """
    INSERT INTO standing_picture (nominal_id, agency, version, previous)
    SELECT id, :agency, 0, 0 FROM unnest(:ids) AS id
    ON CONFLICT DO NOTHING
    """
).bindparams(bindparam("ids", type_=_UUIDS))
# A picture that is newer than what we are told has said already whether this person is in it. Whoever stood so before
# keeps since when.
_ADD = text(
    """
    INSERT INTO standing AS known (nominal_id, person_id, standing, agency, since_version, version)
    SELECT told.nominal_id, :person, :standing, :agency, told.version, told.version
    FROM unnest(:ids, :versions) AS told (nominal_id, version)
        JOIN standing_picture AS picture ON picture.nominal_id = told.nominal_id AND picture.agency = :agency
        JOIN record_state AS state ON state.nominal_id = told.nominal_id
    WHERE told.version > greatest(picture.version, state.arriving)
    ON CONFLICT (nominal_id, person_id, standing) DO UPDATE SET
        since_version = CASE
            WHEN known.version >= (
                SELECT picture.version FROM standing_picture AS picture
                WHERE picture.nominal_id = excluded.nominal_id AND picture.agency = excluded.agency
            ) THEN known.since_version ELSE excluded.since_version END,
        version = excluded.version,
        agency = excluded.agency
    WHERE known.version < excluded.version
    """
).bindparams(
    bindparam("person", type_=Uuid()), bindparam("ids", type_=_UUIDS), bindparam("versions", type_=_INTEGERS)
)


@service.on(STANDING_ADDED)
def add_standings(work: Work, event: Event) -> None:
    """Keep that the person stands so to each of these nominals; told twice, or late, it changes nothing."""
    told = STANDING_ADDED.load(event.data)
    versions = {one["nominal_id"]: one["version"] for one in told["nominals"]}
    _prepare(work, event.agency, list(versions))
    values = {"person": told["person_id"], "standing": told["standing"], "agency": event.agency}
    work.session.execute(_ADD, {**values, "ids": list(versions), "versions": list(versions.values())})


def _prepare(work: Work, agency: str, ids: Sequence[UUID]) -> None:
    """Every nominal has a row of its own here, which is locked, and a picture of this agency, perhaps an empty one."""
    work.session.execute(_STATES, {"ids": ids})
    work.session.execute(_LOCK, {"ids": ids})
    work.session.execute(_PICTURES, {"ids": ids, "agency": agency})
