from __future__ import annotations

from marshmallow import Schema, fields

from shared.events.identity.common import information
from shared.events.registry import EventKind, register


class RoleSchema(Schema):
    grant_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    role = fields.String(required=True)
    unit = fields.String(required=True)


ROLE_APPOINTED = information("identity.role.appointed", RoleSchema)
ROLE_ENDED = information("identity.role.ended", RoleSchema)
ROLE_CONFLICT = register(EventKind("identity.role.conflict", 1, RoleSchema))


class RoleUncoveredSchema(Schema):
    """A post of `coverage/posts.toml` that nobody holds, or that nobody will hold from `uncovered_from` on."""

    gap_id = fields.UUID(required=True)
    post = fields.String(required=True)
    title = fields.String(required=True)
    unit = fields.String(required=True)
    uncovered_from = fields.Date(required=True)


class RoleCoveredSchema(Schema):
    gap_id = fields.UUID(required=True)
    post = fields.String(required=True)
    unit = fields.String(required=True)


ROLE_UNCOVERED = register(EventKind("identity.role.uncovered", 1, RoleUncoveredSchema))
ROLE_ENDING = register(EventKind("identity.role.ending", 1, RoleUncoveredSchema))
ROLE_COVERED = register(EventKind("identity.role.covered", 1, RoleCoveredSchema))
