"""A report as CSV and as XLSX. What is in a cell is text or a value, never a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from shared.clock import LONDON
from shared.reports.answers import MARKING, Download
from shared.reports.columns import ReportColumn

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST_CELL, _WIDEST = 32_000, 60


def as_csv(download: Download) -> bytes:
    """UTF-8 with its mark at the start, without which Excel takes it for something else."""
    text = StringIO()
    writer = csv.writer(text)
    columns = download.report.columns
    writer.writerow([harmless(column.text) for column in columns])
    for row in rows_with_totals(download):
        writer.writerow([harmless(in_words(row.get(column.key))) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def in_words(value: Any) -> str:
    """Days as ISO has them, so that they sort; moments in London's time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(each["name"] if isinstance(each, dict) else str(each) for each in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def rows_with_totals(download: Download) -> Iterator[Mapping[str, Any]]:
    yield from download.found.rows
    if download.found.totals and download.found.rows:
        first = download.report.columns[0].key
        yield {first: "Total", **download.found.totals}


def as_xlsx(download: Download) -> bytes:
    """Days and numbers are what they are, so that a spreadsheet can reckon with them."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - few ask for it, and every start would wait for it

    body = BytesIO()
    book = Workbook(body, {**_OPTIONS, "default_date_format": "d mmm yyyy"})
    bold, moments = book.add_format({"bold": True}), book.add_format({"num_format": "d mmm yyyy hh:mm"})
    sheet = book.add_worksheet(download.report.code)
    columns, rows = download.report.columns, list(rows_with_totals(download))
    sheet.set_header(f"&C{MARKING}")
    sheet.set_footer(f"&C{MARKING}")
    sheet.write_row(0, 0, [column.text for column in columns], bold)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = typed(row.get(column.key))
            sheet.write(number, place, value, *([moments] if isinstance(value, datetime) else []))
    _lay_out(sheet, columns, rows)
    book.set_properties({"title": f"{download.report.code} {download.report.title}", "category": MARKING})
    book.close()
    return body.getvalue()


def typed(value: Any) -> Any:
    """A spreadsheet knows no time zones."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).replace(tzinfo=None)
    if isinstance(value, date | int | float) and not isinstance(value, bool):
        return value
    return in_words(value)[:_LONGEST_CELL]


def _lay_out(sheet: Any, columns: Sequence[ReportColumn], rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    for place, column in enumerate(columns):
        longest = max([len(column.text), *(len(in_words(row.get(column.key))) for row in rows)])
        sheet.set_column(place, place, min(longest + 2, _WIDEST))
