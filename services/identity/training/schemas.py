"""What training commands take."""

from __future__ import annotations

from datetime import time
from typing import Any

from marshmallow import fields, validate

from services.identity.finders import PEOPLE
from services.identity.training import choices
from services.identity.training.rules import MOST_PLACES
from shared.files import PDF
from shared.web.forms.upload import Upload
from shared.web.schemas import Answer, Input

KINDS = [("user", "Users"), ("cpc", "CPCs"), ("lead", "ViSOR leads")]
TEACHERS = [("hmpps", "HMPPS"), ("college", "College of Policing")]


def _text(label: str, most: int, **metadata: Any) -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(min=2, max=most), metadata={"label": label, **metadata}
    )


def _one_of(label: str, noun: str, options: list[tuple[str, str]]) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf([value for value, _ in options]),
        metadata={"label": label, "noun": noun, "options": options},
    )


def _chosen(label: str, options: Any) -> fields.UUID:
    return fields.UUID(required=True, metadata={"label": label, "widget": "select", "options": options})


def _day(label: str, **metadata: Any) -> fields.Date:
    return fields.Date(required=True, metadata={"label": label, **metadata})


class CourseInput(Input):
    code = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[A-Z][A-Z0-9-]{1,19}$", error="A code has capital letters, digits and hyphens."
        ),
        metadata={"label": "Code", "width": 10},
    )
    title = _text("Title", 150)
    kind = _one_of("For whom", "whom the course is for", KINDS)
    taught_by = _one_of("Taught by", "who teaches it", TEACHERS)


class ApprovalInput(Input):
    reference = _text("Reference of the working group’s decision", 100, width=20)
    first_day = _day("Approved from", noun="the first day of the approval")
    last_day = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Approved to", "hint": "Leave empty while it stands"},
    )


class EndApprovalInput(Input):
    last_day = _day("Last day of the approval")


class TrainerInput(Input):
    username = fields.String(
        load_default="",
        validate=validate.Length(max=120),
        metadata={"label": "Trainer", "hint": "Where the trainer uses ViSOR", "finder": PEOPLE},
    )
    name = fields.String(
        load_default="",
        validate=validate.Length(max=150),
        metadata={"label": "Name", "hint": "Where the trainer does not use ViSOR", "width": 20},
    )
    employer = _one_of("Approved by", "who approved the trainer", TEACHERS)
    region = fields.String(
        required=True, metadata={"label": "Region, prison group or force", "options": choices.regions}
    )
    trained_on = _day("Day of Train the Trainer")
    first_day = _day("On the list from", noun="the first day on the list")
    last_day = _day("On the list to", noun="the last day on the list")


class RemoveTrainerInput(Input):
    removed_on = _day("First day off the list")
    reason = _text("Why", 300, widget="textarea")


class SessionInput(Input):
    course_id = _chosen("Course", choices.courses)
    trainer_id = _chosen("Trainer", choices.trainers)
    starts_on = _day("First day")
    starts_at = fields.Time(
        load_default=time(9, 30),
        metadata={"label": "Begins at", "hint": "For example, 09:30", "widget": "text", "width": 5},
    )
    ends_on = _day("Last day")
    venue = _text("Place", 150, hint="Room and building, or “remote”")
    places = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=MOST_PLACES),
        metadata={"label": "Places", "noun": "the number of places", "width": 3, "inputmode": "numeric"},
    )


class ReasonInput(Input):
    reason = _text("Why", 300, widget="textarea")


class BookInput(Input):
    session_id = _chosen("Session", choices.sessions)


class ResultInput(Input):
    outcome = _one_of(
        "Result", "the result", [("passed", "Passed"), ("failed", "Not passed"), ("absent", "Was absent")]
    )
    score = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=100),
        metadata={"label": "Score", "suffix": "%", "width": 3, "inputmode": "numeric"},
    )


class CertificateInput(Input):
    course_id = _chosen("Course", choices.college_courses)
    number = _text("Number of the certificate", 60, width=20)
    awarded_on = _day("Awarded on", noun="the day of the award")
    certificate = Upload(kinds=(PDF,), required=True, metadata={"label": "Certificate"})


class CompletedInput(Input):
    completed_on = _day(
        "Completed on", noun="the day it was completed", hint="The day that My Learning shows"
    )


class MadeAnswer(Answer):
    id = fields.UUID()


class BookedAnswer(Answer):
    id = fields.UUID()
    session_id = fields.UUID()
    places_left = fields.Integer()


class ResultAnswer(Answer):
    booking_id = fields.UUID()
    session_id = fields.UUID()
    outcome = fields.String()
    counts = fields.Boolean()
