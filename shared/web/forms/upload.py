"""The field of a file that somebody uploads: GOV.UK's file upload on a page, a multipart body in the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields

from shared.files import Arriving, Kind, ScannerAway

MEGABYTE = 1024 * 1024
MOST = 10 * MEGABYTE


class Upload(fields.Field[Arriving]):
    """Loads an `Arriving`, encrypted already and not yet kept; `most` is in bytes.

    What is empty, too large, of another kind than `kinds`, infected, or brings a programme is refused in its field.
    """

    def __init__(self, *, kinds: Sequence[Kind], most: int = MOST, **given: Any) -> None:
        self.kinds = tuple(kinds)
        self.most = most
        looks = {"widget": "file", "hint": f"{_any_of(self.kinds)}, up to {_size(most)}"}
        super().__init__(metadata=looks | given.pop("metadata", {}), **given)

    def _deserialize(self, value: Any, *_given: Any, **_more: Any) -> Arriving:
        arrived = getattr(value, "stream", value)
        if not isinstance(arrived, Arriving):
            raise ValidationError("The selected file could not be uploaded. Try again")
        if problem := self._problem(arrived):
            raise ValidationError(problem)
        return arrived

    def _problem(self, arrived: Arriving) -> str | None:
        if not arrived.size:
            return "The selected file is empty"
        if arrived.too_large or arrived.size > self.most:
            return f"The selected file must be smaller than {_size(self.most)}"
        if arrived.kind not in self.kinds:
            return f"The selected file must be a {_any_of(self.kinds)}"
        if why := arrived.runs():
            return f"The selected file {why}"
        try:
            return "The selected file contains a virus" if arrived.virus() else None
        except ScannerAway:
            return "Files cannot be checked for viruses at the moment. Try again later"


def uploads(schema: Schema | type[Schema]) -> Iterator[Upload]:
    instance = schema if isinstance(schema, Schema) else schema()
    return (field for field in instance.load_fields.values() if isinstance(field, Upload))


def first_values(schema: Schema, form: Any, files: Mapping[str, Any]) -> dict[str, Any]:
    """The raw input of a multipart request to the API: a list's values by one name, everything else once."""
    lists = {name for name, field in schema.load_fields.items() if hasattr(field, "inner")}
    values = {name: form.getlist(name) if name in lists else form[name] for name in form}
    return values | dict(files.items())


def _any_of(kinds: Sequence[Kind]) -> str:
    labels = [kind.label for kind in kinds]
    return " or ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))


def _size(most: int) -> str:
    return f"{most // MEGABYTE}MB" if most >= MEGABYTE else f"{most // 1024}KB"
