"""What goes into and comes out of partnership."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.partnership import choices
from services.records.partnership.rules import MINIMUM_REASON
from shared.web.schemas import Answer, Input


def said(text: str) -> None:
    """Blanks at the ends do not count."""
    if len(text.strip()) < MINIMUM_REASON:
        raise ValidationError(f"Give a reason of {MINIMUM_REASON} characters or more")


class NewRequest(Input):
    whom = fields.String(
        required=True,
        validate=validate.OneOf(["unit", "people", "me"]),
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
                ("people", "Those chosen below"),
                ("me", "Only me"),
            ],
        },
    )
    people = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=500),
        metadata={
            "label": "Users of my establishment or unit",
            "hint": "Only where you ask for those chosen.",
            "widget": "checkboxes",
            "options": choices.my_unit,
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


class Granted(Input):
    """`people` left out: everybody who is on the request."""

    people = fields.List(
        fields.UUID(),
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Grant it to",
            "noun": "whom to grant it to",
            "widget": "checkboxes",
            "options": choices.asked_for,
        },
    )
    answer = fields.String(
        load_default="",
        validate=validate.Length(max=2000),
        metadata={
            "label": "If not to everybody: why not to the others?",
            "hint": "The person who asked reads this.",
            "widget": "textarea",
        },
    )


class NewPartners(Input):
    people = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, 500, error="Choose whom to add"),
        metadata={
            "label": "Who is to be made partner?",
            "noun": "who is to be made partner",
            "widget": "checkboxes",
            "options": choices.nearby,
        },
    )
    reason = fields.String(
        required=True,
        validate=[validate.Length(MINIMUM_REASON, 2000), said],
        metadata={
            "label": "Why do they need to be partner?",
            "noun": "why they need to be partner",
            "widget": "textarea",
        },
    )


class Ended(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(MINIMUM_REASON, 2000), said],
        metadata={
            "label": "Why does the partnership end?",
            "noun": "why the partnership ends",
            "hint": "The partner is told, and reads this.",
            "widget": "textarea",
        },
    )


class Dismissed(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(MINIMUM_REASON, 2000), said],
        metadata={"label": "Why is it not sent?", "noun": "why it is not sent", "widget": "textarea"},
    )


class Supervised(Input):
    """What nDelius tells: probation has statutory responsibility for this person, or manages them under MAPPA."""

    crn = fields.String(required=True, validate=validate.Length(1, 20))
    unit = fields.String(required=True, validate=validate.Length(1, 40))
    over = fields.Boolean(
        load_default=False, metadata={"description": "Neither any more: the case is not matched at night"}
    )


class Heard(Answer):
    """`drafted`, `known`, `partner` (somebody there is one), `own` (probation's own record), `off` or `no_record`."""

    outcome = fields.String()


class DraftAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    kind = fields.String()
    unit = fields.String()
    drafted_at = fields.AwareDateTime()
    left_at = fields.AwareDateTime(allow_none=True)
    state = fields.String()
    request_id = fields.UUID(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class DraftList(Answer):
    drafts = fields.List(fields.Nested(DraftAnswer))


class AddedAnswer(Answer):
    nominal_id = fields.UUID()
    added = fields.Integer()


class HistoryLine(Answer):
    person_id = fields.UUID()
    name = fields.String()
    unit = fields.String()
    started_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    granted_by = fields.UUID()
    ended_by = fields.UUID(allow_none=True)
    reason = fields.String(allow_none=True)
    end_reason = fields.String(allow_none=True)


class EndedAnswer(Answer):
    nominal_id = fields.UUID()
    ended_at = fields.AwareDateTime()
    ended_by = fields.UUID()
    end_reason = fields.String(allow_none=True)


class HistoryAnswer(Answer):
    partnerships = fields.List(fields.Nested(HistoryLine))
    next = fields.UUID(allow_none=True)


class HistoryPage(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class RequestAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    state = fields.String()
    requesting_unit = fields.String()
    requested_at = fields.AwareDateTime()
    users = fields.Function(lambda request: len(request.users))


class RequestedUserAnswer(Answer):
    left_out = fields.Boolean()
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
