"""What a reception search and a request for a record take and give."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.nominals.fields import name, number, one_of
from services.records.nominals.rules import SEXES
from services.records.referrals.schemas import release_on
from services.records.search.schemas import LineAnswer
from shared.reference.estate import mappa_areas
from shared.web.schemas import Answer, Input

AREAS = sorted(((f"area-{area.code}", area.name) for area in mappa_areas()), key=lambda one: one[1])


class ReceptionInput(Input):
    """By PNC number; with name and date of birth a likely match of another number is shown too (PF-5.12.1)."""

    pnc = fields.String(
        required=True,
        validate=validate.Length(1, 30),
        metadata={
            "label": "PNC number",
            "hint": "Like 2002/0073319Z. Its last letter is checked",
            "width": 20,
        },
    )
    noms = number("noms")
    surname = name("Surname", section="If you know them")
    forenames = name("Forenames")
    date_of_birth = fields.Date(load_default=None, allow_none=True, metadata={"label": "Date of birth"})


class ReceptionAnswer(Answer):
    """`outcome` is match, possible or none; for none `refusal` is R16, whose message says what to do."""

    outcome = fields.String()
    refusal = fields.String(allow_none=True)
    message = fields.String(allow_none=True)
    results = fields.List(fields.Nested(LineAnswer))


class AskInput(Input):
    """PF-4.12.1: a basic record of somebody in custody."""

    surname = name("Surname", required=True, section="The person")
    forenames = name("Forenames")
    date_of_birth = fields.Date(required=True, metadata={"label": "Date of birth"})
    sex = one_of(dict(SEXES), "Sex", load_default="not_known")
    pnc = number("pnc")
    noms = number("noms")
    cro = number("cro")
    area = fields.String(
        required=True,
        validate=validate.OneOf([code for code, _ in AREAS]),
        metadata={
            "label": "Area that will manage the person in the community",
            "noun": "the area",
            "options": AREAS,
            "section": "The request",
        },
    )
    received_on = fields.Date(
        required=True, metadata={"label": "Received into this prison on", "noun": "the day of reception"}
    )
    release_on = release_on()
    whom = fields.String(
        required=True,
        validate=validate.OneOf(["unit", "me"]),
        metadata={
            "label": "Who is to be made partner when the record is created?",
            "noun": "who is to be made partner",
            "widget": "radios",
            "options": [
                (
                    "unit",
                    "All current ViSOR users of my establishment",
                    "Prisons ask for everybody (PF-5.13)",
                ),
                ("me", "Only me"),
            ],
        },
    )
    reason = fields.String(
        required=True,
        validate=[validate.Length(20, 1000), validate.Regexp(r"\s*\S")],
        metadata={
            "label": "Why a record is needed",
            "hint": "Offence, sentence and why the person is MAPPA eligible. The area's administrators read this.",
            "noun": "why a record is needed",
            "widget": "textarea",
        },
    )


class AskedAnswer(Answer):
    referral_id = fields.UUID()
    area = fields.String()


class RequestLineAnswer(Answer):
    referral_id = fields.UUID()
    name = fields.String()
    date_of_birth = fields.Date()
    area = fields.String()
    asked_at = fields.AwareDateTime()
    status = fields.String()
    closed_why = fields.String(allow_none=True)
    nominal_id = fields.UUID(allow_none=True)


class RequestsInput(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class RequestsAnswer(Answer):
    requests = fields.List(fields.Nested(RequestLineAnswer))
    next_before = fields.UUID(allow_none=True)


class WaitingReception(Answer):
    reception_id = fields.UUID()
    noms = fields.String()
    received_at = fields.AwareDateTime()


class WaitingAnswer(Answer):
    receptions = fields.List(fields.Nested(WaitingReception))
