"""What a report's page shows: its filter, its table, its picture and the ways to take it away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from shared.clock import LONDON
from shared.reports.answers import ReportView
from shared.reports.columns import ReportColumn
from shared.reports.declared import Report
from shared.web.display import Person, clock_time, macros, short_day
from shared.web.forms import FormView, describe, form_view
from shared.web.forms.typed import as_posted
from shared.web.tables import Column, Table

Pairs = list[tuple[str, str]]


class ReportPage:
    """What the template asks of an answer."""

    def __init__(self, answer: ReportView) -> None:
        self.answer = answer
        self.report: Report = answer.report

    @property
    def path(self) -> str:
        return f"/{self.answer.service}{self.report.path}"

    @cached_property
    def asked(self) -> Pairs:
        """The filters as a browser posts them."""
        return list(as_posted(describe(self.report.input), self.answer.filters).items(multi=True))

    @property
    def posted(self) -> bool:
        return self.report.method == "POST"

    @property
    def filter_form(self) -> FormView | None:
        return form_view(self.report.input, self.answer.filters) if self.report.input().fields else None

    def href(self, what: str, **more: str) -> str:
        """Where the same is found as "csv", "xlsx" or "chart"; whatever names a person is left out.

        A report that is posted posts its filters to its files, too; its picture is an image, and has an address alone.
        """
        in_address = what == "chart" or not self.posted
        pairs = [each for each in self.asked if in_address and each[0] not in self.report.personal]
        pairs += more.items()
        return f"{self.path}/{what}" + (f"?{urlencode(pairs)}" if pairs else "")

    def table(self) -> Table:
        columns = self.report.columns
        return Table(
            caption=f"{self.report.title}: {self.answer.total:,} {'row' if self.answer.total == 1 else 'rows'}",
            columns=[_head(column) for column in columns],
            rows=[[cell(column, row) for column in columns] for row in self.answer.rows],
            foot=self._foot(),
            sort=self.answer.sort,
            page=self.answer.page,
            pages=self.answer.pages,
            path=self.path,
            query=_together(self.asked),
            posted=self.asked if self.posted else None,
            empty=self.report.empty,
        )

    def _foot(self) -> list[Any]:
        if not self.answer.totals:
            return []
        return ["Total", *(self.answer.totals.get(column.key, "") for column in self.report.columns[1:])]


def _head(column: ReportColumn) -> Column:
    nowrap = column.kind in {"date", "tag"}
    return Column(column.key, column.text, column.sortable, column.numeric, nowrap)


def _together(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def cell(column: ReportColumn, row: Mapping[str, Any]) -> Any:
    """What the table shows: names of users with the way to their card, tags in words and colour."""
    value = row.get(column.key)
    if value is None or value == "":
        return ""
    if column.kind == "person" and row.get(f"{column.key}_id"):
        return macros().person(Person(row[f"{column.key}_id"], value))
    if column.kind == "people":
        return [macros().person(Person(each["id"], each["name"])) for each in value]
    if column.kind == "tag":
        return macros().tag(value, column.colours.get(value, "grey"))
    if column.href and row.get(column.href):
        return macros().link(value, row[column.href])
    if column.kind == "moment":
        return f"{short_day(value.astimezone(LONDON))}, {clock_time(value.astimezone(LONDON))}"
    return short_day(value) if column.kind == "date" else value
