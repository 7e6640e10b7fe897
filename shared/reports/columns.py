"""The columns of a report, and how each kind leaves as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from marshmallow import Schema, fields

from shared.web.card_url import CARD_URL
from shared.web.schemas import Answer

Kind = Literal["text", "number", "decimal", "date", "moment", "yes_no", "person", "people", "tag", "list"]


@dataclass(frozen=True)
class ReportColumn:
    """`key` is the row's own. `total` adds it up under the table; `sortable` needs a plain column of the database.

    A "person" is the name of a user, whose id the row has as `<key>_id`; "people" are several, each {"id", "name"}.
    A "tag" is in the colour that `colours` has for its text. `href` is the row's key for the address that its text
    leads to.
    """

    key: str
    text: str
    kind: Kind = "text"
    total: bool = False
    sortable: bool = False
    href: str | None = None
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def numeric(self) -> bool:
        return self.kind in {"number", "decimal"}


class Named(Answer):
    """A user in a row that names several."""

    id = fields.UUID()
    name = fields.String()
    card_url = fields.Function(lambda one: CARD_URL.format(person_id=one["id"]))


def row_schema(name: str, columns: tuple[ReportColumn, ...]) -> type[Schema]:
    found: dict[str, Any] = {}
    for column in columns:
        found[column.key] = _field(column.kind)
        if column.kind == "person":
            found[f"{column.key}_id"] = fields.UUID(allow_none=True)
            found[f"{column.key}_card_url"] = fields.Function(_card_url(f"{column.key}_id"))
    return type(name, (Answer,), found | {"__module__": __name__})


def _card_url(key: str) -> Any:
    def card_url(row: Mapping[str, Any]) -> str | None:
        return CARD_URL.format(person_id=row[key]) if row.get(key) else None

    return card_url


def _field(kind: Kind) -> fields.Field[Any]:
    """A row says None where a value is not known."""
    if kind == "people":
        return fields.List(fields.Nested(Named), allow_none=True)
    if kind == "list":
        return fields.List(fields.String(), allow_none=True)
    plain: dict[str, type[fields.Field[Any]]] = {
        "number": fields.Integer,
        "decimal": fields.Float,
        "date": fields.Date,
        "moment": fields.AwareDateTime,
        "yes_no": fields.Boolean,
    }
    return plain.get(kind, fields.String)(allow_none=True)
