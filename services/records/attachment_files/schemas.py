"""What attaching a file takes, and what the files of an entry are shown as."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from services.records.attachment_files.rules import LONGEST_DESCRIPTION
from shared.files import JPEG, PDF, PNG, WORD
from shared.web.forms.upload import MEGABYTE, Upload
from shared.web.schemas import Answer, Input


def _said(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter what the file is")


class NewFile(Input):
    file = Upload(
        kinds=(PDF, WORD, JPEG, PNG),
        most=20 * MEGABYTE,
        required=True,
        metadata={"label": "File", "noun": "a file"},
    )
    description = fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST_DESCRIPTION), _said],
        metadata={"label": "What it is", "noun": "what the file is", "widget": "text"},
    )


class FileAnswer(Answer):
    """`preview`: waiting, ready or impossible; `pages` says how many pictures of it there are."""

    file_id = fields.UUID()
    name = fields.String()
    kind = fields.String(attribute="kind.label")
    size = fields.Integer()
    description = fields.String(allow_none=True)
    preview = fields.String()
    pages = fields.Integer()


class FileList(Answer):
    files = fields.List(fields.Nested(FileAnswer))
