from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.identity.common import information


class DirectoryChangedSchema(Schema):
    version = fields.Integer(required=True)


DIRECTORY_CHANGED = information("identity.directory.changed", DirectoryChangedSchema)
