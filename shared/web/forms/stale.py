"""Both texts of an edit that came too late, side by side (409/412)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.web.display import shown
from shared.web.forms.described import Described, describe
from shared.web.forms.finding import finder_of

if TYPE_CHECKING:
    from marshmallow import Schema


@dataclass(frozen=True)
class StaleField:
    name: str
    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def stale_fields(
    schema: Schema | type[Schema], mine: Mapping[str, Any], theirs: Mapping[str, Any], context: object = None
) -> list[StaleField]:
    """One row a field that either side has, in the schema's order; options are shown by their labels."""
    rows = []
    for item in describe(schema):
        if item.widget in {"hidden", "none", "password"} or (
            item.name not in mine and item.name not in theirs
        ):
            continue
        texts = [said(item, side.get(item.name), context) for side in (mine, theirs)]
        rows.append(StaleField(item.name, item.label, *texts))
    return rows


def said(item: Described, value: Any, context: object) -> str:
    """An option by its label, anything else as pages show it."""
    if item.widget == "find" and value is not None:
        known = finder_of(item).exactly(str(value))
        return known.text if known else shown(value)
    labels = {choice.value: choice.text for choice in item.choices(context)}
    return labels.get(str(value), shown(value))
