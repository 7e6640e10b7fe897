"""An SPO's view of the team, and supervision dates (PI-3.10.1, PF-4.37.1)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from services.identity.accounts.finding import person_or_404
from services.identity.log_on_audit import figures
from services.identity.log_on_audit.models import SupervisionDate
from services.identity.log_on_audit.schemas import PagedInput, SupervisionAnswer, SupervisionInput, TeamAnswer
from services.identity.log_on_audit.supervision import tell_booked, tell_cancelled
from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE
from shared.access.principal import Principal
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, Refusal
from shared.web.about import about
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 25
WHOM = "the senior probation officer or line manager of this person"
service.constraints["uq_supervision_date"] = lambda: Refusal(
    "R34", what="This supervision is entered already."
)


def team_of(principal: Principal) -> ColumnElement[bool]:
    """Those of the units for which one is SPO, and those whose line manager one is."""
    units = sorted(principal.units_with_role("spo"))
    mine = or_(Person.line_manager == principal.person_id, Person.unit.in_(units))
    return mine & (Person.id != principal.person_id)


@service.query(
    "log_on_audit.team",
    path="/log-on-team",
    input=PagedInput,
    answer=TeamAnswer,
    page=Page("My team’s log-ons", "log_on_audit/team.html"),
)
def team(work: Work, *, page: int) -> dict[str, Any]:
    """For each practitioner: the last log-on, how often, when the to-do list was opened, and the next supervision."""
    query = (
        select(
            Person.id.label("person_id"),
            Person.name,
            Unit.name.label("unit_name"),
            *figures.columns(work),
            _next(work, SupervisionDate.day).label("supervision"),
            _next(work, SupervisionDate.prepared_on).label("prepared_on"),
        )
        .join(Unit, Unit.code == Person.unit)
        .where(ACTIVE, team_of(work.principal))
        .order_by(Person.last_signed_in_on.asc().nulls_first(), Person.name, Person.id)
    )
    rows = work.session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).mappings().all()
    work.concerns(count=len(rows[:PAGE]), page=page)
    found = [_member(dict(row)) for row in rows[:PAGE]]
    return {"team": found, "page": page, "more": len(rows) > PAGE}


def _next(work: Work, column: Any) -> Any:
    """Of the next supervision that whoever asks has with this person."""
    coming = select(column).where(
        SupervisionDate.practitioner == Person.id,
        SupervisionDate.supervisor == work.principal.person_id,
        SupervisionDate.ended_on.is_(None),
        SupervisionDate.day >= work.today,
    )
    return coming.order_by(SupervisionDate.day).limit(1).correlate(Person).scalar_subquery()


def _member(row: dict[str, Any]) -> dict[str, Any]:
    """`prepared`: the supervisor logged on the day before the supervision or on the day itself (PF-4.37.1)."""
    prepared = None if row["supervision"] is None else row.pop("prepared_on") is not None
    return row | {"card_url": f"/identity/people/{row['person_id']}", "prepared": prepared}


def _practitioner(work: Work, person_id: UUID) -> Person:
    person = person_or_404(work, person_id)
    known = work.principal
    if person.id == known.person_id or not (
        person.line_manager == known.person_id or person.unit in known.units_with_role("spo")
    ):
        raise Refusal("R32", role=WHOM)
    return person


@service.command(
    "supervision.book",
    path="/people/<uuid:person_id>/supervisions",
    input=SupervisionInput,
    answer=SupervisionAnswer,
    form=FormPage(
        title="Enter a supervision date",
        button="Save the date",
        done="Saved. It comes onto your to-do list the day before, until you log on.",
        next="/log-on-team",
        path="/people/<uuid:person_id>/supervisions/new",
        values=lambda work, *, person_id: {"about": about(_practitioner(work, person_id))},
    ),
)
def book_supervision(work: Work, *, person_id: UUID, day: date) -> SupervisionDate:
    """PF-4.37.1: the SPO logs on before it; the day before a reminder comes."""
    person = _practitioner(work, person_id)
    if day < work.today:
        raise Invalid({"day": ["The date must be today or later."]})
    booked = SupervisionDate(
        practitioner=person.id, supervisor=work.principal.person_id, day=day, entered_at=work.now
    )
    work.session.add(booked)
    work.session.flush()
    tell_booked(work, booked, person)
    work.concerns(subject=("person", person.id))
    return booked


@service.command(
    "supervision.cancel",
    path="/people/<uuid:person_id>/supervisions/cancel",
    input=Nothing,
    answer=SupervisionAnswer,
    form=FormPage(
        title="Cancel the supervision",
        button="Cancel the supervision",
        done="The supervision has been cancelled.",
        next="/log-on-team",
        values=lambda work, *, person_id: {"about": about(_practitioner(work, person_id))},
    ),
)
def cancel_supervision(work: Work, *, person_id: UUID) -> SupervisionDate:
    """The next one that was entered for this person."""
    _practitioner(work, person_id)
    query = select(SupervisionDate).where(
        SupervisionDate.practitioner == person_id,
        SupervisionDate.supervisor == work.principal.person_id,
        SupervisionDate.ended_on.is_(None),
        SupervisionDate.day >= work.today,
    )
    booked = work.session.execute(query.order_by(SupervisionDate.day).limit(1).with_for_update()).scalar()
    if booked is None:
        raise Refusal("R34", what="No supervision is entered for this person.")
    booked.ended_on = work.today
    tell_cancelled(work, booked)
    work.concerns(subject=("person", person_id))
    return booked
