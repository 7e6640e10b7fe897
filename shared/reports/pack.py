"""RPT-24, the compliance pack: what its parts in the services have in common (PSI-1.2, PI-1.1, PSI-5.1).

Managers show on demand, for any dates, how their area, force, group or prison complies. What is known of that lies in
several services, so each offers its own part, of one shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from marshmallow import fields, validate

from shared.refusals import Invalid
from shared.reports.columns import ReportColumn
from shared.time.calendars import add_months
from shared.web.schemas import Input

CODE = "RPT-24"
KINDS = ("mappa_area", "force", "prison_group")
ROLES = (
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
    "oversight_chair",
)
# A Governor answers for one prison (PSI-5.1), which is of no kind above.
HEAD_OF_PRISON, PRISON = "governor", "prison"
WHOM = "a CPC, a Head of Public Protection, a director, a Governor or a board’s chair"
WHOLE = ("All parts of the compliance pack", "/identity/compliance-pack")
GOOD, LOOK = "In order", "Look at it"
# How a figure was counted: as things stand today, over the dates asked for, or as it stood on the last of them.
NOW, IN_TIME, AT_END = "Today", "In these dates", "On the last day"
_MONTHS = 3
_DATE = validate.Range(
    min=date(1990, 1, 1), error="The year must be 1990 or later."
)  # long before any register

COLUMNS = (
    ReportColumn("unit_name", "Area, force, group or prison"),
    ReportColumn("measure", "Measure"),
    ReportColumn("counted", "Counted"),
    ReportColumn("figure", "Figure"),
    ReportColumn("share", "Share (%)", "number"),
    ReportColumn("state", "State", "tag", colours={GOOD: "green", LOOK: "red"}),
)


class PackFilter(Input):
    since = fields.Date(
        load_default=None,
        allow_none=True,
        validate=_DATE,
        metadata={"label": "From", "hint": "Three months back, if left empty"},
    )
    until = fields.Date(
        load_default=None,
        allow_none=True,
        validate=_DATE,
        metadata={"label": "Until", "hint": "Today, if left empty"},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """`share` in per cent, where the figure is one of several; `state` empty where it is for information."""

    measure: str
    figure: str
    share: int | None = None
    state: str = ""
    counted: str = IN_TIME


def span(today: date, since: date | None, until: date | None) -> tuple[date, date]:
    """The first and the last day. Raises Invalid where they are in the wrong order, or nothing has happened yet."""
    last = min(until or today, today)
    first = since or add_months(last, -_MONTHS)
    if since and until and until < since:
        raise Invalid({"until": ["The last day must not be before the first."]})
    if first > today:
        raise Invalid({"since": ["The first day must not be in the future."]})
    return first, last


def share_of(measure: str, good: int, total: int, counted: str = IN_TIME, *, judged: bool = True) -> Line:
    """In order where it is all of them."""
    if not total:
        return Line(measure, "None", counted=counted)
    state = (GOOD if good == total else LOOK) if judged else ""
    return Line(measure, f"{good} of {total}", 100 * good // total, state, counted)


def rows_of(unit_name: str, lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [{"unit_name": unit_name, **asdict(line)} for line in lines]


def per_cent(share: int | None) -> str:
    """For the words of a picture."""
    return "none" if share is None else f"{share} %"
