"""Reads a report's rows: a page of them, or all for a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from shared.refusals import Invalid, Refusal
from shared.reports.declared import Report
from shared.work import Work

PAGE = 50
# A spreadsheet is written while its reader waits.
MOST = 20_000


@dataclass(frozen=True)
class Found:
    """`totals` are of all rows, not of this page."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    totals: Mapping[str, Any]
    page: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def admit(work: Work, report: Report) -> None:
    """Raises R32 for somebody whom the report does not concern."""
    if not report.open_to(work.principal):
        raise Refusal("R32", role=report.whom)


def read_page(work: Work, report: Report, filters: Mapping[str, Any], sort: str, page: int) -> Found:
    source = report.rows(work, **filters)
    if not isinstance(source, Select):
        rows = _sorted(list(source), sort)
        return Found(
            _finished(work, report, rows[(page - 1) * PAGE : page * PAGE]),
            len(rows),
            _added_up(report, rows),
            page,
        )
    total, totals = _counted(work, report, source)
    query = _ordered(source, sort).limit(PAGE).offset((page - 1) * PAGE)
    return Found(_finished(work, report, _read(work, query)), total, totals, page)


def read_all(work: Work, report: Report, filters: Mapping[str, Any]) -> Found:
    """Raises Invalid for more rows than a spreadsheet is good for."""
    source = report.rows(work, **filters)
    rows = _read(work, source.limit(MOST + 1)) if isinstance(source, Select) else list(source)
    if len(rows) > MOST:
        raise Invalid({"filters": [f"This is more than {MOST:,} rows. Ask for fewer with the filter."]})
    return Found(_finished(work, report, rows), len(rows), _added_up(report, rows))


def _read(work: Work, query: Select[Any]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in work.session.execute(query).mappings()]


def _finished(work: Work, report: Report, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return report.finish(work, rows) if report.finish and rows else rows


def _counted(work: Work, report: Report, source: Select[Any]) -> tuple[int, dict[str, Any]]:
    inner = source.order_by(None).subquery()
    keys = [column.key for column in report.columns if column.total]
    sums = [func.coalesce(func.sum(inner.c[key]), 0) for key in keys]
    total, *added = work.session.execute(select(func.count(), *sums).select_from(inner)).one()
    return int(total), {key: _plain(one) for key, one in zip(keys, added, strict=True)}


def _plain(value: Any) -> int | float:
    """PostgreSQL adds whole numbers up to a numeric, which JSON does not know."""
    return int(value) if value == int(value) else float(value)


def _added_up(report: Report, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    keys = [column.key for column in report.columns if column.total]
    return {key: sum(row.get(key) or 0 for row in rows) for key in keys}


def _ordered(source: Select[Any], sort: str) -> Select[Any]:
    """By the column asked for, then as the report has it, so that pages never overlap."""
    if not sort:
        return source
    column = source.selected_columns[sort.removeprefix("-")]
    before = list(source._order_by_clauses)  # noqa: SLF001 - SQLAlchemy has no other way to ask
    first = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()
    return source.order_by(None).order_by(first, *before)


def _sorted(rows: list[Mapping[str, Any]], sort: str) -> list[Mapping[str, Any]]:
    """What is not known comes last, either way."""
    key = sort.removeprefix("-")
    if not key:
        return rows
    known = [row for row in rows if row.get(key) is not None]
    unknown = [row for row in rows if row.get(key) is None]
    return sorted(known, key=lambda row: row[key], reverse=sort.startswith("-")) + unknown
