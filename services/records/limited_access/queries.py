"""Limited Access of one record as its CPC sees it, and RPT-16 over all of hers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import Select, case, func, select

from services.records.access.authorise import authorise
from services.records.access.looks import LIMIT_ENDED, LIMIT_REASON
from services.records.access.models import Access, Limit, Listed
from services.records.access.overseeing import WHOM, oversees
from services.records.access.record import Record
from services.records.access.rules import reach
from services.records.access.standings import standings
from services.records.limited_access.commands import ACTION, HERE, PATH
from services.records.limited_access.schemas import PageAnswer
from services.records.nominals.models import Name, Nominal
from services.records.nominals.parts import summary_part
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.read_model import card_url
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Points
from shared.reports.tallying import MOST
from shared.web.schemas import Input, Nothing
from shared.work import Work

CURRENT, OVERDUE, ENDED = "Limited", "Review overdue", "Ended"


@summary_part("places")
def place(work: Work, record: Record) -> Mapping[str, Any] | None:
    """For whoever may limit access to this record."""
    units = reach(work.principal)
    if record.owner_unit not in units.cpc | units.deputy or work.principal.agency_kind == "prison":
        return None
    return {"text": "Limited Access", "href": f"/records{HERE.format(nominal_id=record.id)}"}


@service.query(
    "limited_access.read",
    path=PATH,
    input=Nothing,
    answer=PageAnswer,
    page=Page("Limited Access", "limited_access/read.html"),
)
def read(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whether access is limited, who is on the list, and each time that it was, newest first."""
    opened = authorise(work, ACTION, nominal_id)
    times = select(Limit).where(Limit.nominal_id == nominal_id).order_by(Limit.set_at.desc())
    rows = work.session.execute(times).scalars().all()
    people = read_model.people(
        work.session, [one for row in rows for one in (row.set_by, row.ended_by) if one is not None]
    )
    return {
        "limited": opened.record.limited_access,
        "visor_number": opened.record.visor_number,
        "people": _listed(work, nominal_id),
        "times": [_time(work, row, {id: card.name for id, card in people.items()}) for row in rows],
    }


def _listed(work: Work, nominal_id: UUID) -> list[dict[str, Any]]:
    found = select(Listed).where(Listed.nominal_id == nominal_id).order_by(Listed.listed_at)
    rows = work.session.execute(found).scalars().all()
    people = read_model.people(work.session, [row.person_id for row in rows])
    units = read_model.units(work.session, [card.unit for card in people.values()])
    return [
        {
            "person_id": row.person_id,
            "name": people[row.person_id].name if row.person_id in people else "A user not known here",
            "card_url": card_url(row.person_id),
            "unit_name": _unit(people.get(row.person_id), units),
            "since": row.listed_at,
        }
        for row in rows
    ]


def _unit(card: Any, units: Mapping[str, Any]) -> str:
    if card is None:
        return ""
    return str(units[card.unit].name) if card.unit in units else str(card.unit)


def _time(work: Work, row: Limit, names: Mapping[UUID, str]) -> dict[str, Any]:
    readable, unknown = work.runtime.readable, "A user not known here"
    return {
        "reason": readable(row.origin_nominal_id, LIMIT_REASON, row.reason),
        "review_on": row.review_on,
        "set_at": row.set_at,
        "set_by": names.get(row.set_by, unknown),
        "ended_at": row.ended_at,
        "ended_by": names.get(row.ended_by, unknown) if row.ended_by else None,
        "end_reason": readable(row.origin_nominal_id, LIMIT_ENDED, row.end_reason)
        if row.end_reason
        else None,
    }


class RegisterFilter(Input):
    show = fields.String(
        load_default="current",
        validate=validate.OneOf(["current", "all"], ["Limited now", "All"]),
        metadata={
            "label": "Show",
            "options": [("current", "Limited now"), ("all", "All, with those that ended")],
            "widget": "select",
        },
    )


def _readable(work: Work, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [
        {**row, "reason": work.runtime.readable(row["origin_nominal_id"], LIMIT_REASON, row["sealed"])}
        for row in rows
    ]


@service.report(
    "RPT-16",
    "Limited Access register",
    "PF-4.16l.1",
    "PF-4.16l.2",
    input=RegisterFilter,
    columns=(
        ReportColumn("visor_number", "ViSOR number", href="url", sortable=True),
        ReportColumn("nominal_name", "Nominal"),
        ReportColumn("state", "State", "tag", colours={CURRENT: "purple", OVERDUE: "red", ENDED: "grey"}),
        ReportColumn("set_at", "Limited since", "moment", sortable=True),
        ReportColumn("review_on", "Review", "date", sortable=True),
        ReportColumn("listed", "On the list", "number", sortable=True),
        ReportColumn("attempts", "Attempts refused", "number", total=True, sortable=True),
        ReportColumn("reason", "Why"),
    ),
    whom=WHOM,
    open_to=oversees,
    intro="The records of your area or force to which access is, or was, limited.",
    finish=_readable,
    chart=Chart("Attempts refused, by record", ("Attempts",), lambda work, *, show: _attempts(work, show)),
    empty="Access to none of your records is limited.",
)
def limited_register(work: Work, *, show: str) -> Select[Any]:
    """The next to be reviewed first; attempts are those since it was set."""
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == Limit.nominal_id, over.c.standing.in_(("cpc", "deputy"))
    )
    listed = select(func.count()).where(Listed.nominal_id == Limit.nominal_id).scalar_subquery()
    attempts = (
        select(func.count())
        .where(Access.nominal_id == Limit.nominal_id, Access.outcome == "refused", Access.at >= Limit.set_at)
        .scalar_subquery()
    )
    found = (
        select(
            Limit.nominal_id,
            Limit.origin_nominal_id,
            Nominal.visor_number,
            func.concat("/records/nominals/", Nominal.id, "/limited-access").label("url"),
            func.trim(func.concat(Name.forenames, " ", Name.surname)).label("nominal_name"),
            case(
                (Limit.ended_at.is_not(None), ENDED), (Limit.review_on < work.today, OVERDUE), else_=CURRENT
            ).label("state"),
            Limit.set_at,
            Limit.review_on,
            listed.label("listed"),
            attempts.label("attempts"),
            Limit.reason.label("sealed"),
        )
        .join(Nominal, Nominal.id == Limit.nominal_id)
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .where(own.exists())
        .order_by(Limit.ended_at.is_not(None), Limit.review_on, Limit.id)
    )
    return found if show == "all" else found.where(Limit.ended_at.is_(None))


def _attempts(work: Work, show: str) -> Points:
    """The twenty records that were tried most often."""
    found = limited_register(work, show=show).order_by(None).subquery().c
    most = select(found.visor_number, found.attempts).where(found.attempts > 0)
    most = most.order_by(found.attempts.desc(), found.visor_number).limit(MOST)
    return [tuple(row) for row in work.session.execute(most)]
