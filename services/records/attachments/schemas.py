"""What reading the folders takes and gives."""

from __future__ import annotations

from marshmallow import fields, validate

from services.records.attachments import choosing
from shared.web.schemas import Answer, Input


class FoldersFilter(Input):
    find = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata={"label": "Find a folder", "hint": "A word of its title or purpose"},
    )


class FolderLine(Answer):
    """`nothing_known`: the agencies that said so, each with the date."""

    key = fields.String()
    number = fields.Integer()
    title = fields.String()
    group = fields.String()
    grading = fields.String()
    current = fields.Integer()
    total = fields.Integer()
    newest = fields.AwareDateTime(allow_none=True)
    needs_updating = fields.Boolean()
    nothing_known = fields.Dict(keys=fields.String(), values=fields.Date())


class FolderList(Answer):
    folders = fields.List(fields.Nested(FolderLine))


class FolderFilter(Input):
    """By agency or by prison or other unit (PF-5.24); `before` is the id of the last entry of the page before."""

    agency = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    unit = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    state = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(["current", "past"], ["Current", "Past"])
    )
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class EntryAnswer(Answer):
    """`values` by the folder's own field names; what is masked is null, and `masked` says so."""

    id = fields.UUID(attribute="entry.id")
    nominal_id = fields.UUID(attribute="entry.nominal_id")
    folder = fields.String(attribute="entry.folder")
    state = fields.String()
    version = fields.Integer(attribute="version.number")
    grading = fields.String(attribute="version.grading")
    handling_code = fields.String(attribute="entry.handling_code", allow_none=True)
    begins_on = fields.Date(attribute="entry.begins_on", allow_none=True)
    ends_on = fields.Date(attribute="entry.ends_on", allow_none=True)
    source = fields.String(attribute="version.source")
    source_date = fields.Date(attribute="version.source_date")
    values = fields.Dict(keys=fields.String())
    masked = fields.Boolean()
    what = fields.String(attribute="version.what")
    by = fields.UUID(attribute="version.written_by")
    agency = fields.String(attribute="version.agency")
    unit = fields.String(attribute="version.unit")
    at = fields.AwareDateTime(attribute="version.written_at")
    changed = fields.List(fields.String(), attribute="version.changed")


class EntryPage(Answer):
    entries = fields.List(fields.Nested(EntryAnswer))
    next = fields.UUID(allow_none=True)


class EntryWhole(Answer):
    """An entry as it stands, and every version of it, newest first."""

    entry = fields.Nested(EntryAnswer)
    versions = fields.List(fields.Nested(EntryAnswer))


class EntryState(Answer):
    """What an act left of an entry's own row; what it says is read by `attachments.entry`."""

    id = fields.UUID()
    nominal_id = fields.UUID()
    folder = fields.String()
    state = fields.String()
    version = fields.Integer()
    ends_on = fields.Date(allow_none=True)


class EndInput(Input):
    ended_on = fields.Date(required=True, metadata={"label": "Date it ended"})


def reason(label: str, hint: str) -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(10, 1000), validate.Regexp(r"(?s)\s*\S.*")],
        metadata={"label": label, "hint": hint, "widget": "textarea", "rows": 3},
    )


class RemoveInput(Input):
    reason = reason("Why the entry is removed", "It is kept with what the entry said")


class NothingKnownInput(Input):
    looked_on = fields.Date(
        required=True,
        metadata={"label": "Date on which somebody looked", "noun": "the date on which somebody looked"},
    )


class NothingKnownAnswer(Answer):
    nominal_id = fields.UUID()
    folder = fields.String()
    agency = fields.String()
    looked_on = fields.Date()


class ReaderInput(Input):
    person_id = fields.UUID(
        required=True,
        metadata={
            "label": "Reader",
            "hint": "Who stands to the record",
            "widget": "select",
            "options": choosing.around,
        },
    )


class RevealInput(Input):
    reason = reason("Why do you need to see it?", "For example, for the safety plan of today’s meeting")


class RevealAnswer(Answer):
    id = fields.UUID()
    entry_id = fields.UUID()
    until = fields.AwareDateTime()


class RevealsFilter(Input):
    before = fields.UUID(load_default=None, allow_none=True, metadata={"widget": "hidden"})


class RevealLine(Answer):
    """`reason` is null where the nominal's key is gone."""

    id = fields.UUID()
    entry_id = fields.UUID()
    folder = fields.String()
    person_id = fields.UUID()
    at = fields.AwareDateTime()
    reason = fields.String(allow_none=True)


class RevealList(Answer):
    reveals = fields.List(fields.Nested(RevealLine))
    next = fields.UUID(allow_none=True)
