"""Moments of a table as the days that people speak of."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func

from shared.time.calendars import LONDON


def london_day_of(moment: Any) -> ColumnElement[date]:
    """The day in London of a column of moments, as `calendars.london_day` says it of one."""
    return cast(func.timezone(LONDON.key, moment), Date)
