from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class Standing(Schema):
    person_id = fields.UUID(required=True)
    standing = fields.String(required=True)


class StandingChanged(OfNominal):
    """The whole picture of who stands how to the nominal, as `chunks` events numbered `chunk` from 1.

    `limited`: under Limited Access, where nobody reads the record who is not in the picture. `closed`: those of the
    agency to whom it is closed, since they declared a conflict of interest.
    """

    chunk = fields.Integer(required=True)
    chunks = fields.Integer(required=True)
    version = fields.Integer(required=True)
    standings = fields.List(fields.Nested(Standing), required=True)
    limited = fields.Boolean(load_default=False)
    closed = fields.List(fields.UUID(), load_default=list)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


class NominalVersions(fields.Field[list[dict[str, Any]]]):
    """[{nominal_id, version}], read and written in one go: hundreds of nested schemas take a hundred times as long."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return [{"nominal_id": str(one["nominal_id"]), "version": int(one["version"])} for one in value]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[dict[str, Any]]:  # noqa: ARG002
        try:
            return [{"nominal_id": _uuid(one["nominal_id"]), "version": int(one["version"])} for one in value]
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValidationError("not a list of nominals and their versions") from error


class StandingAdded(Schema):
    """One person stands to many nominals from now on; `version` is each nominal's standing version after it."""

    person_id = fields.UUID(required=True)
    standing = fields.String(required=True)
    nominals = NominalVersions(required=True)


class HoldingsCounted(Schema):
    """How many live records somebody who left still manages, supervises and is partner to."""

    person_id = fields.UUID(required=True)
    manager_of = fields.Integer(required=True)
    supervisor_of = fields.Integer(required=True)
    partner_of = fields.Integer(required=True)


class LimitedAccess(OfNominal):
    """`review_on` is None when it ended."""

    limited = fields.Boolean(required=True)
    review_on = fields.Date(required=True, allow_none=True)


class LimitedAccessReview(OfNominal):
    """The day on which the CPC looks at Limited Access again is near; said once for each such day."""

    limit_id = fields.UUID(required=True)
    review_on = fields.Date(required=True)


class ConflictOfInterest(OfNominal):
    conflict_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


STANDING_CHANGED = register(EventKind("records.standing.changed", 1, StandingChanged))
STANDING_ADDED = register(EventKind("records.standing.added", 1, StandingAdded))
HOLDINGS_COUNTED = register(EventKind("records.holdings.counted", 1, HoldingsCounted))
LIMITED_ACCESS = register(EventKind("records.nominal.limited_access", 1, LimitedAccess))
LIMITED_ACCESS_REVIEW = register(EventKind("records.limited_access.review_due", 1, LimitedAccessReview))
CONFLICT_DECLARED = register(EventKind("records.conflict.declared", 1, ConflictOfInterest))
CONFLICT_ENDED = register(EventKind("records.conflict.ended", 1, ConflictOfInterest))
