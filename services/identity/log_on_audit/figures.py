"""How often somebody logged on, from where, and how often they were refused: columns for a select over `Person`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select

from services.identity.adjustments.exempt import exempt
from services.identity.log_on_audit.models import REFUSED, TodoOpened
from services.identity.log_on_audit.rules import LONG, SHORT
from services.identity.people.models import Person
from services.identity.service import service
from services.identity.sessions.models import SignInSession
from services.identity.terminals.models import Terminal
from services.identity.tokens.holders import role_in_force
from services.identity.tokens.models import RoleGrant
from shared.work import Work

# The acts that end in a session or in a refusal of one.
ATTEMPTS = ("sign_in.password", "sign_in.code", "sign_in.passkey", "session.open")
SPO_ABSENT = "log_on.spo_absent"
_ENTRY = service.tables.audit.entry.c
SPO, NONE, EXEMPT = "SPO: no log-on lately", "None in 90 days", "Exempt"
UNOPENED = "To-do list not opened"
TODO_UNOPENED = "to_do.unopened_reminder"


def _mine(*, since: datetime | None = None, until: datetime | None = None) -> list[ColumnElement[bool]]:
    found = [SignInSession.person_id == Person.id, SignInSession.scope == "full"]
    if since is not None:
        found.append(SignInSession.opened_at >= since)
    return found if until is None else [*found, SignInSession.opened_at < until]


def last_log_on() -> Any:
    return select(func.max(SignInSession.opened_at)).where(*_mine()).correlate(Person).scalar_subquery()


def log_ons(since: datetime, until: datetime | None = None) -> Any:
    found = select(func.count()).select_from(SignInSession).where(*_mine(since=since, until=until))
    return found.correlate(Person).scalar_subquery()


def refused(since: datetime, until: datetime | None = None) -> Any:
    found = (
        select(func.count())
        .select_from(service.tables.audit.entry)
        .where(REFUSED, _ENTRY.subject_id == Person.id, _ENTRY.at >= since, _ENTRY.action.in_(ATTEMPTS))
    )
    found = found if until is None else found.where(_ENTRY.at < until)
    return found.correlate(Person).scalar_subquery()


def terminals(since: datetime) -> Any:
    return (
        select(func.array_agg(Terminal.asset_tag.distinct()))
        .join(SignInSession, SignInSession.terminal_id == Terminal.id)
        .where(*_mine(since=since))
        .correlate(Person)
        .scalar_subquery()
    )


def todo_opened() -> Any:
    return select(TodoOpened.opened_on).where(TodoOpened.person_id == Person.id).scalar_subquery()


def is_spo() -> ColumnElement[bool]:
    found = select(RoleGrant.id).where(
        RoleGrant.person_id == Person.id, RoleGrant.role == "spo", role_in_force()
    )
    return found.exists()


def since_when() -> Any:
    """The day of the last log-on by the policy clock; who never did counts from the account's first day."""
    return func.coalesce(
        Person.last_signed_in_on, func.date(Person.activated_at), func.date(Person.created_at)
    )


def flag(work: Work) -> Any:
    """In words; who is exempt is not flagged (PF-0.2.3)."""
    days = work.policy.period(SPO_ABSENT, work.today).amount
    absent = since_when() < work.today - timedelta(days=days)
    long_absent = or_(
        Person.last_signed_in_on.is_(None), Person.last_signed_in_on < work.today - timedelta(days=LONG)
    )
    unopened = todo_opened() < work.today - timedelta(
        days=work.policy.period(TODO_UNOPENED, work.today).amount
    )
    return case(
        (exempt(work.today), literal(EXEMPT)),
        (is_spo() & absent, literal(SPO)),
        (long_absent, literal(NONE)),
        (unopened, literal(UNOPENED)),
    )


def columns(work: Work) -> list[Any]:
    """What RPT-04 and the view of a team show of each."""
    short, long = (work.system_now - timedelta(days=days) for days in (SHORT, LONG))
    return [
        last_log_on().label("last_log_on"),
        log_ons(short).label("in_30"),
        log_ons(long).label("in_90"),
        refused(long).label("refused"),
        terminals(long).label("terminals"),
        todo_opened().label("todo_opened"),
        flag(work).label("flag"),
    ]
