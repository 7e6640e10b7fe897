"""What the page of vacant roles gives."""

from __future__ import annotations

from marshmallow import fields

from shared.web.schemas import Answer


class VacancyAnswer(Answer):
    id = fields.UUID()
    role = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    found_at = fields.AwareDateTime()
    missed = fields.Integer()


class VacanciesAnswer(Answer):
    vacancies = fields.List(fields.Nested(VacancyAnswer))
