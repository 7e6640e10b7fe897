"""Points of a chart, counted from the rows of the report itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from shared.reports.declared import Points
from shared.work import Work

MOST = 20


def tallied(work: Work, rows: Select[Any], label: str, by: str, series: Sequence[str]) -> Points:
    """For the twenty values of the column `label` with the most rows: how many say each of the series in `by`."""
    found = rows.order_by(None).subquery().c
    counts = [func.count().filter(found[by] == one) for one in series]
    grouped = select(func.coalesce(found[label], "Not known"), *counts).group_by(found[label])
    busiest = grouped.order_by(func.count().desc(), found[label]).limit(MOST)
    return [tuple(row) for row in work.session.execute(busiest)]
