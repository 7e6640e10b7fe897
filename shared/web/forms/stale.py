"""Both texts of an edit that came too late, side by side (409/412)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.web.display import shown
from shared.web.forms.described import describe

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
        labels = {choice.value: choice.text for choice in item.choices(context)}
        texts = [labels.get(str(side.get(item.name)), shown(side.get(item.name))) for side in (mine, theirs)]
        rows.append(StaleField(item.name, item.label, *texts))
    return rows
