"""The audit that an act is about, and what the principal is to it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, insert, literal, select

from services.identity.adjustments.exempt import exempt
from services.identity.log_on_audit import figures
from services.identity.log_on_audit.models import LogOnAudit, LogOnAuditLine
from services.identity.log_on_audit.rules import Standing, may_audit, standing
from services.identity.people.models import Person
from services.identity.people.units import above
from services.identity.scope import all_below
from services.identity.tokens.holders import ACTIVE, cpc_contact
from shared.refusals import NotFound, Refusal
from shared.time.calendars import start_of_day
from shared.work import Work

AUDITORS = "CPC, Central Support or LPC"


def standing_to(work: Work, unit: str) -> Standing:
    known = work.principal
    return standing(
        frozenset(above(work.session, unit)),
        unit,
        cpc=known.units_with("cpc") | known.deputy_for,
        central_support=known.units_with("central_support"),
        lpc=known.units_with("lpc"),
    )


def require_auditor(work: Work, unit: str) -> Standing:
    """Raises Refusal R11 for whoever has nothing to audit there."""
    who = standing_to(work, unit)
    if not may_audit(who):
        raise Refusal("R11", token=AUDITORS, contact=cpc_contact(work, unit))
    return who


def audit_or_404(work: Work, audit_id: UUID, *, lock: bool = False) -> LogOnAudit:
    found = work.session.get(LogOnAudit, audit_id, with_for_update=lock)
    if found is None:
        raise NotFound
    return found


def draw(work: Work, audit: LogOnAudit, sample: int) -> int:
    """By chance, and the same for the same audit; who is exempt is left out (PF-0.2.3). Returns how many there were.

    The figures are of the audit's own period and are kept as they were now.
    """
    first = start_of_day(audit.period_from)
    past = start_of_day(audit.period_to + timedelta(days=1))
    chance = func.md5(func.concat(literal(str(audit.id)), Person.id))
    drawn = (
        select(
            literal(audit.id),
            Person.id,
            figures.last_log_on(),
            figures.log_ons(first, past),
            figures.refused(first, past),
            figures.todo_opened(),
        )
        .where(ACTIVE, ~exempt(work.today), Person.unit.in_(all_below([audit.unit])))
        .order_by(chance)
        .limit(sample)
    )
    columns = ["audit_id", "person_id", "last_log_on", "log_ons", "refused", "todo_opened_on"]
    made = insert(LogOnAuditLine).from_select(columns, drawn).returning(LogOnAuditLine.person_id)
    return len(work.session.execute(made).all())
