"""What the staffing commands take, and what their pages show."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.identity.accounts.positions import positions
from services.identity.people.schemas import CardAnswer
from services.identity.staffing.programme import milestones
from services.identity.staffing.rules import PRISON, PROBATION
from shared.files import PDF, WORD
from shared.web.forms.upload import MEGABYTE, Upload
from shared.web.schemas import Answer, Input


def _posts(code: str) -> fields.Integer:
    return fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2000),
        metadata={"label": positions()[code].label, "width": 4, "inputmode": "numeric", "section": "Posts"},
    )


class _Agreed(Input):
    agreed = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=2000),
        metadata={
            "label": "Lower number that was agreed",
            "hint": "Only where something keeps people from using ViSOR; otherwise everybody in these posts is needed",
            "width": 4,
            "inputmode": "numeric",
            "section": "What is needed",
        },
    )
    factor = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={"label": "What keeps people from using ViSOR", "widget": "textarea"},
    )
    plan = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata={"label": "How the unit gets there", "widget": "textarea"},
    )


def _with_posts(name: str, codes: tuple[str, ...]) -> Any:
    return type(name, (_Agreed,), {code: _posts(code) for code in codes} | {"__module__": __name__})


PrisonTargetInput = _with_posts("PrisonTargetInput", PRISON)
ProbationTargetInput = _with_posts("ProbationTargetInput", PROBATION)


def _reason(label: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=10, max=1000),
        metadata={"label": label, "widget": "textarea"},
    )


class ProposeInput(Input):
    sufficient = fields.Boolean(
        required=True,
        metadata={
            "label": "Has the area sufficient staff with the right vetting and training?",
            "widget": "radios",
            "options": [("true", "Yes: ViSOR is used as a day-to-day tool"), ("false", "No")],
        },
    )
    reason = _reason("What this rests on")


class DeclineInput(Input):
    reason = _reason("Why it is not signed")


class ProgrammeInput(Input):
    milestone = fields.String(
        required=True,
        validate=validate.OneOf(list(milestones())),
        metadata={"label": "Aim", "options": [(code, one.label) for code, one in milestones().items()]},
    )
    day = fields.Date(required=True, metadata={"label": "The region’s own day"})
    reason = _reason("Why it differs from the national day")


class PlanInput(Input):
    document = Upload(kinds=(PDF, WORD), most=10 * MEGABYTE, required=True, metadata={"label": "The plan"})
    says = fields.String(
        required=True,
        validate=[validate.Length(min=10, max=1000), validate.Regexp(r"\s*\S")],
        metadata={
            "label": "What it comes to",
            "noun": "what the plan comes to",
            "hint": "How many staff are still to be vetted and trained, and by when. No names.",
            "widget": "textarea",
        },
    )
    review_on = fields.Date(
        required=True, metadata={"label": "To be reviewed by", "noun": "the day by which it is reviewed"}
    )


class PlanAnswer(Answer):
    id = fields.UUID()
    region = fields.String()
    review_on = fields.Date()


class DeclarationAnswer(Answer):
    id = fields.UUID()
    sufficient = fields.Boolean()
    reason = fields.String()
    proposer = fields.Nested(CardAnswer)
    proposed_at = fields.AwareDateTime()
    decider = fields.Nested(CardAnswer, allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True)


class AreaAnswer(Answer):
    area = fields.String()
    area_name = fields.String()
    sufficient = fields.Boolean()
    open = fields.Nested(DeclarationAnswer, allow_none=True)
    earlier = fields.List(fields.Nested(DeclarationAnswer))
    may_propose = fields.Boolean()
    may_decide = fields.Boolean()


class AreaLine(Answer):
    code = fields.String()
    name = fields.String()
    sufficient = fields.Boolean()
    decided_at = fields.AwareDateTime(allow_none=True)


class AreasAnswer(Answer):
    areas = fields.List(fields.Nested(AreaLine))


class DecidedAnswer(Answer):
    area = fields.String()


class PostAnswer(Answer):
    position = fields.String()
    staff = fields.Integer()


class TargetAnswer(Answer):
    posts = fields.List(fields.Nested(PostAnswer))
    ideal = fields.Integer()
    needed = fields.Integer()
    agreed = fields.Integer(allow_none=True)
    factor = fields.String(allow_none=True)
    plan = fields.String(allow_none=True)
    recorder = fields.Nested(CardAnswer)
    recorded_at = fields.AwareDateTime()


class UnitAnswer(Answer):
    unit = fields.String()
    unit_name = fields.String()
    kind = fields.String()
    actual = fields.Integer()
    exempt = fields.Integer()
    state = fields.String()
    target = fields.Nested(TargetAnswer, allow_none=True)
    earlier = fields.List(fields.Nested(TargetAnswer))
    may_change = fields.Boolean()
