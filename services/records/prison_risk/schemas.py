"""What the prisons' own system tells of risk information, and what we say to it."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.schemas import Answer, Input

KINDS = {"alert": "Alert", "case_note": "Case note"}


class RiskMessage(Input):
    """`noms` is the prison number, `type` the alert's or case note's own code, `reference` what makes it one."""

    noms = fields.String(required=True, validate=validate.Length(1, 20))
    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    type = fields.String(required=True, validate=validate.Length(1, 40))
    reference = fields.String(required=True, validate=validate.Length(1, 100))


class RiskHeard(Answer):
    """`taken`, `known` (told before), `not_listed`, `not_in_custody`, `archived` or `no_record`."""

    outcome = fields.String()
