"""What goes into and comes out of the activity log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from services.records.access.clearance import ROLES
from services.records.activity_log import choices
from services.records.activity_log.folders import FOLDERS
from services.records.activity_log.rules import ATTENTION, BY_HAND, KINDS, LONGEST
from shared.reference.estate import agencies
from shared.web.schemas import Answer, Input

_ROLES = {"manager": "Its manager", "supervisor": "Its supervisor", "lpc": "The LPC", "cpc": "The CPC"}
_RESTRICT = "Restrict who may read it"


def written(text: str) -> None:
    """Blanks are no entry."""
    if not text.strip():
        raise ValidationError("Enter the entry")


def said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Give the reason")


def some_word(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter the words to look for")


def entry_text() -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST), written],
        metadata={"label": "Entry", "noun": "the entry", "widget": "textarea", "rows": 8},
    )


def attention() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(list(ATTENTION))),
        load_default=list,
        metadata={
            "label": "For the attention of",
            "hint": "Each of them gets a to-do item, marked important.",
            "widget": "checkboxes",
            "options": list(ATTENTION.items()),
        },
    )


def importance() -> fields.Boolean:
    return fields.Boolean(load_default=False, metadata={"label": "Mark as important", "widget": "checkbox"})


def for_update() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(list(FOLDERS))),
        load_default=list,
        metadata={
            "label": "Attachment that needs updating",
            "hint": "The manager keeps a to-do item until that attachment changes.",
            "widget": "checkboxes",
            "classes": "govuk-checkboxes--small visor-columns",
            "options": list(FOLDERS.items()),
            "section": "What follows from it",
        },
    )


def also_to_inform() -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={
            "label": "Who else should be informed?",
            "hint": "Names or offices outside the record’s roles.",
            "widget": "text",
        },
    )


def only_roles() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(list(ROLES))),
        load_default=list,
        metadata={
            "label": "Only these roles",
            "hint": "Leave everything here empty, and everybody who may open the record reads the entry.",
            "widget": "checkboxes",
            "options": list(_ROLES.items()),
            "section": _RESTRICT,
        },
    )


def only_agencies() -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf([agency.code for agency in agencies()])),
        load_default=list,
        metadata={"label": "Only these agencies", "widget": "checkboxes", "options": choices.their_agencies},
    )


def only_people() -> fields.List[UUID]:
    return fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"label": "Only these people", "widget": "checkboxes", "options": choices.people},
    )


class NewEntry(Input):
    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(BY_HAND)),
        metadata={
            "label": "Type of entry",
            "noun": "the type of entry",
            "widget": "select",
            "options": list(BY_HAND.items()),
        },
    )
    text = entry_text()
    for_attention = attention()
    important = importance()
    attachments = for_update()
    to_inform = also_to_inform()
    only_roles = only_roles()
    only_agencies = only_agencies()
    only_people = only_people()


class PoliceNotice(Input):
    text = entry_text()


class Correction(Input):
    text = entry_text()
    for_attention = attention()
    important = importance()


def _authors(context: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = (context or {}).get("authors", [])
    return found


def _agencies(context: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = (context or {}).get("agencies", [])
    return found


class Filter(Input):
    """By agency, author, type, days and importance (PF-7/Activity Log.1); `before` is the last entry seen."""

    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(list(KINDS)),
        allow_none=True,
        metadata={
            "label": "Type of entry",
            "widget": "select",
            "options": list(KINDS.items()),
            "empty": "All types",
        },
    )
    agency = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={"label": "Agency", "widget": "select", "options": _agencies, "empty": "All agencies"},
    )
    author_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"label": "Author", "widget": "select", "options": _authors, "empty": "Everybody"},
    )
    important = fields.Boolean(
        load_default=False, metadata={"label": "Important entries only", "widget": "checkbox"}
    )
    since = fields.Date(
        load_default=None, allow_none=True, metadata={"label": "From", "hint": "Day, month, year"}
    )
    until = fields.Date(
        load_default=None, allow_none=True, metadata={"label": "Until", "hint": "Day, month, year"}
    )
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class Search(Filter):
    """The same, and words that stand in the text: by POST, since they say something about a person."""

    words = fields.String(
        required=True,
        validate=[validate.Length(2, 100), some_word],
        metadata={"label": "Words in the text", "noun": "the words to look for", "personal": True},
    )


class Declined(Input):
    reason = fields.String(
        required=True,
        validate=[validate.Length(1, 1000), said],
        metadata={
            "label": "Why is it not to be updated?",
            "noun": "the reason",
            "widget": "textarea",
            "hint": "For example, that what the entry says is there already.",
        },
    )


class CompletedReview(Input):
    completed_on = fields.Date(
        required=True,
        metadata={"label": "Date of the review", "noun": "the date on which the review was completed"},
    )


class ReviewMessage(Input):
    """What nDelius tells; `crn` is its case reference number."""

    crn = fields.String(required=True, validate=validate.Length(1, 20))
    completed_on = fields.Date(required=True)


class ReviewAnswer(Answer):
    id = fields.UUID()
    nominal_id = fields.UUID()
    completed_on = fields.Date()


class ReviewHeard(Answer):
    """`taken`, `known` (told before) or `no_record`."""

    outcome = fields.String()


class NeedAnswer(Answer):
    id = fields.UUID()
    entry_id = fields.UUID()
    folder = fields.String()
    state = fields.String()


class EntryAnswer(Answer):
    """Of an entry that is restricted to others, only when and by which agency it was written (`cleared` is false)."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    kind = fields.String(allow_none=True)
    text = fields.String(
        allow_none=True, metadata={"description": "Null where the nominal's key was destroyed"}
    )
    author_id = fields.UUID(allow_none=True)
    agency = fields.String()
    at = fields.AwareDateTime()
    for_attention = fields.List(fields.String())
    important = fields.Boolean()
    restricted = fields.Boolean()
    readers = fields.List(fields.String(), allow_none=True)
    corrects = fields.UUID(allow_none=True)
    to_inform = fields.String(allow_none=True)


class LoggedAnswer(EntryAnswer):
    cleared = fields.Boolean()
    corrected_by = fields.UUID(allow_none=True)
    needs = fields.List(fields.Nested(NeedAnswer))


class EntryPage(Answer):
    entries = fields.List(fields.Nested(LoggedAnswer))
    next = fields.UUID(allow_none=True)
