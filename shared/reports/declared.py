"""What a report is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from marshmallow import Schema
from sqlalchemy import Select

from shared.access.principal import Principal
from shared.declarations import Audience
from shared.reports.columns import ReportColumn

Rows = Select[*tuple[Any, ...]] | Sequence[Mapping[str, Any]]
Points = Sequence[tuple[Any, ...]]
ChartKind = Literal["bar", "stacked", "line"]


@dataclass(frozen=True)
class Chart:
    """A picture, for where it says more than the table. `points(work, **filters)` gives (label, a number a series).

    `alt` puts the trend in words; without it the largest and the smallest are named. Fields of the filter that name
    a person stay out of it: a picture has an address.
    """

    title: str
    series: tuple[str, ...]
    points: Callable[..., Points]
    kind: ChartKind = "bar"
    alt: Callable[[Points], str] | None = None

    @property
    def caption(self) -> str:
        """What is counted; where there is one series only, no legend says it."""
        return self.title if len(self.series) > 1 else f"{self.title}: {self.series[0].lower()}"


@dataclass(frozen=True)
class Report:
    """`rows(work, **filters)` gives a select, paged and sorted in SQL, or a list where that is short anyhow.

    What the reader may see is decided there. `open_to` says who may ask at all (in words: `whom`), and who finds the
    report in the list. `finish(work, rows)` adds what SQL cannot say, for the rows of one page at a time. `beside`: the
    text and the address of a page that this report is a part of.
    """

    code: str
    title: str
    clauses: tuple[str, ...]
    input: type[Schema]
    columns: tuple[ReportColumn, ...]
    rows: Callable[..., Rows]
    whom: str
    open_to: Callable[[Principal], bool]
    intro: str = ""
    finish: Callable[..., Sequence[Mapping[str, Any]]] | None = None
    chart: Chart | None = None
    empty: str = "There is nothing to show."
    beside: tuple[str, str] | None = None
    audience: Audience = "signed_in"

    @property
    def name(self) -> str:
        """As in the audit: "reports.rpt_03"; a download is "reports.rpt_03.csv"."""
        return f"reports.{self.code.lower().replace('-', '_')}"

    @property
    def path(self) -> str:
        return f"/reports/{self.code.lower()}"

    @property
    def personal(self) -> frozenset[str]:
        """The filters that name a person: then the report is asked for by POST."""
        return frozenset(
            name for name, field in self.input().fields.items() if field.metadata.get("personal")
        )

    @property
    def method(self) -> str:
        return "POST" if self.personal else "GET"
