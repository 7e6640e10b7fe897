"""The figures of a prison's return for a month, all counted in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, cast, func, select

from services.identity.adjustments.exempt import exempt
from services.identity.log_on_audit.figures import log_ons, refused
from services.identity.people.models import Person
from services.identity.tokens.holders import ACTIVE
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.covered import covered
from services.identity.vetting.models import VettingRecord
from shared.time.calendars import start_of_day
from shared.work import Work

ENDING_SOON = 90


@dataclass(frozen=True)
class Figures:
    """`logged_on` are people, `log_ons` how often they did; exempt people count in neither."""

    users: int
    joined: int
    left: int
    vetted: int
    vetting_ending: int
    trained: int
    logged_on: int
    not_logged_on: int
    log_ons: int
    refused: int


LABELS: Mapping[str, str] = {
    "users": "Accounts in use",
    "joined": "Joined in the month",
    "left": "Left in the month",
    "vetted": "With current vetting",
    "vetting_ending": "Vetting ends within 90 days",
    "trained": "With passed accredited training",
    "logged_on": "Logged on in the month",
    "not_logged_on": "Did not log on in the month",
    "log_ons": "Log-ons in the month",
    "refused": "Refused attempts in the month",
}


def month_before(today: date) -> date:
    """The first day of the last whole month."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def past(month: date) -> date:
    """The first day after the month."""
    return (month + timedelta(days=31)).replace(day=1)


def columns(work: Work, month: date) -> list[Any]:
    """An aggregate over `Person` for each figure, so that a report can group them by prison."""
    first, last = start_of_day(month), start_of_day(past(month))
    in_use = ACTIVE
    trained = (
        select(TrainingRecord.id).where(TrainingRecord.person_id == Person.id, passed(work.today)).exists()
    )
    ending = select(VettingRecord.id).where(
        VettingRecord.person_id == Person.id,
        VettingRecord.revoked_at.is_(None),
        VettingRecord.expires_on > work.today,
    )
    lasting = ending.where(VettingRecord.expires_on > work.today + timedelta(days=ENDING_SOON))
    times = log_ons(first, last)
    counts = in_use & ~exempt(work.today)
    created = cast(func.coalesce(Person.activated_at, Person.created_at), Date)
    of_month = (created >= month) & (created < past(month))
    left = (Person.left_on >= month) & (Person.left_on < past(month))
    return [
        func.count().filter(in_use).label("users"),
        func.count().filter(in_use & of_month).label("joined"),
        func.count().filter(left).label("left"),
        func.count().filter(in_use & covered(work.policy, work.today)).label("vetted"),
        func.count().filter(in_use & ending.exists() & ~lasting.exists()).label("vetting_ending"),
        func.count().filter(in_use & trained).label("trained"),
        func.count().filter(counts & (times > 0)).label("logged_on"),
        func.count().filter(counts & (times == 0)).label("not_logged_on"),
        func.coalesce(func.sum(times).filter(counts), 0).label("log_ons"),
        func.coalesce(func.sum(refused(first, last)).filter(in_use), 0).label("refused"),
    ]


def figures(work: Work, unit: str, month: date) -> Figures:
    row = work.session.execute(select(*columns(work, month)).where(Person.unit == unit)).one()
    return Figures(**{name: int(value) for name, value in row._mapping.items()})  # noqa: SLF001


def as_kept(found: Figures) -> dict[str, int]:
    return asdict(found)
