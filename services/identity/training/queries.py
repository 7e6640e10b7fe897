"""Reading the catalogue, the trainers and the calendar, which every user may."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.identity.people.cards import cards
from services.identity.people.models import Person, Unit
from services.identity.people.units import below
from services.identity.scope import is_national
from services.identity.service import service
from services.identity.training import choices
from services.identity.training.answers import (
    CalendarAnswer,
    CalendarInput,
    CoursesAnswer,
    SessionAnswer,
    TrainersAnswer,
)
from services.identity.training.authority import keeps, listed, own_listing, regions_kept, trains
from services.identity.training.models import Booking, Course, CourseApproval, Trainer, TrainingSession
from services.identity.training.rules import Approval
from services.identity.vetting.scope import overseen_units
from shared.declarations import Page
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 50


@service.query(
    "training.courses",
    path="/training/courses",
    input=Nothing,
    answer=CoursesAnswer,
    page=Page("Training courses", "training/courses.html"),
)
def courses(work: Work) -> dict[str, Any]:
    """PF-6.2.2: each course with its approvals by the National ViSOR Training Working Group."""
    found = list(work.session.execute(select(Course).order_by(Course.title)).scalars())
    approvals: dict[UUID, list[CourseApproval]] = defaultdict(list)
    newest = select(CourseApproval).order_by(CourseApproval.first_day.desc())
    for one in work.session.execute(newest).scalars():
        approvals[one.course_id].append(one)
    work.concerns(count=len(found))
    return {
        "courses": [_course(work, course, approvals[course.id]) for course in found],
        "may_change": is_national(work.principal),
    }


@service.query(
    "training.trainers",
    path="/training/trainers",
    input=Nothing,
    answer=TrainersAnswer,
    page=Page("Approved trainers", "training/trainers.html"),
)
def trainers(work: Work) -> dict[str, Any]:
    """PF-4.5.1: every region's list, for all regions to see."""
    found = select(Trainer, Unit.name).join(Unit, Unit.code == Trainer.region)
    rows = list(work.session.execute(found.order_by(Unit.name, Trainer.name)))
    kept = regions_kept(work)
    national = is_national(work.principal)
    work.concerns(count=len(rows))
    return {
        "trainers": [_trainer(work, one, name, national or one.region in kept) for one, name in rows],
        "may_add": national or bool(kept),
    }


@service.query(
    "training.calendar",
    path="/training/sessions",
    input=CalendarInput,
    answer=CalendarAnswer,
    page=Page("Training sessions", "training/calendar.html"),
)
def calendar(work: Work, *, region: str, past: bool, page: int) -> dict[str, Any]:
    """PF-4.5.2: region, trainer, and places left; soonest first."""
    found = _sessions()
    if region:
        found = found.where(TrainingSession.region == region)
    if not past:
        found = found.where(TrainingSession.ends_on >= work.today, TrainingSession.cancelled_at.is_(None))
    total = work.session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    order = TrainingSession.starts_on.desc() if past else TrainingSession.starts_on
    rows = work.session.execute(
        found.order_by(order, TrainingSession.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    work.concerns(count=total, page=page)
    return {
        "sessions": [_session(work, *row) for row in rows],
        "total": total,
        "page": page,
        "regions": [{"value": "", "text": "All"}]
        + [{"value": code, "text": name} for code, name in choices.regions()],
        "pages": max(1, ceil(total / PAGE)),
        "may_add": is_national(work.principal) or bool(regions_kept(work)) or own_listing(work) is not None,
    }


@service.query(
    "training.session",
    path="/training/sessions/<uuid:session_id>",
    input=Nothing,
    answer=SessionAnswer,
    page=Page("Training session", "training/session.html"),
)
def session(work: Work, *, session_id: UUID) -> dict[str, Any]:
    """Who is booked is seen by the trainer, the region's keepers, and by others as far as they oversee them."""
    row = work.session.execute(_sessions().where(TrainingSession.id == session_id)).one_or_none()
    if row is None:
        raise NotFound
    held, _, trainer, _ = row
    work.concerns(subject=("training_session", held.id))
    keeper = trains(work, trainer) or keeps(work, trainer.region)
    booked = _booked(work, held, whole=keeper)
    return {
        **_session(work, *row),
        "bookings": booked,
        "hidden": held.booked - len(booked),
        "may_cancel": keeper and held.cancelled_at is None and held.ends_on >= work.today,
        "may_record": held.ends_on <= work.today and held.cancelled_at is None,
    }


def _sessions() -> Any:
    return (
        select(TrainingSession, Course.title, Trainer, Unit.name)
        .join(Course, Course.id == TrainingSession.course_id)
        .join(Trainer, Trainer.id == TrainingSession.trainer_id)
        .join(Unit, Unit.code == TrainingSession.region)
    )


def _session(work: Work, held: TrainingSession, course: str, trainer: Trainer, region: str) -> dict[str, Any]:
    columns = ("id", "starts_on", "starts_at", "ends_on", "venue", "places")
    return {name: getattr(held, name) for name in columns} | {
        "course": course,
        "region_name": region,
        "trainer": trainer.name,
        "trainer_card_url": _card_url(trainer),
        "left": held.places - held.booked,
        "state": _state(work, held),
    }


def _state(work: Work, held: TrainingSession) -> str:
    if held.cancelled_at is not None:
        return "Cancelled"
    if held.ends_on < work.today:
        return "Over"
    return "Full" if held.booked >= held.places else "Open"


def _booked(work: Work, held: TrainingSession, *, whole: bool) -> list[dict[str, Any]]:
    found = (
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == held.id, Booking.cancelled_at.is_(None))
        .order_by(Person.name)
    )
    if not whole:
        mine = below(work.session, overseen_units(work.principal))
        found = found.where(Person.unit.in_(mine) | (Person.id == work.principal.person_id))
    rows = list(work.session.execute(found))
    shown = cards(work.session, [person for _, person in rows])
    return [
        {"id": booking.id, "person": card, "outcome": booking.outcome, "score": booking.score}
        for (booking, _), card in zip(rows, shown, strict=True)
    ]


def _course(work: Work, course: Course, approvals: list[CourseApproval]) -> dict[str, Any]:
    rows = [
        {name: getattr(one, name) for name in ("id", "reference", "first_day", "last_day")}
        | {"stands": Approval(one.reference, one.first_day, one.last_day).holds(work.today)}
        for one in approvals
    ]
    columns = ("id", "code", "title", "kind", "taught_by")
    return {name: getattr(course, name) for name in columns} | {
        "approved": any(row["stands"] for row in rows),
        "approvals": rows,
    }


def _trainer(work: Work, one: Trainer, region: str, may_remove: bool) -> dict[str, Any]:
    columns = (
        "id",
        "person_id",
        "name",
        "employer",
        "region",
        "trained_on",
        "first_day",
        "last_day",
        "removed_on",
    )
    on_list = listed(one)
    state = "On the list" if on_list.holds(work.today) else "Not on the list"
    if one.removed_on is None and one.first_day > work.today:
        state = "To come"
    return {name: getattr(one, name) for name in columns} | {
        "region_name": region,
        "card_url": _card_url(one),
        "state": state,
        "may_remove": may_remove and one.removed_on is None,
    }


def _card_url(trainer: Trainer) -> str | None:
    return f"/identity/people/{trainer.person_id}" if trainer.person_id else None
