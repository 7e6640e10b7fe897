"""What goes into and comes out of Limited Access."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.access.schemas import full_reason
from services.records.limited_access import choices
from shared.web.schemas import Answer, Input


def _review_on() -> fields.Date:
    return fields.Date(
        required=True,
        metadata={"label": "Review date", "hint": "You are reminded before it", "noun": "the review date"},
    )


def _others() -> fields.List[str]:
    return fields.List(
        fields.Email(validate=validate.Length(max=200)),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={
            "label": "Other people who may see the record",
            "hint": "Their work e-mail address, one on each line",
            "widget": "lines",
        },
    )


class LimitInput(Input):
    reason = full_reason("Why access is limited", "Give a full explanation. It stays with the record.")
    review_on = _review_on()
    people = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=500),
        metadata={
            "label": "Who of those who work with the record may still see it",
            "hint": "Its CPC and who acts for her always can",
            "options": choices.standing_now,
            "widget": "checkboxes",
        },
    )
    others = _others()


class ReviewInput(Input):
    reason = full_reason("Why access stays limited", "It takes the place of the reason given before.")
    review_on = _review_on()


class EndInput(Input):
    reason = full_reason("Why access need not be limited any more", "Give a full explanation.")


class ListInput(Input):
    others = fields.List(
        fields.Email(validate=validate.Length(max=200)),
        required=True,
        validate=validate.Length(1, 50),
        metadata={
            "label": "Who may see the record, too",
            "hint": "Their work e-mail address, one on each line",
            "widget": "lines",
        },
    )


class LimitedAnswer(Answer):
    nominal_id = fields.UUID()
    limited = fields.Boolean()
    review_on = fields.Date(allow_none=True)
    listed = fields.Integer()


class ListedAnswer(Answer):
    person_id = fields.UUID()
    name = fields.String()
    card_url = fields.String(allow_none=True)
    unit_name = fields.String()
    since = fields.AwareDateTime()


class LimitAnswer(Answer):
    reason = fields.String(allow_none=True)
    review_on = fields.Date()
    set_at = fields.AwareDateTime()
    set_by = fields.String()
    ended_at = fields.AwareDateTime(allow_none=True)
    ended_by = fields.String(allow_none=True)
    end_reason = fields.String(allow_none=True)


class PageAnswer(Answer):
    limited = fields.Boolean()
    people = fields.List(fields.Nested(ListedAnswer))
    times = fields.List(fields.Nested(LimitAnswer))
