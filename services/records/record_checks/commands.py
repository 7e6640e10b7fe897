"""One click that says: I have read this record for up to date risk information before I meet the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.activity_log.commands import add_entry
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.events.records.record_checks import RECORD_CHECKED
from shared.web.schemas import Done, Nothing
from shared.work import Work

CHECKED = "The record was checked for up to date risk information before contact with the person."


def may_check(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, authorise(work, "activity_log.add", nominal_id).record))


@service.command(
    "record_checks.check",
    path="/nominals/<uuid:nominal_id>/checks",
    input=Nothing,
    answer=Done,
    status=201,
    form=FormPage(
        title="Checked before contact",
        button="I have checked this record",
        done="The log says that you checked the record.",
        next="/nominals/{nominal_id}",
        path="/nominals/<uuid:nominal_id>/checks/new",
        intro="Risk level, warning markers and what was written last: before each contact (PF-4.31).",
        values=may_check,
    ),
)
def check(work: Work, *, nominal_id: UUID) -> None:
    """Write in the log that this person checked the record before contact, and when (PF-4.31); it meets D-25."""
    add_entry(work, nominal_id=nominal_id, kind="contact", text=CHECKED)
    data = {"nominal_id": nominal_id, "person_id": work.principal.person_id, "checked_at": work.now}
    work.emit(RECORD_CHECKED, data, aggregate=("nominal", nominal_id), agencies=[work.principal.agency])
