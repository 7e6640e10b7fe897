"""What an operator watches of telling people: alerts that nobody saw, deadlines and letters that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.notifications.deadlines.models import Clock
from services.notifications.delivery.models import Letter, VacantRole
from services.notifications.service import service
from services.notifications.todo.models import TodoItem


def _age(session: Session, earliest: Any, where: ColumnElement[bool], now: datetime | None) -> float:
    """Seconds since the earliest of these, nought where there is none; without `now` by the database's clock."""
    found: datetime | None = session.execute(select(func.min(earliest)).where(where)).scalar()
    if found is None:
        return 0.0
    at = now or session.execute(select(func.now())).scalar_one()
    return max((at - found).total_seconds(), 0.0)


@service.gauge(
    "visor_alerts_oldest_seconds", "Age of the oldest important item that nobody has taken off a list"
)
def oldest_alert(session: Session, now: datetime) -> float:
    alert = (TodoItem.state == "open") & TodoItem.important.is_(True)
    return _age(session, TodoItem.raised_at, alert, now)


@service.gauge(
    "visor_deadlines_behind_seconds", "How long the step of a deadline has been owed that is owed longest"
)
def deadlines_behind(session: Session, now: datetime) -> float:
    return _age(session, Clock.next_at, (Clock.state == "running") & (Clock.next_at <= now), now)


@service.gauge("visor_letters_waiting", "Letters that wait for the mail server")
def letters_waiting(session: Session, _now: datetime) -> float:
    waiting = select(func.count()).select_from(Letter).where(Letter.state == "waiting")
    return session.execute(waiting).scalar_one()


@service.gauge("visor_letters_oldest_seconds", "Age of the oldest letter that waits for the mail server")
def letters_oldest(session: Session, _now: datetime) -> float:
    return _age(session, Letter.written_at, Letter.state == "waiting", None)


@service.gauge(
    "visor_letters_set_aside", "Letters that the mail server refused for good, to be sent again by hand"
)
def letters_set_aside(session: Session, _now: datetime) -> float:
    aside = select(func.count()).select_from(Letter).where(Letter.state == "aside")
    return session.execute(aside).scalar_one()


@service.gauge("visor_roles_vacant", "Roles that nobody held when somebody had to be told")
def roles_vacant(session: Session, _now: datetime) -> float:
    vacant = select(func.count()).select_from(VacantRole).where(VacantRole.filled_at.is_(None))
    return session.execute(vacant).scalar_one()
