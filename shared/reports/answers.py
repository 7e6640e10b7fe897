"""What the queries of a report answer. Pages, files and pictures are made of it only where there is a web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from shared.reports.declared import Chart, Points, Report
from shared.reports.reading import Found

MARKING = "OFFICIAL - SENSITIVE"


@dataclass(frozen=True)
class ReportView:
    """Its JSON has `rows`, `total`, `totals`, `page` and `pages`; `shown` is what the page makes of it."""

    report: Report
    service: str
    filters: Mapping[str, Any]
    sort: str
    found: Found
    chart_alt: str | None = None

    @property
    def rows(self) -> Any:
        return self.found.rows

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def totals(self) -> Mapping[str, Any]:
        return self.found.totals

    @property
    def page(self) -> int:
        return self.found.page

    @property
    def pages(self) -> int:
        return self.found.pages

    @property
    def shown(self) -> Any:
        return import_module("shared.reports.viewing").ReportPage(self)


@dataclass(frozen=True)
class Download:
    """A file as it is sent; `day` stands in its name."""

    report: Report
    found: Found
    day: date

    @property
    def name(self) -> str:
        return f"{self.report.code} {self.day.isoformat()} {MARKING}"


@dataclass(frozen=True)
class Picture:
    chart: Chart
    points: Points
    narrow: bool = False
