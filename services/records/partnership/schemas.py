"""What goes into and comes out of partnership."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.partnership.rules import MINIMUM_REASON
from shared.web.schemas import Answer, Input


def said(text: str) -> None:
    """Blanks at the ends do not count."""
    if len(text.strip()) < MINIMUM_REASON:
        raise ValidationError(f"Give a reason of {MINIMUM_REASON} characters or more")


class NewRequest(Input):
    whom = fields.String(
        required=True,
        validate=validate.OneOf(["unit", "me"]),
        metadata={
            "label": "Who is to be made partner?",
            "noun": "who is to be made partner",
            "widget": "radios",
            "options": [
                (
                    "unit",
                    "All current ViSOR users of my establishment or unit",
                    "Prisons ask for everybody (PF-5.13)",
                ),
                ("me", "Only me"),
            ],
        },
    )
    reason = fields.String(
        required=True,
        validate=[validate.Length(MINIMUM_REASON, 2000), said],
        metadata={
            "label": "Why is partnership needed?",
            "noun": "why partnership is needed",
            "hint": "The manager of the record reads this.",
            "widget": "textarea",
        },
    )


class Refused(Input):
    answer = fields.String(
        required=True,
        validate=[validate.Length(MINIMUM_REASON, 2000), said],
        metadata={
            "label": "Why is the request refused?",
            "noun": "why the request is refused",
            "widget": "textarea",
        },
    )


class RequestAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    state = fields.String()
    requesting_unit = fields.String()
    requested_at = fields.AwareDateTime()
    users = fields.Function(lambda request: len(request.users))


class RequestedUserAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()


class RequestWhole(Answer):
    """What the manager decides on. `reason` is for those who may decide it and those who asked."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    state = fields.String()
    requesting_unit = fields.String()
    requesting_unit_name = fields.String()
    requested_by = fields.UUID()
    requested_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String()
    answer = fields.String(allow_none=True)
    people = fields.List(fields.Nested(RequestedUserAnswer))
    may_decide = fields.Boolean()


class RequestList(Answer):
    requests = fields.List(fields.Nested(RequestAnswer))


class Partner(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String()
    unit = fields.String()
    started_at = fields.AwareDateTime()


class PartnerList(Answer):
    partners = fields.List(fields.Nested(Partner))
