"""The audits of the units that one answers for, and one of them with its sample."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, select

from services.identity.log_on_audit.finding import audit_or_404, require_auditor
from services.identity.log_on_audit.models import LogOnAudit, LogOnAuditLine
from services.identity.log_on_audit.reports import TOKENS
from services.identity.log_on_audit.rules import why_not_sign
from services.identity.log_on_audit.schemas import AuditAnswer, AuditsAnswer, PagedInput
from services.identity.people.models import Person, Unit
from services.identity.scope import within
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.display import Person as Shown
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 25
_ORDER = case({"due": 0, "begun": 1, "completed": 2}, value=LogOnAudit.state, else_=3)


def in_sight(principal: Principal) -> ColumnElement[bool]:
    return LogOnAudit.unit.in_(within(principal, tokens=TOKENS, roles=("prison_group_director",)))


@service.query(
    "log_on_audit.list",
    path="/log-on-audits",
    input=PagedInput,
    answer=AuditsAnswer,
    page=Page("Log-on audits", "log_on_audit/list.html"),
)
def audits(work: Work, *, page: int) -> dict[str, Any]:
    """Due and open ones first, then the latest."""
    known = work.principal
    if not (known.holds(*TOKENS, "admin") or known.deputy_for or known.has_role("prison_group_director")):
        raise Refusal("R32", role="a CPC, an LPC, a holder of Central Support or a Prison Group Director")
    query = (
        select(LogOnAudit, Unit.name)
        .join(Unit, Unit.code == LogOnAudit.unit)
        .where(in_sight(known))
        .order_by(_ORDER, LogOnAudit.period_from.desc(), LogOnAudit.id)
    )
    rows = work.session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    work.concerns(count=len(rows[:PAGE]), page=page)
    units = (
        select(Unit).where(Unit.code.in_(known.units_with(*TOKENS) | known.deputy_for)).order_by(Unit.name)
    )
    return {
        "audits": [_row(audit, name) for audit, name in rows[:PAGE]],
        "page": page,
        "more": len(rows) > PAGE,
        "units": list(work.session.execute(units).scalars()),
        "today": work.today,
    }


def _row(audit: LogOnAudit, unit_name: str) -> dict[str, Any]:
    columns = ("id", "unit", "state", "period_from", "period_to", "due_on")
    return {name: getattr(audit, name) for name in columns} | {"unit_name": unit_name}


@service.query(
    "log_on_audit.read",
    path="/log-on-audits/<uuid:audit_id>",
    input=Nothing,
    answer=AuditAnswer,
    page=Page("Log-on audit", "log_on_audit/read.html"),
)
def audit(work: Work, *, audit_id: UUID) -> dict[str, Any]:
    """With its sample as it was found then."""
    found = audit_or_404(work, audit_id)
    director = found.unit in work.principal.units_with_role("prison_group_director")
    who = None if director else require_auditor(work, found.unit)
    own = found.completed_by == work.principal.person_id
    lines = (
        select(LogOnAuditLine, Person)
        .join(Person, Person.id == LogOnAuditLine.person_id)
        .where(LogOnAuditLine.audit_id == audit_id)
        .order_by(LogOnAuditLine.last_log_on.asc().nulls_first(), Person.name)
    )
    sample = [_line(line, person) for line, person in work.session.execute(lines)]
    work.concerns(subject=("log_on_audit", audit_id), rows=len(sample))
    columns = ("findings", "actions", "complies", "completed_at", "signed_at")
    return {
        **_row(found, work.session.get_one(Unit, found.unit).name),
        **{name: getattr(found, name) for name in columns},
        "begun": _who(work, found.begun_by),
        "completed": _who(work, found.completed_by),
        "signed": _who(work, found.signed_by),
        "sample": sample,
        "may_audit": who is not None,
        "may_sign": who is not None and found.state == "completed" and why_not_sign(who, own=own) is None,
    }


def _line(line: LogOnAuditLine, person: Person) -> dict[str, Any]:
    columns = ("person_id", "last_log_on", "log_ons", "refused", "todo_opened_on")
    return {name: getattr(line, name) for name in columns} | {
        "name": person.name,
        "card_url": person.card_url,
    }


def _who(work: Work, person_id: UUID | None) -> Shown | None:
    person = work.session.get(Person, person_id) if person_id else None
    return None if person is None else Shown(person.id, person.name)
