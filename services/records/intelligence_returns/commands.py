"""The monthly return of a prison: reports raised (PF-5.8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.intelligence_returns.models import IntelligenceReturn
from services.records.intelligence_returns.rules import month_before, wrong_month
from services.records.intelligence_returns.schemas import NewReturn, ReturnAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.work import Work

# The Governor ensures the processes; the lead or the security department counts (PF-5.8).
ROLES = ("visor_lead", "governor", "security")


def may_tell(work: Work) -> dict[str, Any]:
    """Whoever may not is told before typing; the month that is missing last is filled in."""
    _prison(work)
    return {"month": month_before(work.today)}


@service.command(
    "intelligence_returns.tell",
    path="/intelligence-returns",
    input=NewReturn,
    answer=ReturnAnswer,
    status=201,
    form=FormPage(
        title="How many intelligence reports were raised?",
        button="Save",
        done="The number stands in the report of the minimum dataset, beside those that were added.",
        next="/reports/rpt-06",
        path="/intelligence-returns/new",
        intro="For your prison. A number that was given before is replaced (PF-5.8).",
        values=may_tell,
    ),
)
def tell(work: Work, *, month: date, raised: int) -> IntelligenceReturn:
    """Say how many reports were raised in a month; of a month the last word counts."""
    prison = _prison(work)
    if problem := wrong_month(month, work.today):
        raise Invalid({"month": [problem]})
    first = month.replace(day=1)
    said = {"raised": raised, "told_by": work.principal.person_id, "told_at": work.now}
    row = insert(IntelligenceReturn).values(id=new_id(), prison=prison, month=first, **said)
    work.session.execute(row.on_conflict_do_update(index_elements=["prison", "month"], set_=said))
    kept = select(IntelligenceReturn).where(
        IntelligenceReturn.prison == prison, IntelligenceReturn.month == first
    )
    one = work.session.execute(kept).scalar_one()
    work.concerns(subject=("intelligence_return", one.id), prison=prison, month=str(first), raised=raised)
    return one


def _prison(work: Work) -> str:
    if work.principal.unit not in work.principal.units_with_role(*ROLES):
        raise Refusal("R32", role="Governor, ViSOR lead or security department of a prison")
    return work.principal.unit
