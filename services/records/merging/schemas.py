"""What merging takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields, validate

from services.records.access.schemas import full_reason
from services.records.merging.rules import FACTS
from services.records.search.schemas import LineAnswer
from shared.web.schemas import Answer, Input

STAYS, GOES = "As in the record that stays", "As in the record that goes"


def _sides(fact: str) -> Callable[[Any], list[tuple[str, str]]]:
    """With what each record says, where the form is first shown to whoever may read both; else in general words."""

    def options(context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
        values = (context or {}).get("values") or {}
        said = (values.get("sides") or {}).get(fact, (STAYS, GOES))
        return list(zip(("into", "gone"), said, strict=False))

    return options


def _fact(fact: str) -> fields.String:
    return fields.String(
        load_default="into",
        validate=validate.OneOf(["into", "gone"]),
        metadata={"label": FACTS[fact][0], "widget": "radios", "options": _sides(fact), "small": True},
    )


class MergeInput(Input):
    name = _fact("name")
    date_of_birth = _fact("date_of_birth")
    sex = _fact("sex")
    address = _fact("address")
    risk = _fact("risk")
    custody = _fact("custody")
    offender_managers = _fact("offender_managers")
    general_comments = _fact("general_comments")
    reason = full_reason("Why they are the same person", "Give a full explanation. It stays with the record.")


class AnswerInput(Input):
    text = full_reason("Why not", "Give a full explanation. The CPC who proposed it reads it.")
    not_same = fields.Boolean(
        load_default=False,
        metadata={"label": "They are not the same person, and are not to be offered again"},
    )


class WithdrawInput(Input):
    text = full_reason("Why it is withdrawn", "Give a full explanation.")


class NotSameInput(Input):
    reason = full_reason("Why they are not the same person", "Give a full explanation.")


def _added(context: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    return list(((context or {}).get("values") or {}).get("since") or [])


class UndoInput(Input):
    reason = full_reason("Why the merge is undone", "Give a full explanation. It stays with both records.")
    assign = fields.List(
        fields.String(validate=validate.Length(max=60)),
        load_default=list,
        validate=validate.Length(max=500),
        metadata={
            "label": "What was added since, and belongs to the record that comes back",
            "hint": "What you do not choose stays where it is",
            "widget": "checkboxes",
            "options": _added,
        },
    )


class OfNominalInput(Input):
    number = fields.String(
        load_default="",
        validate=validate.Length(max=9),
        metadata={"label": "ViSOR number of the other record", "hint": "Like V12345678", "width": 10},
    )


class MergeAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    gone_id = fields.UUID()
    state = fields.String()
    asked_owner = fields.String(allow_none=True)
    undo_until = fields.Date(allow_none=True)


class UndoneAnswer(MergeAnswer):
    """`stayed`: facts that somebody changed after the merge, so that they stay as they are."""

    stayed = fields.List(fields.String())
    assigned = fields.Integer()


class PairAnswer(Answer):
    nominal_id = fields.UUID()
    other_id = fields.UUID()


class OfferedAnswer(Answer):
    line = fields.Nested(LineAnswer)
    score = fields.Integer(allow_none=True)
    reasons = fields.List(fields.String())


class MergesAnswer(Answer):
    visor_number = fields.String()
    offered = fields.List(fields.Nested(OfferedAnswer))
    found = fields.Nested(LineAnswer, allow_none=True)
    may = fields.Boolean()
    merges = fields.List(fields.Nested(MergeAnswer))


class ComparedFact(Answer):
    fact = fields.String()
    label = fields.String()
    one = fields.String(allow_none=True)
    other = fields.String(allow_none=True)
    same = fields.Boolean()


class CompareAnswer(Answer):
    facts = fields.List(fields.Nested(ComparedFact))
    blocks = fields.List(fields.String())
    asked_owner = fields.String(allow_none=True)


class MergeWhole(MergeAnswer):
    gone_owner = fields.String()
    into_owner = fields.String()
    reason = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    undo_reason = fields.String(allow_none=True)
    proposed_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    undone_at = fields.AwareDateTime(allow_none=True)
    may_answer = fields.Boolean()
    may_withdraw = fields.Boolean()
    may_undo = fields.Boolean()
    gone_number = fields.String()


class ListInput(Input):
    show = fields.String(
        load_default="open", validate=validate.OneOf(["open", "over"]), metadata={"widget": "none"}
    )


class ListAnswer(Answer):
    merges = fields.List(fields.Nested(MergeAnswer))
