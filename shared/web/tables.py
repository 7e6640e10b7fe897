"""A table sorted and paged on the server: what is sorted is the whole list, and it needs no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Column:
    key: str
    text: str
    sortable: bool = False
    numeric: bool = False
    nowrap: bool = False


@dataclass(frozen=True)
class Table:
    """`rows` hold a cell for each column: text, Markup, or whatever `display.shown` puts in words.

    `sort` is a column's key, with "-" before it for the largest first. Links carry `query` and so may say nothing about
    a person; where the list answers a search, give `posted` (the search's own fields, as pairs): then sorting and
    paging are buttons that post them again, as `sort` and `page`. `foot` is a last row of totals.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    sort: str = ""
    page: int = 1
    pages: int = 1
    path: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    posted: Sequence[tuple[str, str]] | None = None
    empty: str = "There is nothing to show."
    foot: Sequence[Any] = ()

    def aria_sort(self, column: Column) -> str:
        if self.sort.removeprefix("-") != column.key:
            return "none"
        return "descending" if self.sort.startswith("-") else "ascending"

    def sort_value(self, column: Column) -> str:
        """What asks for this column; asking again turns it round."""
        return f"-{column.key}" if self.sort == column.key else column.key

    def sort_href(self, column: Column) -> str:
        return self.href(sort=self.sort_value(column))

    def href(self, **changes: Any) -> str:
        query = {**self.query, **({"sort": self.sort} if self.sort else {}), **changes}
        return f"{self.path}?{urlencode(query, doseq=True)}"

    def page_links(self) -> dict[str, Any]:
        """The parameters of govukPagination: the first, the last and those about this one, gaps as dots."""
        numbers = [n for n in range(1, self.pages + 1) if n in {1, self.pages} or abs(n - self.page) <= 1]
        items: list[dict[str, Any]] = []
        for before, number in zip([0, *numbers], numbers, strict=False):
            if number - before > 1:
                items.append({"ellipsis": True})
            items.append({"number": number, "href": self.href(page=number), "current": number == self.page})
        links: dict[str, Any] = {"items": items, "landmarkLabel": "Pages"}
        if self.page > 1:
            links["previous"] = {"href": self.href(page=self.page - 1)}
        if self.page < self.pages:
            links["next"] = {"href": self.href(page=self.page + 1)}
        return links
