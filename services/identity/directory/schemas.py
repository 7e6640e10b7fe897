"""A page of the directory."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input


class PageInput(Input):
    after = fields.Integer(load_default=0, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=2000))


class GrantAnswer(Answer):
    kind = fields.String(metadata={"description": "token or role"})
    name = fields.String()
    unit = fields.String()


class PersonAnswer(Answer):
    id = fields.UUID()
    name = fields.String()
    job_title = fields.String()
    email = fields.String()
    telephone = fields.String()
    agency = fields.String()
    unit = fields.String()
    active = fields.Boolean()
    version = fields.Integer()
    grants = fields.List(fields.Nested(GrantAnswer))


class UnitAnswer(Answer):
    code = fields.String()
    name = fields.String()
    kind = fields.String()
    parent = fields.String(allow_none=True)
    agency = fields.String()
    jurisdiction = fields.String()
    version = fields.Integer()


class PageAnswer(Answer):
    version = fields.Integer(metadata={"description": "ask for what came after this one next time"})
    more = fields.Boolean()
    units = fields.List(fields.Nested(UnitAnswer))
    people = fields.List(fields.Nested(PersonAnswer))
