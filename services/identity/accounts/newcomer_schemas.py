"""What the steps towards an account take."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.accounts import positions
from services.identity.finders import NOMINATED_UNITS, PEOPLE
from shared.web.forms import Finder
from shared.web.schemas import Answer, Input


def unit_among(finder: Finder, label: str = "Unit") -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=1, max=40),
        metadata={"label": label, "noun": "the unit", "finder": finder},
    )


def reason(label: str, hint: str = "") -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=5, max=500),
        metadata={"label": label, "hint": hint, "widget": "textarea"},
    )


def position() -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={"label": "Post", "widget": "select", "options": positions.options()},
    )


def job_title() -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(min=2, max=150), metadata={"label": "Role or job title"}
    )


def email() -> fields.Email:
    return fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={"label": "E-mail address", "widget": "email"},
    )


def telephone() -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(min=5, max=40), metadata={"inputmode": "tel", "width": 20}
    )


def full_name() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=2, max=200),
        metadata={"label": "Full name", "widget": "text"},
    )


def line_manager() -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=120),
        metadata={"label": "Line manager", "hint": "Leave empty if not known", "finder": PEOPLE},
    )


class NominateInput(Input):
    """The card's four fields are required before the first log-on (PF-7/white pages.1)."""

    name = full_name()
    position = position()
    job_title = job_title()
    email = email()
    telephone = telephone()
    unit = unit_among(NOMINATED_UNITS)
    line_manager = line_manager()
    priority = fields.String(
        load_default="",
        validate=validate.OneOf(["", "spo", "business_critical"]),
        metadata={
            "label": "Priority for vetting and training",
            "widget": "select",
            "options": [
                ("", "As the post has it"),
                ("spo", "Senior probation officer"),
                ("business_critical", "Business critical"),
            ],
        },
    )


class PersonAnswer(Answer):
    id = fields.UUID()
    card_url = fields.String()
    state = fields.String()


class RequestInput(Input):
    reason = reason("Why the account is needed")


class AuthoriseInput(Input):
    confirmed = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error="Tick the statement to authorise the account."),
        metadata={
            "label": "I am assured of this person’s vetting and training",
            "legend": "Your statement",
            "widget": "checkbox",
        },
    )


class DeclineInput(Input):
    reason = reason("Why not")


class CreateInput(Input):
    username = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[a-z0-9][a-z0-9.\-']{2,79}$",
            error="A user name has small letters, digits, dots and hyphens, at least three of them.",
        ),
        metadata={"label": "User name", "width": 20},
    )


class PriorityInput(Input):
    priority = fields.String(
        required=True,
        validate=validate.OneOf(["none", "spo", "business_critical"]),
        metadata={
            "options": [
                ("spo", "Senior probation officer"),
                ("business_critical", "Business critical"),
                ("none", "Neither"),
            ]
        },
    )
