"""RPT-04, log-ons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, case, func, select

from services.identity.adjustments.exempt import exempt
from services.identity.log_on_audit import figures
from services.identity.log_on_audit.rules import SHORT
from services.identity.people.models import Person, Unit
from services.identity.scope import is_national, within
from services.identity.service import service
from services.identity.sessions.models import SignInSession
from services.identity.tokens.holders import ACTIVE
from shared.access.principal import Principal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Input
from shared.work import Work

TOKENS = ("cpc", "central_support", "lpc")
ROLES = (
    "head_of_public_protection",
    "regional_probation_director",
    "prison_group_director",
    "governor",
    "visor_lead",
    "spo",
)
WHOM = "the CPC, an LPC or a holder of Central Support, an SPO, a ViSOR lead or one of those above them"


def concerns(principal: Principal) -> bool:
    return is_national(principal) or principal.holds(*TOKENS) or principal.has_role(*ROLES)


class LogOnFilter(Input):
    place = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"label": "Area, unit, prison or force", "hint": "Part of its name", "width": 20},
    )
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "flagged"]),
        metadata={
            "widget": "radios",
            "small": True,
            "label": "Show",
            "options": [("all", "Everybody"), ("flagged", "Only who is flagged")],
        },
    )


FLAGGED = (figures.SPO, figures.NONE, figures.UNOPENED)
COLOURS = {figures.SPO: "red", figures.NONE: "orange", figures.UNOPENED: "yellow", figures.EXEMPT: "grey"}
COLUMNS = (
    ReportColumn("name", "Name", "person", sortable=True),
    ReportColumn("unit_name", "Unit", sortable=True),
    ReportColumn("last_log_on", "Last log-on", "moment", sortable=True),
    ReportColumn("in_30", "In 30 days", "number", sortable=True),
    ReportColumn("in_90", "In 90 days", "number", sortable=True),
    ReportColumn("refused", "Refused in 90 days", "number", sortable=True),
    ReportColumn("terminals", "Terminals", "list"),
    ReportColumn("todo_opened", "To-do last opened", "date", sortable=True),
    ReportColumn("flag", "Flag", "tag", colours=COLOURS),
)


def people(work: Work, place: str) -> Select[Any]:
    """The accounts in use of the units that the reader answers for."""
    found = select(Person.id).join(Unit, Unit.code == Person.unit)
    found = found.where(ACTIVE, Person.unit.in_(within(work.principal, tokens=TOKENS, roles=ROLES)))
    return found.where(func.lower(Unit.name).contains(place.lower(), autoescape=True)) if place else found


def active_by_unit(work: Work, *, place: str, show: str) -> list[tuple[str, int, int]]:
    """For each unit who logged on within 30 days, and who did not; the twenty with most who did not."""
    recent = select(SignInSession.id).where(
        SignInSession.person_id == Person.id,
        SignInSession.scope == "full",
        SignInSession.opened_at >= work.system_now - timedelta(days=SHORT),
    )
    did = func.sum(case((recent.exists(), 1), else_=0))
    query = people(work, place).where(~exempt(work.today))
    if show == "flagged":
        query = query.where(figures.flag(work).in_(FLAGGED))
    counted = query.with_only_columns(Unit.name, did, func.count() - did).group_by(Unit.name)
    rows = work.session.execute(counted.order_by((func.count() - did).desc(), Unit.name).limit(20))
    return [(name, int(logged_on), int(did_not)) for name, logged_on, did_not in rows]


def in_words(points: Sequence[tuple[Any, ...]]) -> str:
    did, did_not = sum(point[1] for point in points), sum(point[2] for point in points)
    worst = points[0]
    return (
        f"{did} people logged on in the last 30 days and {did_not} did not; "
        f"most who did not are in {worst[0]} ({worst[2]})."
    )


@service.report(
    "RPT-04",
    "Log-on audit",
    "PF-4.16o.1",
    "PF-5.10.6",
    "PI-3.10.2",
    input=LogOnFilter,
    columns=COLUMNS,
    whom=WHOM,
    open_to=concerns,
    intro="Counted from whole sign-ins. A to-do list whose opening was never told is left empty.",
    chart=Chart("Log-ons in 30 days", ("Logged on", "Did not"), active_by_unit, "stacked", in_words),
    empty="Nobody fits this filter.",
)
def log_on_report(work: Work, *, place: str, show: str) -> Select[Any]:
    """Longest absent first."""
    query = people(work, place).with_only_columns(
        Person.name, Person.id.label("name_id"), Unit.name.label("unit_name"), *figures.columns(work)
    )
    if show == "flagged":
        query = query.where(figures.flag(work).in_(FLAGGED))
    return query.order_by(Person.last_signed_in_on.asc().nulls_first(), Person.name, Person.id)
