"""What the front page of a record says beside its summary."""

from __future__ import annotations

from marshmallow import fields

from services.records.nominals.schemas import PersonAnswer, SummaryAnswer
from shared.web.schemas import Answer


class PartnersOfUnitAnswer(Answer):
    unit = fields.String()
    name = fields.String()
    count = fields.Integer()


class RecentAnswer(Answer):
    id = fields.UUID()
    kind = fields.String(allow_none=True)
    text = fields.String(allow_none=True)
    agency = fields.String()
    at = fields.AwareDateTime()
    author_id = fields.UUID(allow_none=True)
    important = fields.Boolean()
    restricted = fields.Boolean()
    cleared = fields.Boolean()


class FrontPageAnswer(SummaryAnswer):
    owning_cpc = fields.Nested(PersonAnswer, allow_none=True)
    partners = fields.List(fields.Nested(PartnersOfUnitAnswer))
    recent = fields.List(fields.Nested(RecentAnswer))
    may = fields.Dict(keys=fields.String(), values=fields.Boolean())
