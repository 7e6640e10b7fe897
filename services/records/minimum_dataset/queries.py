"""The gaps of one record, by agency."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.attachments.models import Entry
from services.records.attachments.writing import ACTION
from services.records.minimum_dataset.measuring import as_answer, measured
from services.records.minimum_dataset.rules import AGENCIES
from services.records.minimum_dataset.schemas import GapsAnswer
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "minimum_dataset.gaps",
    path="/nominals/<uuid:nominal_id>/minimum-dataset",
    input=Nothing,
    answer=GapsAnswer,
    page=Page("Minimum dataset", "minimum_dataset/gaps.html"),
)
def gaps(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """What each agency still has to record, or to say that nothing is known of (PF-4.23, PF-5.16)."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = measured(work, nominal_id, opened.record.category, opened.standings)
    answers = [as_answer(found[agency]) for agency in AGENCIES if agency in found]
    work.concerns(missing=sum(len(one["missing"]) for one in answers))
    return {
        "datasets": answers,
        "agencies": AGENCIES,
        "offender_manager": _has_offender_manager(work, nominal_id),
        "visor_number": opened.record.visor_number,
        "may_change": decide(work.principal, ACTION, opened.record).allowed,
    }


def _has_offender_manager(work: Work, nominal_id: UUID) -> bool:
    """On the summary, or, of one who is no user, in the folder (PF-4.24)."""
    entry = select(Entry.id).where(
        Entry.nominal_id == nominal_id, Entry.folder == "offender_managers", Entry.state == "current"
    )
    named = select(Nominal.id).where(
        Nominal.id == nominal_id,
        or_(Nominal.pom_id.is_not(None), Nominal.com_id.is_not(None), entry.exists()),
    )
    return work.session.execute(named).first() is not None
