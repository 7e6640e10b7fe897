"""The compliance pack as one page: the parts that lie in three services, for the same dates (PSI-1.2, PI-1.1, PSI-5.1).

Each service answers for its own part: this page asks nobody, and leads each reader to those that they may open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from marshmallow import fields

from services.identity.compliance.places import answers, answers_for_a_place
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.refusals import Refusal
from shared.reports.pack import CODE, ROLES, WHOM, PackFilter, span
from shared.web.forms import form_view
from shared.web.forms.dates import split_date
from shared.web.schemas import Answer
from shared.work import Work

_BOARD = "oversight_chair"


def _below_the_board(principal: Principal) -> bool:
    """Who acts on it: a board's chair reads the pack's own figures."""
    return answers_for_a_place(principal, [role for role in ROLES if role != _BOARD])


@dataclass(frozen=True)
class Part:
    """`dates` are the names of its filter's first and last day; none where it shows how things stand today."""

    code: str
    title: str
    service: str
    text: str
    open_to: Callable[[Principal], bool]
    dates: tuple[str, str] | None = ("since", "until")

    @property
    def path(self) -> str:
        return f"/{self.service}/reports/{self.code.lower()}"


PARTS = (
    Part(
        CODE,
        "People, log-ons and terminals",
        "identity",
        "Log-ons and their audits, vetting, training, terminals, signed documents, and which posts are covered.",
        answers,
    ),
    Part(
        CODE,
        "Records",
        "records",
        "Minutes and partnership requests in time, checks and audits of records, openings without partnership.",
        answers_for_a_place,
    ),
    Part(
        "RPT-08",
        "Deadlines",
        "notifications",
        "Every deadline of the Framework: met in time, met late, and overdue.",
        _below_the_board,
        ("due_from", "due_to"),
    ),
    Part(
        "RPT-06",
        "Minimum datasets",
        "records",
        "How complete the records are, folder by folder, as they stand today.",
        _below_the_board,
        None,
    ),
)


class PartAnswer(Answer):
    code = fields.String()
    title = fields.String()
    text = fields.String()
    href = fields.String()
    csv = fields.String()
    xlsx = fields.String()


class PackAnswer(Answer):
    first = fields.Date()
    last = fields.Date()
    parts = fields.List(fields.Nested(PartAnswer))


@service.query(
    "compliance.pack",
    path="/compliance-pack",
    input=PackFilter,
    answer=PackAnswer,
    page=Page("Compliance pack", "compliance/pack.html"),
)
def pack(work: Work, *, since: date | None, until: date | None) -> dict[str, Any]:
    if not answers(work.principal):
        raise Refusal("R32", role=WHOM)
    first, last = span(work.today, since, until)
    parts = [part for part in PARTS if part.open_to(work.principal)]
    work.concerns(count=len(parts))
    return {
        "first": first,
        "last": last,
        "parts": [_shown(part, first, last) for part in parts],
        "form": form_view(PackFilter, {"since": first, "until": last}),
    }


def _shown(part: Part, first: date, last: date) -> dict[str, str]:
    dated = dict(zip(part.dates, (first, last), strict=True)) if part.dates else {}
    boxes = [
        (f"{name}-{box}", text)
        for name, day in dated.items()
        for box, text in split_date(day.isoformat()).items()
    ]
    asked = f"?{urlencode(boxes)}" if boxes else ""
    return {
        "code": part.code,
        "title": part.title,
        "text": part.text,
        "href": f"{part.path}{asked}",
        "csv": f"{part.path}/csv{asked}",
        "xlsx": f"{part.path}/xlsx{asked}",
    }
