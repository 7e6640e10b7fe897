"""Prints in whole-record acts: the log goes with the record; the files of a deleted one go at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from services.records.nominals.keepers import keep
from services.records.printing.models import DECISION, REASON, PrintJob, PrintPart
from shared.files import remove
from shared.work import Work


def _purge(work: Work, nominal_id: UUID) -> int:
    jobs = list(work.session.scalars(select(PrintJob).where(PrintJob.nominal_id == nominal_id)))
    for job in jobs:
        if job.file_id is not None:
            remove(work, job.file_id)
    work.session.execute(delete(PrintJob).where(PrintJob.nominal_id == nominal_id))
    return len(jobs)


keep(PrintJob, sealed={"decision": DECISION, "reason": REASON}, purge=_purge)
keep(PrintPart, export=lambda _work, _nominal_id: [])
