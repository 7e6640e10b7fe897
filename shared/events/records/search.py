from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.registry import EventKind, register


class SearchedOften(Schema):
    """Somebody searched more often than policy expects of one person; `refused`: so often that no more is let through.

    It is said at each search; `notice_id` is the same for one person and day.
    """

    person_id = fields.UUID(required=True)
    notice_id = fields.UUID(required=True)
    searches = fields.Integer(required=True)
    refused = fields.Boolean(required=True)


SEARCHED_OFTEN = register(EventKind("records.search.often", 1, SearchedOften))
