"""What is noted of an offender manager who is no user."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.nominals.fields import name
from services.records.offender_managers.rules import ROLES
from shared.web.schemas import Answer, Input


def _line(label: str, longest: int, **metadata: object) -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(1, longest), validate.Regexp(r"[^\r\n;]*[^\s;][^\r\n;]*\Z")],
        metadata={"label": label, **metadata},
    )


class NotAUserInput(Input):
    role = fields.String(
        required=True,
        validate=validate.OneOf(list(ROLES)),
        metadata={
            "label": "Who is it?",
            "noun": "who it is",
            "widget": "radios",
            "options": list(ROLES.items()),
        },
    )
    full_name = name("Name", required=True)
    email = fields.Email(
        required=True, validate=validate.Length(max=150), metadata={"label": "E-mail address", "width": 30}
    )
    telephone = _line("Telephone number", 40, width=20, noun="the telephone number")


class _Named(Input):
    """Whom the other system names; not every one of them has an account here."""

    full_name = name("Name", required=True)
    email = fields.Email(required=True, validate=validate.Length(max=150))
    telephone = fields.String(
        load_default="", validate=[validate.Length(max=40), validate.Regexp(r"[^\r\n;]*\Z")]
    )


class ComMessage(_Named):
    """`unit` is the code of the delivery unit to which the community offender manager belongs."""

    crn = fields.String(required=True, validate=validate.Length(1, 20))
    unit = fields.String(required=True, validate=validate.Length(1, 40))


class PomMessage(_Named):
    noms = fields.String(required=True, validate=validate.Length(1, 20))


class ManagerHeard(Answer):
    """`differs` (a task was made), `agrees`, `known` (told before), `not_in_custody`, `archived` or `no_record`."""

    outcome = fields.String()


class NotedAnswer(Answer):
    nominal_id = fields.UUID()
    general_comments = fields.String()
