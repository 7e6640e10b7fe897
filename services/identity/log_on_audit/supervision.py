"""What notifications is told of a supervision: that it is booked, prepared for, or off (D-26)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from services.identity.log_on_audit.models import SupervisionDate
from services.identity.log_on_audit.rules import prepares_for
from services.identity.people.models import Person, Unit
from shared.events.identity.log_on_audit import (
    SUPERVISION_BOOKED,
    SUPERVISION_CANCELLED,
    SUPERVISION_PREPARED,
)
from shared.work import Concerned, Work


def tell_booked(work: Work, booked: SupervisionDate, practitioner: Person) -> None:
    """Its clock reminds the SPO; whoever books it on the day before, or on its day, is logged on as they do."""
    spo = work.session.get_one(Person, booked.supervisor)
    data = {
        "supervision_id": booked.id,
        "practitioner": practitioner.id,
        "day": booked.day,
        "unit": practitioner.unit,
        "jurisdiction": work.session.get_one(Unit, practitioner.unit).jurisdiction,
    }
    to = [Concerned(spo.id, "spo", practitioner.unit, spo.agency)]
    work.emit(SUPERVISION_BOOKED, data, aggregate=("supervision", booked.id), to=to)
    if prepares_for(booked.day, work.today):
        _prepared(work, booked)


def tell_cancelled(work: Work, booked: SupervisionDate) -> None:
    work.emit(SUPERVISION_CANCELLED, {"supervision_id": booked.id}, aggregate=("supervision", booked.id))


def note_logged_on(work: Work, person: Person) -> None:
    """PF-4.37.1: the first log-on of a day prepares for what this person supervises by tomorrow."""
    waiting = select(SupervisionDate).where(
        SupervisionDate.supervisor == person.id,
        SupervisionDate.prepared_on.is_(None),
        SupervisionDate.ended_on.is_(None),
        SupervisionDate.day <= work.today + timedelta(days=1),
    )
    for booked in work.session.execute(waiting).scalars():
        _prepared(work, booked)


def _prepared(work: Work, booked: SupervisionDate) -> None:
    booked.prepared_on = work.today
    work.emit(SUPERVISION_PREPARED, {"supervision_id": booked.id}, aggregate=("supervision", booked.id))
