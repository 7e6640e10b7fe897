"""What the page of gaps shows."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schemas import Answer


class WantAnswer(Answer):
    folder = fields.String()
    title = fields.String()
    if_known = fields.String()


class SaidAnswer(Answer):
    folder = fields.String()
    title = fields.String()
    on = fields.Date()


class DatasetAnswer(Answer):
    agency = fields.String()
    name = fields.String()
    source = fields.String()
    wanted = fields.Integer()
    answered = fields.Integer()
    complete = fields.Boolean()
    missing = fields.List(fields.Nested(WantAnswer))
    on_record = fields.List(fields.Nested(WantAnswer))
    nothing_known = fields.List(fields.Nested(SaidAnswer))


class GapsAnswer(Answer):
    """`offender_manager`: whether the record says who the current POM or COM is (PF-4.24)."""

    datasets = fields.List(fields.Nested(DatasetAnswer))
    offender_manager = fields.Boolean()
