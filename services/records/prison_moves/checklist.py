"""What is missing of a record before its person goes to another prison, each with where it is put right."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from services.records.access.record import Record
from services.records.activity_log.models import Need
from services.records.minimum_dataset.measuring import missing_of
from services.records.nominals.models import Nominal
from services.records.partnership.models import Draft
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Missing:
    """`what` as R29 lists it; `href` leads to where it is put right."""

    what: str
    href: str


def missing(work: Work, record: Record, prison: str) -> list[Missing]:
    """The prison's own dataset, intelligence reports with it (PF-5.9.8), what entries asked for, and who the POM is."""
    base = f"/records/nominals/{record.id}"
    found = [
        Missing(f"attachment {want.title}", f"{base}/attachments/{want.folder}")
        for want in missing_of(work, record, "prison")
    ]
    needs = select(func.count()).where(Need.nominal_id == record.id, Need.state == "open").scalar_subquery()
    drafts = (
        select(func.count())
        .where(Draft.nominal_id == record.id, Draft.unit == prison, Draft.state == "open")
        .scalar_subquery()
    )
    row = work.session.execute(
        select(Nominal.pom_id, needs.label("needs"), drafts.label("drafts")).where(Nominal.id == record.id)
    ).one()
    if row.pom_id is None:
        found.append(Missing("the prison offender manager", f"{base}/change"))
    if row.needs:
        text = "attachment" if row.needs == 1 else "attachments"
        found.append(Missing(f"{row.needs} {text} that entries asked to update", f"{base}/activity-log"))
    if row.drafts:
        found.append(Missing("what was drafted for this prison", "/records/partnership/drafts"))
    return found
