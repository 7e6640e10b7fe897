"""PI-3.9.3: every enabled account holds current vetting; once a day that is counted, and a gap is told."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.people.models import Person
from services.identity.tokens.holders import cpc_concerned
from services.identity.vetting.covered import covered
from services.identity.vetting.models import VettingCheck
from shared.events.identity.vetting import VETTING_GAP
from shared.ids import derived_id
from shared.work import NOBODY, About, Concerned, Work


def check_vetting(work: Work) -> int:
    """Counts once for each day of the policy clock; returns the accounts without vetting.

    An account without any is no sign-in's way in, but it should not be enabled: each area's CPC is told.
    """
    enabled = Person.state == "active"
    today = work.today  # midnight may pass while we count
    row = insert(VettingCheck).values(day=today, enabled=0, covered=0, checked_at=work.system_now)
    if work.session.execute(row.on_conflict_do_nothing().returning(VettingCheck.day)).scalar() is None:
        return 0
    check = work.session.get_one(VettingCheck, today)
    check.enabled = work.session.execute(select(func.count()).where(enabled)).scalar_one()
    without = ~covered(work.policy, today)
    gaps = work.session.execute(
        select(Person.unit, Person.agency, func.count())
        .where(enabled, without)
        .group_by(Person.unit, Person.agency)
    ).all()
    missing = sum(row[2] for row in gaps)
    check.covered = check.enabled - missing
    _tell(work, [(unit, agency, number) for unit, agency, number in gaps])
    work.audit("vetting.check", About(facts={"enabled": check.enabled, "without": missing}))
    return missing


def _tell(work: Work, gaps: list[tuple[str, str, int]]) -> None:
    """Each CPC once, of all units they answer for."""
    of: dict[object, list[tuple[Concerned, int]]] = defaultdict(list)
    for unit, agency, number in gaps:
        found = cpc_concerned(work.session, unit, agency)
        of[unit if found.person_id == NOBODY else found.person_id].append((found, number))
    for whose, theirs in of.items():
        cpc, number = theirs[0][0], sum(number for _, number in theirs)
        check_id = derived_id("vetting gap", work.today, whose)
        data = {"check_id": check_id, "day": work.today, "unit": cpc.unit, "accounts": number}
        work.emit(VETTING_GAP, data, aggregate=("vetting_check", check_id), to=[cpc])
