"""The nightly check: what is vacant, and what will be, is told once; what is covered again takes its items back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.identity.coverage.asking import ask_leads
from services.identity.coverage.models import CoverageCheck, CoverageGap
from services.identity.coverage.posts import posts_in_force
from services.identity.coverage.slots import Slot, slots
from services.identity.coverage.telling import Known, told
from services.identity.people.models import Unit
from services.identity.service import service
from shared.events.identity.appointments import ROLE_COVERED, ROLE_ENDING, ROLE_UNCOVERED
from shared.ids import new_id
from shared.work import About, Concerned, Work

_STAGES = {"uncovered": "now", "ending": "soon"}
# The day that this process knows to be checked: what is done is not asked of the database each second.
_CHECKED = "coverage.checked"
_KINDS = {"now": ROLE_UNCOVERED, "soon": ROLE_ENDING}


@service.each_tick
def check_coverage(work: Work) -> int:
    """Once for each day of the policy clock (PF-4.4.1); returns how many gaps are open.

    The row of the day is claimed first, so that of two ticks at once one does nothing.
    """
    today = work.today  # midnight may pass while we count
    if work.runtime.extras.get(_CHECKED) == today:
        return 0
    row = insert(CoverageCheck).values(day=today, checked_at=work.system_now)
    if work.session.execute(row.on_conflict_do_nothing().returning(CoverageCheck.day)).scalar() is None:
        work.runtime.extras[_CHECKED] = today
        return 0
    found = slots(work, posts_in_force(work), select(Unit.code))
    open_ones = {
        (gap.post, gap.unit, gap.stage): gap
        for gap in work.session.execute(select(CoverageGap).where(CoverageGap.closed_on.is_(None))).scalars()
    }
    gaps = {
        (slot.post.code, slot.unit.code, _STAGES[slot.state]): slot for slot in found if slot.state in _STAGES
    }
    for key in open_ones.keys() - gaps.keys():
        _close(work, open_ones[key])
    work.session.flush()
    known: Known = {}
    for key in sorted(gaps.keys() - open_ones.keys()):
        _open(work, gaps[key], key[2], known)
    ask_leads(work, known)
    work.session.get_one(CoverageCheck, today).gaps = len(gaps)
    work.audit("coverage.check", About(facts={"gaps": len(gaps), "slots": len(found)}))
    return len(gaps)


def _open(work: Work, slot: Slot, stage: str, known: Known) -> None:
    gap = CoverageGap(
        id=new_id(),
        post=slot.post.code,
        unit=slot.unit.code,
        stage=stage,
        found_on=work.today,
        uncovered_from=slot.gap or work.today,
    )
    work.session.add(gap)
    data = {
        "gap_id": gap.id,
        "post": gap.post,
        "title": slot.post.title,
        "unit": gap.unit,
        "uncovered_from": gap.uncovered_from,
    }
    to = _without_holders(told(work.session, slot.unit, slot.post.tells, known), slot)
    work.emit(_KINDS[stage], data, aggregate=("coverage_gap", gap.id), to=to)


def _without_holders(to: list[Concerned], slot: Slot) -> list[Concerned]:
    """Where a deputy's gap is told to the CPC who is one, all the same; but a holder is told of their own end too."""
    if slot.state != "ending":
        return to
    own = [
        Concerned(one.hold.person_id, slot.post.name, slot.unit.code, slot.unit.agency)
        for one in slot.holders
    ]
    return [*to, *own]


def _close(work: Work, gap: CoverageGap) -> None:
    gap.closed_on = work.today
    data = {"gap_id": gap.id, "post": gap.post, "unit": gap.unit}
    unit = work.session.get_one(Unit, gap.unit)
    work.emit(ROLE_COVERED, data, aggregate=("coverage_gap", gap.id), agencies=(unit.agency,))
