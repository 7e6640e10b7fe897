"""What goes into and comes out of a transfer."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.records.transfers import choices
from services.records.transfers.rules import STATES
from shared.reference import mappa
from shared.web.schemas import Answer, Input

SHORTEST = 10
LONGEST = 4_000


def said(text: str) -> None:
    """Blanks at the ends do not count."""
    if len(text.strip()) < SHORTEST:
        raise ValidationError(f"Write {SHORTEST} characters or more")


def written(label: str, noun: str, **more: Any) -> fields.String:
    """A text that the other side reads."""
    return fields.String(
        required=True,
        validate=[validate.Length(SHORTEST, LONGEST), said],
        metadata={"label": label, "noun": noun, "widget": "textarea"} | more,
    )


class NewTransfer(Input):
    to_unit = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={
            "label": "Unit that will manage the person",
            "noun": "the unit that will manage the person",
            "hint": "Its area or force will own the record, once its CPC has agreed.",
            "widget": "select",
            "options": choices.units,
        },
    )
    category = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(mappa.categories())),
        metadata={
            "label": "Category there",
            "hint": "Needed across the border into or out of Scotland, where the other side confirms it too, or where"
            " it changes with the owner.",
            "widget": "select",
            "options": choices.categories,
        },
    )
    proposed_manager_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "Manager whom you propose",
            "hint": "Somebody there who holds the manager token. The receiving CPC decides.",
            "finder": choices.MANAGERS,
        },
    )
    reason = written("Why is the record to be transferred?", "why the record is to be transferred")


class Question(Input):
    text = written("What do you need to know?", "what you need to know", hint="The CPC who asked reads this.")


class Reply(Input):
    text = written("Your answer", "your answer")


class Ended(Input):
    text = written("Why?", "why", hint="The other side reads this.")


class Receivers(Input):
    """A record has a manager and a supervisor from its first day with its new owner."""

    manager_id = fields.UUID(
        required=True,
        metadata={
            "label": "New manager",
            "noun": "the new manager",
            "widget": "select",
            "options": choices.managers,
        },
    )
    supervisor_id = fields.UUID(
        required=True,
        metadata={
            "label": "New supervisor",
            "noun": "the new supervisor",
            "widget": "select",
            "options": choices.supervisors,
        },
    )


class Agreement(Receivers):
    """PF-4.16k.2: the owner changes only on agreement."""

    category = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(mappa.categories())),
        metadata={
            "label": "Category here",
            "hint": "Needed where the record comes across the border into or out of Scotland: confirm the one that the"
            " request names.",
            "widget": "select",
            "options": choices.categories,
        },
    )


class TransferAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    state = fields.String(validate=validate.OneOf(list(STATES)))
    from_owner = fields.String()
    from_unit = fields.String()
    to_owner = fields.String()
    to_unit = fields.String()
    category = fields.String()
    level = fields.Integer(allow_none=True)
    proposed_manager_id = fields.UUID(allow_none=True)
    requested_by = fields.UUID()
    requested_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)


class StepAnswer(Answer):
    """`text` is null where nothing was written, or can be read no more."""

    act = fields.String()
    by = fields.UUID()
    at = fields.AwareDateTime()
    text = fields.String(allow_none=True)


class BlockAnswer(Answer):
    what = fields.String()
    do = fields.String()
    href = fields.String()


class TransferWhole(TransferAnswer):
    steps = fields.List(fields.Nested(StepAnswer))
    blocks = fields.List(fields.Nested(BlockAnswer))
    may_answer = fields.Boolean()
    may_ask = fields.Boolean()


class TransfersOfNominal(Answer):
    """`blocks` is what stands in the way of the next one."""

    transfers = fields.List(fields.Nested(TransferAnswer))
    blocks = fields.List(fields.Nested(BlockAnswer))
    may_request = fields.Boolean()


class TransferFilter(Input):
    show = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "over"]),
        metadata={
            "label": "Show",
            "widget": "radios",
            "small": True,
            "options": [("open", "Open"), ("over", "Completed, refused or withdrawn")],
        },
    )
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class TransferList(Answer):
    transfers = fields.List(fields.Nested(TransferAnswer))
    next_before = fields.UUID(allow_none=True)
