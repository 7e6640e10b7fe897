"""RPT-11: how soon requests for partnership are answered (PF-4.25.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, Text, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from services.records.access.standings import standings
from services.records.nominals.models import Nominal
from services.records.partnership.models import Request, RequestedUser
from services.records.service import service
from shared.access.principal import Principal
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Points
from shared.reports.tallying import tallied
from shared.time.calendars import end_of_day, start_of_day
from shared.time.columns import london_day_of
from shared.web.schemas import Input
from shared.work import Work

_unit, _person = DIRECTORY.unit, DIRECTORY.person
ANSWERING = ("manager", "supervisor", "lpc", "cpc", "deputy")
STATES = ("Waiting", "Overdue", "In time", "Late")
TOKENS = ("supervisor", "lpc", "cpc")
# How soon the requests of their own prison are answered.
ROLES = ("visor_lead", "governor")


class ResponseFilter(Input):
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *STATES]),
        metadata={
            "label": "State",
            "widget": "select",
            "empty": "All",
            "options": [(one, one) for one in STATES],
        },
    )
    since = fields.Date(load_default=None, allow_none=True, metadata={"label": "Asked from"})
    until = fields.Date(load_default=None, allow_none=True, metadata={"label": "Asked until"})


def _by_owner(work: Work, *, state: str, since: date | None, until: date | None) -> Points:
    rows = partnership_response(work, state=state, since=since, until=until)
    return tallied(work, rows, "owner", "state", STATES)


@service.report(
    "RPT-11",
    "Partnership response",
    "PF-4.25.1",
    "PF-4.25.2",
    input=ResponseFilter,
    columns=(
        ReportColumn("visor_number", "Record", href="url"),
        ReportColumn("asked_by", "Asked by"),
        ReportColumn("owner", "Owner", sortable=True),
        ReportColumn("requested_at", "Asked", "moment", sortable=True),
        ReportColumn("due", "Due", "date", sortable=True),
        ReportColumn("decided_at", "Answered", "moment", sortable=True),
        ReportColumn("decided_by", "By", "person"),
        ReportColumn("days", "Days", "number", sortable=True),
        ReportColumn("users", "Users asked for", "number", total=True),
        ReportColumn("left_out", "Of those not granted", "number", total=True),
        ReportColumn("answer", "Answer", "tag", colours={"Granted": "green", "Refused": "red"}),
        ReportColumn(
            "state", "State", "tag", colours={"Overdue": "red", "Late": "orange", "In time": "green"}
        ),
    ),
    whom="the CPC, an LPC, a supervisor, a ViSOR lead or a Governor",
    open_to=lambda principal: (
        principal.holds(*TOKENS) or principal.has_role(*ROLES) or bool(principal.deputy_for)
    ),
    intro="Requests for the records that you answer for, and those of your own unit. An answer is due within the"
    " calendar days of national policy.",
    chart=Chart("Requests by owner and state", STATES, _by_owner, kind="stacked"),
    empty="No request fits this filter.",
)
def partnership_response(work: Work, *, state: str, since: date | None, until: date | None) -> Select[Any]:
    """Longest waiting first, then the newest answers."""
    asking, owning = aliased(_unit, name="asking"), aliased(_unit, name="owning")
    days = work.policy.period("deadline.D-06", work.today).amount
    asked_on = london_day_of(Request.requested_at)
    due = asked_on + days
    answered = func.coalesce(london_day_of(Request.decided_at), work.today)
    waiting = Request.state == "requested"
    said = case(
        (waiting & (literal(work.today) > due), "Overdue"),
        (waiting, "Waiting"),
        (answered <= due, "In time"),
        else_="Late",
    )
    users = (
        select(
            RequestedUser.request_id,
            func.count().label("users"),
            func.count().filter(RequestedUser.left_out).label("left_out"),
        )
        .group_by(RequestedUser.request_id)
        .subquery()
    )
    found = (
        select(
            Nominal.visor_number.label("visor_number"),
            (literal("/records/partnership/requests/") + cast(Request.id, Text)).label("url"),
            func.coalesce(asking.c.name, Request.requesting_unit).label("asked_by"),
            func.coalesce(owning.c.name, Nominal.owner_unit).label("owner"),
            Request.requested_at.label("requested_at"),
            due.label("due"),
            Request.decided_at.label("decided_at"),
            _person.c.name.label("decided_by"),
            Request.decided_by.label("decided_by_id"),
            (answered - asked_on).label("days"),
            users.c.users.label("users"),
            users.c.left_out.label("left_out"),
            case((waiting, None), else_=func.initcap(Request.state)).label("answer"),
            said.label("state"),
        )
        .join(Nominal, Nominal.id == Request.nominal_id)
        .join(users, users.c.request_id == Request.id)
        .outerjoin(asking, asking.c.code == Request.requesting_unit)
        .outerjoin(owning, owning.c.code == Nominal.owner_unit)
        .outerjoin(_person, _person.c.id == Request.decided_by)
        .where(_seen(work.principal))
        .order_by(waiting.desc(), Request.requested_at, Request.id)
    )
    if state:
        found = found.where(said == state)
    if since:
        found = found.where(Request.requested_at >= start_of_day(since))
    return found.where(Request.requested_at <= end_of_day(until)) if until else found


def _seen(principal: Principal) -> Any:
    mine = standings(principal)
    answers = select(mine.c.nominal_id).where(mine.c.standing.in_(ANSWERING))
    own_unit = (Request.requesting_unit == principal.unit) & ~Nominal.limited_access
    return or_(Nominal.id.in_(answers), own_unit)
