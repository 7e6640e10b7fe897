from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class ArchiveReady(OfNominal):
    """`since` when the ground stands, `counts_from` when it could be known here: from then the deadline counts."""

    ready_id = fields.UUID(required=True)
    ground = fields.String(required=True)
    since = fields.Date(required=True)
    counts_from = fields.Date(required=True)
    owner_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class ArchiveNotReady(OfNominal):
    ready_id = fields.UUID(required=True)


class NominalArchived(OfNominal):
    """`ready_id` where the record was known to be ready, `deregistration_id` where it was archived because of one."""

    ready_id = fields.UUID(load_default=None, allow_none=True)
    deregistration_id = fields.UUID(load_default=None, allow_none=True)


class ArchivedHeardOf(OfNominal):
    """Another system told of a person whose record is archived; the same news has the same `news_id`."""

    what = fields.String(required=True)
    news_id = fields.UUID(required=True)


class ArchiveReviewDue(Schema):
    review_id = fields.UUID(required=True)
    owner_unit = fields.String(required=True)
    due_on = fields.Date(required=True)


class ArchiveReviewed(Schema):
    review_id = fields.UUID(required=True)


ARCHIVE_READY = register(EventKind("records.archive.ready", 1, ArchiveReady))
ARCHIVE_NOT_READY = register(EventKind("records.archive.not_ready", 1, ArchiveNotReady))
NOMINAL_ARCHIVED = register(EventKind("records.nominal.archived", 1, NominalArchived))
NOMINAL_UNARCHIVED = register(EventKind("records.nominal.unarchived", 1, OfNominal))
ARCHIVED_HEARD_OF = register(EventKind("records.archive.heard_of", 1, ArchivedHeardOf))
ARCHIVE_REVIEW_DUE = register(EventKind("records.archive.review_due", 1, ArchiveReviewDue))
ARCHIVE_REVIEWED = register(EventKind("records.archive.reviewed", 1, ArchiveReviewed))
