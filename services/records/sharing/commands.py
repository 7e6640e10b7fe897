"""Noting with whom risk information of a record was shared (PF-5.21, PF-5.25)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened, authorise
from services.records.attachments.clearance import cleared
from services.records.attachments.models import Entry
from services.records.nominals.naming import about
from services.records.service import service
from services.records.sharing.models import NAMED, WHAT, Sharing
from services.records.sharing.rules import may_be_shared, wrong_sharing
from services.records.sharing.schemas import NewSharing, SharingAnswer
from shared.declarations import FormPage
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import Work

ACTION = "activity_log.add"
PATH = "/nominals/<uuid:nominal_id>/sharing"
UNKNOWN = "Choose intelligence of this record from the list"
NEVER = "Intelligence with handling code C is for its named readers alone: it is not shared with other departments"


def may_share(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not write is told before typing."""
    record = authorise(work, ACTION, nominal_id).record
    return {**about(work, record), "shared_at": work.now}


@service.command(
    "sharing.note",
    path=PATH,
    input=NewSharing,
    answer=SharingAnswer,
    status=201,
    form=FormPage(
        title="Note what was shared",
        button="Note it",
        done="It is noted with whom this was shared.",
        next="/nominals/{nominal_id}/sharing",
        path=f"{PATH}/new",
        intro="Risk information from this record that you passed on to another department of the prison, to keep staff"
        " and prisoners safe. Everybody who may open the record can read the note (PF-5.21).",
        values=may_share,
        drafts=True,
    ),
)
def note(
    work: Work,
    *,
    nominal_id: UUID,
    department: str,
    department_name: str,
    shared_at: datetime,
    what: str,
    reports: Sequence[UUID],
) -> dict[str, Any]:
    """Note department, what, when and by whom (PF-5.21, PF-5.25); handling code C is refused."""
    opened = authorise(work, ACTION, nominal_id, lock=True)
    named = department_name.strip() if department == "other" else ""
    wrong = wrong_sharing(department, named, shared_at, work.now)
    if problem := _wrong_reports(work, opened, reports):
        wrong["reports"] = [problem]
    if wrong:
        raise Invalid(wrong)
    sharing = Sharing(
        id=new_id(),
        nominal_id=nominal_id,
        department=department,
        department_name=work.runtime.encrypt(nominal_id, NAMED, named) if named else None,
        what=work.runtime.encrypt(nominal_id, WHAT, what.strip()),
        reports=list(dict.fromkeys(reports)),
        shared_at=shared_at,
        shared_by=work.principal.person_id,
        agency=work.principal.agency,
        unit=work.principal.unit,
        entered_at=work.now,
    )
    work.session.add(sharing)
    work.concerns(
        subject=("sharing", sharing.id), department=department, reports=len(sharing.reports), private=what
    )
    columns = {column.key: getattr(sharing, column.key) for column in Sharing.__table__.columns}
    return columns | {"what": what.strip(), "department_name": named or None}


def _wrong_reports(work: Work, opened: Opened, reports: Sequence[UUID]) -> str | None:
    """Of what the person may not know of no more is said than of what is not there."""
    if not reports:
        return None
    found = select(Entry.id, Entry.handling_code).where(
        Entry.id.in_(list(reports)),
        Entry.nominal_id == opened.nominal_id,
        Entry.state != "removed",
        cleared(work.principal, opened.standings),
    )
    codes = {row.id: row.handling_code for row in work.session.execute(found)}
    if set(reports) - codes.keys():
        return UNKNOWN
    return None if all(may_be_shared(code) for code in codes.values()) else NEVER
