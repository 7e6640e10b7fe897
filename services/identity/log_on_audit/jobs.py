"""What each day brings: audits fall due, and SPOs who stay away are told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.adjustments.exempt import exempt
from services.identity.coverage.telling import told
from services.identity.log_on_audit.figures import SPO_ABSENT as ABSENT_AFTER
from services.identity.log_on_audit.figures import is_spo, since_when
from services.identity.log_on_audit.models import LogOnAudit, LogOnCheck, SpoAbsence
from services.identity.log_on_audit.rules import previous_month
from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, cpc_concerned
from shared.events.identity.log_on_audit import LOG_ON_AUDIT_DUE, SPO_ABSENT
from shared.ids import new_id
from shared.work import About, Concerned, Work

# The day that this process knows to be checked: what is done is not asked of the database each second.
_CHECKED = "log_on_audit.checked"


@service.each_tick
def check_log_ons(work: Work) -> int:
    """Once for each day of the policy clock; returns how many were told of something."""
    today = work.today
    if work.runtime.extras.get(_CHECKED) == today:
        return 0
    row = insert(LogOnCheck).values(day=today, checked_at=work.system_now)
    if work.session.execute(row.on_conflict_do_nothing().returning(LogOnCheck.day)).scalar() is None:
        work.runtime.extras[_CHECKED] = today
        return 0
    done = _schedule(work) + _tell_absent(work)
    work.audit("log_on_audit.check", About(facts={"told": done}))
    return done


def _schedule(work: Work) -> int:
    """PF-5.10.6: each prison group's log-ons of a month are audited in the next."""
    groups = work.session.execute(
        select(Unit).where(Unit.kind == "prison_group").order_by(Unit.code)
    ).scalars()
    return sum(_schedule_for(work, unit) for unit in list(groups))


def _schedule_for(work: Work, unit: Unit) -> bool:
    first, last = previous_month(work.today)
    due_from = work.today.replace(day=1)
    row = insert(LogOnAudit).values(
        id=new_id(),
        unit=unit.code,
        period_from=first,
        period_to=last,
        state="due",
        due_on=(due_from + timedelta(days=31)).replace(day=1),
    )
    made = work.session.execute(row.on_conflict_do_nothing().returning(LogOnAudit.id)).scalar()
    if made is None:
        return False
    data = {
        "audit_id": made,
        "unit": unit.code,
        "due_from": due_from,
        "period_from": first,
        "period_to": last,
        "jurisdiction": unit.jurisdiction,
    }
    to = told(work.session, unit, ["cpc", "central_support"])
    work.emit(LOG_ON_AUDIT_DUE, data, aggregate=("log_on_audit", made), to=to)
    return True


def _tell_absent(work: Work) -> int:
    """PI-3.10.2: an SPO who has not logged on for 30 days is told once for each absence, and their CPC with them."""
    days = work.policy.period(ABSENT_AFTER, work.today).amount
    since = since_when()
    absent = select(Person, since.label("since")).where(
        ACTIVE, is_spo(), ~exempt(work.today), since < work.today - timedelta(days=days)
    )
    return sum(_tell(work, row) for row in work.session.execute(absent).all())


def _tell(work: Work, row: Row[Person, object]) -> bool:
    person, since = row[0], row[1]
    told_now = insert(SpoAbsence).values(person_id=person.id, since=since, absence_id=new_id())
    absence = work.session.execute(
        told_now.on_conflict_do_nothing().returning(SpoAbsence.absence_id)
    ).scalar()
    if absence is None:
        return False
    data = {"person_id": person.id, "absence_id": absence, "since": since}
    to = [
        Concerned(person.id, "spo", person.unit, person.agency),
        cpc_concerned(work.session, person.unit, person.agency),
    ]
    work.emit(SPO_ABSENT, data, aggregate=("person", person.id), to=to)
    return True
