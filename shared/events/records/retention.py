from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class RetentionDue(OfNominal):
    """Some time before the review, so that there is time to look; `review_on` is the day by which it is decided."""

    review_id = fields.UUID(required=True)
    review_on = fields.Date(required=True)
    owner_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class RetentionReviewed(OfNominal):
    review_id = fields.UUID(required=True)
    outcome = fields.String(required=True)


class DeletionAsked(OfNominal):
    request_id = fields.UUID(required=True)
    owner_unit = fields.String(required=True)


RETENTION_DUE = register(EventKind("records.retention.due", 1, RetentionDue))
RETENTION_REVIEWED = register(EventKind("records.retention.reviewed", 1, RetentionReviewed))
DELETION_REQUESTED = register(EventKind("records.deletion.requested", 1, DeletionAsked))
DELETION_REFUSED = register(EventKind("records.deletion.refused", 1, DeletionAsked))
DELETION_WITHDRAWN = register(EventKind("records.deletion.withdrawn", 1, DeletionAsked))
