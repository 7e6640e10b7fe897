"""What goes into and comes out of bulk partner."""

from __future__ import annotations

from marshmallow import fields

from services.records.bulk_partner.finders import UNITS, USERS
from services.records.search.schemas import LineAnswer
from shared.web.schemas import Answer, Input


class Choice(Input):
    """One user, and either a unit or a template user."""

    person_id = fields.UUID(required=True, metadata={"label": "User", "widget": "hidden"})
    unit = fields.String(load_default=None, allow_none=True, metadata={"widget": "hidden"})
    template_id = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class Picked(Input):
    """The same as the page asks for it, by name."""

    person_id = fields.UUID(
        required=True,
        metadata={
            "label": "Who is to be made partner?",
            "noun": "the user",
            "hint": "Current users of your area, group or force who hold the partner token",
            "finder": USERS,
        },
    )
    unit = fields.String(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "All records of a unit",
            "finder": UNITS,
            "section": "To which records? Choose one of the two",
        },
    )
    template_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "The records of another user",
            "noun": "the user whose partnerships are copied",
            "hint": "Every record to which they are partner now",
            "finder": USERS,
        },
    )


class UserAnswer(Answer):
    person_id = fields.UUID(attribute="id")
    name = fields.String()
    unit = fields.String()


class UnitAnswer(Answer):
    code = fields.String()
    name = fields.String()


class JobLine(Answer):
    id = fields.UUID()
    person_id = fields.UUID()
    started_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)
    total = fields.Integer()
    done = fields.Integer()


class Choices(Answer):
    users = fields.List(fields.Nested(UserAnswer))
    units = fields.List(fields.Nested(UnitAnswer))
    jobs = fields.List(fields.Nested(JobLine))


class PreviewAnswer(Answer):
    """`to_add` is what a job would do now; `limited` are the records that it would skip.

    `under_way` is the same job, started by somebody and not done yet: until then no second one is started.
    """

    person_id = fields.UUID()
    name = fields.String()
    source_name = fields.String()
    total = fields.Integer()
    to_add = fields.Integer()
    already = fields.Integer()
    limited_count = fields.Integer()
    limited = fields.List(fields.Nested(LineAnswer))
    under_way = fields.Nested(JobLine, allow_none=True)


class JobAnswer(Answer):
    id = fields.UUID()
    person_id = fields.UUID()
    source_unit = fields.String(allow_none=True)
    template_id = fields.UUID(allow_none=True)
    started_by = fields.UUID()
    started_at = fields.AwareDateTime()
    completed_at = fields.AwareDateTime(allow_none=True)
    state = fields.Function(lambda job: "completed" if job.completed_at else "running")
    total = fields.Integer()
    done = fields.Integer()
    added = fields.Integer()
    already = fields.Integer()
    limited = fields.Integer()
    failed = fields.Integer()


class FailedAnswer(Answer):
    nominal_id = fields.UUID()
    why = fields.String()


class Progress(Answer):
    """`stopped`: it was given up before its end. Started again it passes over what is done."""

    job = fields.Nested(JobAnswer)
    stopped = fields.Boolean()
    skipped = fields.List(fields.Nested(LineAnswer))
    failed = fields.List(fields.Nested(FailedAnswer))


class ResultAnswer(Answer):
    nominal_id = fields.UUID()
    result = fields.String()
    why = fields.String(allow_none=True)


class ResultsInput(Input):
    after = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class ResultsAnswer(Answer):
    results = fields.List(fields.Nested(ResultAnswer))
    next_after = fields.UUID(allow_none=True)
