"""What the pages of training show."""

from __future__ import annotations

from marshmallow import fields, validate

from services.identity.people.schemas import CardAnswer
from services.identity.training import choices
from shared.web.schemas import Answer, Input


class ApprovalAnswer(Answer):
    id = fields.UUID()
    reference = fields.String()
    first_day = fields.Date()
    last_day = fields.Date(allow_none=True)
    stands = fields.Boolean()


class CourseAnswer(Answer):
    id = fields.UUID()
    code = fields.String()
    title = fields.String()
    kind = fields.String()
    taught_by = fields.String()
    approved = fields.Boolean()
    approvals = fields.List(fields.Nested(ApprovalAnswer))


class CoursesAnswer(Answer):
    courses = fields.List(fields.Nested(CourseAnswer))
    may_change = fields.Boolean()


class TrainerAnswer(Answer):
    id = fields.UUID()
    person_id = fields.UUID(allow_none=True)
    name = fields.String()
    card_url = fields.String(allow_none=True)
    employer = fields.String()
    region = fields.String()
    region_name = fields.String()
    trained_on = fields.Date()
    first_day = fields.Date()
    last_day = fields.Date()
    removed_on = fields.Date(allow_none=True)
    state = fields.String()
    may_remove = fields.Boolean()


class TrainersAnswer(Answer):
    trainers = fields.List(fields.Nested(TrainerAnswer))
    may_add = fields.Boolean()


class CalendarInput(Input):
    region = fields.String(
        load_default="",
        metadata={"label": "Region", "widget": "select", "empty": "Every region", "options": choices.regions},
    )
    past = fields.Boolean(load_default=False, metadata={"label": "Those that are over, too"})
    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1, max=1000), metadata={"widget": "none"}
    )


class SessionLine(Answer):
    id = fields.UUID()
    course = fields.String()
    starts_on = fields.Date()
    starts_at = fields.Time()
    ends_on = fields.Date()
    region_name = fields.String()
    venue = fields.String()
    trainer = fields.String()
    trainer_card_url = fields.String(allow_none=True)
    places = fields.Integer()
    left = fields.Integer()
    state = fields.String()


class CalendarAnswer(Answer):
    sessions = fields.List(fields.Nested(SessionLine))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()
    may_add = fields.Boolean()


class BookingLine(Answer):
    id = fields.UUID()
    person = fields.Nested(CardAnswer)
    outcome = fields.String(allow_none=True)
    score = fields.Integer(allow_none=True)


class SessionAnswer(SessionLine):
    bookings = fields.List(fields.Nested(BookingLine))
    hidden = fields.Integer()
    may_cancel = fields.Boolean()
    may_record = fields.Boolean()


class RecordLine(Answer):
    id = fields.UUID()
    course = fields.String()
    course_kind = fields.String()
    approval_reference = fields.String(allow_none=True)
    provider = fields.String()
    trainer = fields.String()
    delivered_on = fields.Date()
    passed = fields.Boolean()
    score = fields.Integer(allow_none=True)
    state = fields.String()


class OwnBooking(Answer):
    id = fields.UUID()
    session_id = fields.UUID()
    course = fields.String()
    starts_on = fields.Date()
    venue = fields.String()
    outcome = fields.String(allow_none=True)


class CertificateLine(Answer):
    id = fields.UUID()
    person = fields.Nested(CardAnswer)
    course = fields.String()
    number = fields.String()
    awarded_on = fields.Date()
    brought_at = fields.AwareDateTime()
    outcome = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    file_name = fields.String()
    file_size = fields.Integer()


class CertificatesAnswer(Answer):
    certificates = fields.List(fields.Nested(CertificateLine))
    more = fields.Boolean()


class ELearningAnswer(Answer):
    owed_from = fields.Date()
    completed_on = fields.Date(allow_none=True)


class PersonTrainingAnswer(Answer):
    person = fields.Nested(CardAnswer)
    trained = fields.Boolean()
    records = fields.List(fields.Nested(RecordLine))
    bookings = fields.List(fields.Nested(OwnBooking))
    certificates = fields.List(fields.Nested(CertificateLine))
    e_learning = fields.Nested(ELearningAnswer, allow_none=True)
    may_book = fields.Boolean()
    may_decide = fields.Boolean()
