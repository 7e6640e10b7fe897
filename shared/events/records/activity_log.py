from __future__ import annotations

from marshmallow import fields

from shared.events.records.common import OfNominal
from shared.events.registry import EventKind, register


class ActivityAdded(OfNominal):
    """`what` is all that those who stand to the record are told of it: of a restricted entry only that there is one."""

    entry_id = fields.UUID(required=True)
    standing_version = fields.Integer(required=True)
    what = fields.String(load_default="activity")


class NotifyManager(OfNominal):
    entry_id = fields.UUID(required=True)
    for_attention = fields.List(fields.String(), required=True)


class AttachmentNeeded(OfNominal):
    """An entry says that an attachment needs updating; `folder` is its key, `folder_name` what people call it."""

    need_id = fields.UUID(required=True)
    entry_id = fields.UUID(required=True)
    folder = fields.String(required=True)
    folder_name = fields.String(required=True)


class AttachmentSettled(OfNominal):
    """It was updated, or declined with a reason (`state`)."""

    need_id = fields.UUID(required=True)
    folder = fields.String(required=True)
    state = fields.String(required=True)


class ReviewCompleted(OfNominal):
    """A level 1 review was completed elsewhere, and is to be copied into the log."""

    review_id = fields.UUID(required=True)
    completed_on = fields.Date(required=True)
    managing_unit = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class ReviewCopied(OfNominal):
    review_id = fields.UUID(required=True)
    entry_id = fields.UUID(required=True)


ACTIVITY_ADDED = register(EventKind("records.activity.added", 1, ActivityAdded))
NOTIFY_MANAGER = register(EventKind("records.activity.notify_manager", 1, NotifyManager, urgent=True))
ATTACHMENT_NEEDED = register(EventKind("records.attachment.needs_updating", 1, AttachmentNeeded))
ATTACHMENT_SETTLED = register(EventKind("records.attachment.need_settled", 1, AttachmentSettled))
REVIEW_COMPLETED = register(EventKind("records.review.completed", 1, ReviewCompleted))
REVIEW_COPIED = register(EventKind("records.review.copied", 1, ReviewCopied))
