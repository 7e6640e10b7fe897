"""The checks of a new record, to be read before it is made."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.records.nominals.schemas import CreateInput
from services.records.service import service
from services.records.validation.rules import checks
from shared.declarations import Page
from shared.web.forms import describe
from shared.web.schemas import Answer, Nothing
from shared.work import Work


class CheckAnswer(Answer):
    field = fields.String()
    label = fields.String()
    asks = fields.String()
    clauses = fields.List(fields.String())
    standard = fields.String(allow_none=True)


class ChecksAnswer(Answer):
    checks = fields.List(fields.Nested(CheckAnswer))
    standards_date = fields.String()


@service.query(
    "validation.checks",
    path="/validation-rules",
    input=Nothing,
    answer=ChecksAnswer,
    page=Page("What a new record is checked for", "validation/checks.html"),
)
def creation_checks(work: Work) -> dict[str, Any]:
    """Each check with its clause, and that of the ViSOR Standards where it is known (PI-3.7)."""
    labels = {item.name: item.label for item in describe(CreateInput)}
    return {
        "checks": [
            {
                "field": name,
                "label": labels[name],
                "asks": check.asks,
                "clauses": check.clause,
                "standard": check.standard or None,
            }
            for name, check in checks().items()
        ],
        "standards_date": work.policy.text("standards.date", work.today),
    }
