"""What the pages of national policy take and give."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields, validate

from shared.policy import published_entries
from shared.web.schemas import Answer, Input

SHOWN = [
    ("all", "All"),
    ("changed", "Changed since it was published"),
    ("proposed", "Proposed by the suite: no source gives it"),
    ("waiting", "A change waits for a second person"),
    ("off", "Not in force"),
]
STATES = [
    ("proposed", "Waiting for a second person"),
    ("confirmed", "Confirmed"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("all", "All"),
]
_SPECIAL = {
    "cat1_level1_probation_partner": "Probation partner at category 1, level 1",
    "cpc": "CPC",
    "log_on": "Log-ons",
    "rotl": "ROTL",
    "rug": "Register user group",
    "syops": "SyOPs",
    "to_do": "To-do list",
    "mapps": "MAPPS",
    "visor_lead": "ViSOR lead",
}


def groups() -> Mapping[str, str]:
    """What stands before the first dot of a key, in words."""
    found = sorted({entry.key.partition(".")[0] for entry in published_entries()})
    return {name: _SPECIAL.get(name, name.replace("_", " ").capitalize()) for name in found}


class ValuesInput(Input):
    text = fields.String(
        load_default="", validate=validate.Length(max=80), metadata={"label": "Words or key", "width": 20}
    )
    group = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", *groups()]),
        metadata={"label": "About", "options": [("all", "Everything"), *groups().items()]},
    )
    show = fields.String(
        load_default="all",
        validate=validate.OneOf([value for value, _ in SHOWN]),
        metadata={"label": "Show", "options": SHOWN, "widget": "radios"},
    )
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000), metadata={"widget": "hidden"})


class ChangesInput(Input):
    state = fields.String(
        load_default="proposed",
        validate=validate.OneOf([value for value, _ in STATES]),
        metadata={"label": "State", "options": STATES, "widget": "radios"},
    )
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"widget": "hidden"})


class ProposeInput(Input):
    value = fields.String(
        required=True,
        validate=validate.Length(min=1, max=500),
        metadata={"label": "New value", "hint": "Written as the present one is", "widget": "text"},
    )
    in_force_from = fields.Date(required=True, metadata={"label": "First day", "hint": "Today or later"})
    in_force_to = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Last day (optional)",
            "noun": "the last day",
            "hint": "After it, what stood before stands again",
        },
    )
    source = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata={
            "label": "Source",
            "hint": "The paper or decision, with its date and paragraph",
            "widget": "textarea",
        },
    )


class RejectInput(Input):
    decision = fields.String(
        required=True,
        validate=validate.Length(min=10, max=500),
        metadata={"label": "Why it is rejected", "widget": "textarea"},
    )


class EntryAnswer(Answer):
    value = fields.Raw()
    in_force_from = fields.Date()
    in_force_to = fields.Date(allow_none=True)
    source = fields.String()


class ValueAnswer(Answer):
    key = fields.String()
    subject = fields.String()
    clause = fields.String()
    kind = fields.String()
    proposed = fields.Boolean(metadata={"description": "No source gives this value"})
    value = fields.Raw(allow_none=True)
    in_force_from = fields.Date(allow_none=True)
    in_force_to = fields.Date(allow_none=True)
    source = fields.String()
    changed = fields.Boolean()
    waiting = fields.Boolean()


class ValuesAnswer(Answer):
    values = fields.List(fields.Nested(ValueAnswer))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()


class ChangeAnswer(Answer):
    id = fields.UUID()
    key = fields.String()
    value = fields.Raw()
    in_force_from = fields.Date()
    in_force_to = fields.Date(allow_none=True)
    source = fields.String()
    state = fields.String()
    proposed_by = fields.UUID()
    proposed_at = fields.AwareDateTime()
    decided_by = fields.UUID(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decision = fields.String()


class ChangeRead(ChangeAnswer):
    subject = fields.String()
    present = fields.Raw(allow_none=True, metadata={"description": "What stands on its first day without it"})


class ChangesAnswer(Answer):
    changes = fields.List(fields.Nested(ChangeRead))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()


class WholeValueAnswer(ValueAnswer):
    choices = fields.List(fields.String())
    entries = fields.List(fields.Nested(EntryAnswer))
    changes = fields.List(fields.Nested(ChangeAnswer))
