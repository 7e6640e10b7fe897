"""Dates and times as people type them in boxes, joined to ISO 8601, with words for what cannot be joined."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from shared.clock import LONDON

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)
NOON = 12
PARTS = ("day", "month", "year")


def join_date(day: str, month: str, year: str) -> str:
    """`2026-11-17`, or the three parts as typed in that order ("2026--17"), or "" where all are empty."""
    parts = [part.strip().replace("-", "/") for part in (year, month_number(month), day)]
    if not any(parts):
        return ""
    made = made_date("-".join(parts))
    return made.isoformat() if made else "-".join(parts)


def join_datetime(day: str, month: str, year: str, clock: str) -> str:
    """`2026-11-17T09:15:00+00:00` in London's offset of that day, or the parts as typed around a "T"."""
    day_text, clock = join_date(day, month, year), clock.strip()
    made, at = made_date(day_text), made_time(clock)
    if made and at:
        return datetime.combine(made, at, LONDON).isoformat()
    return f"{day_text}T{clock}" if day_text or clock else ""


def split_date(text: str) -> dict[str, str]:
    """The three boxes of what `join_date` gave, without leading noughts."""
    year, month, day = [*text.split("-", 2), "", "", ""][:3]
    return {"day": bare(day), "month": bare(month), "year": year}


def split_datetime(text: str) -> dict[str, str]:
    day, _, clock = text.partition("T")
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return {**split_date(day), "time": clock}
    local = local.astimezone(LONDON) if local.tzinfo else local
    return {**split_date(local.date().isoformat()), "time": f"{local:%H:%M}"}


def wrong_parts(text: str) -> tuple[str, ...]:
    """Which boxes to mark: those left empty, else the year that lacks its four numbers, else all of them."""
    day_text, has_time, clock = text.partition("T")
    parts = split_date(day_text)
    empty = [part for part in PARTS if not parts[part]]
    if has_time and not clock:
        empty.append("time")
    if empty:
        return tuple(empty)
    if not re.fullmatch(r"\d{4}", parts["year"]):
        return ("year",)
    return ("time",) if has_time and made_date(day_text) else PARTS


def date_problem(text: str, label: str) -> str:
    """What is wrong with a date that could not be joined, in words: "Date of birth must include a month"."""
    wrong = wrong_parts(text)
    parts = split_date(text.partition("T")[0])
    if text.endswith("T") or any(part in PARTS and not parts[part] for part in wrong):
        return f"{label} must include a {' and a '.join(wrong)}"
    if wrong == ("year",):
        return f"{label} must have a year of 4 numbers"
    if wrong == ("time",):
        return f"{label} must have a time like 9:15am or 21:15"
    return f"{label} must be a real date"


def month_number(text: str) -> str:
    """The number of a month given by name ("Nov" → "11"); anything else stays as typed."""
    start = text.strip().lower()[:3]
    return str(MONTHS.index(start) + 1) if start in MONTHS else text


def made_date(text: str) -> date | None:
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def made_time(text: str) -> time | None:
    if text.lower() in {"midday", "midnight"}:
        return time(NOON if text.lower() == "midday" else 0)
    match = TIME.fullmatch(text)
    if not match or not (match["minute"] or match["half"]):
        return None
    return clock_time(int(match["hour"]), int(match["minute"] or 0), (match["half"] or "").lower())


def clock_time(hour: int, minute: int, half: str) -> time | None:
    if half and not 1 <= hour <= NOON:
        return None
    try:
        return time(hour % NOON + (NOON if half == "pm" else 0) if half else hour, minute)
    except ValueError:
        return None


def bare(number: str) -> str:
    return number.lstrip("0") or number
