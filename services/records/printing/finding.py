"""A print as its pages show it, for its maker; to everybody else there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.records.printing.models import PrintJob
from shared.refusals import NotFound
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """Other names are the job's own."""

    job: PrintJob
    total: int
    reason: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.job, name)


def shown(job: PrintJob, reason: str | None = None) -> Shown:
    return Shown(job, len(job.parts), reason)


def own_job(work: Work, nominal_id: UUID, print_id: UUID, *, lock: bool = False) -> PrintJob:
    """Raises NotFound also for somebody else's."""
    job = work.session.get(PrintJob, print_id, with_for_update=lock, populate_existing=lock)
    if job is None or job.nominal_id != nominal_id or job.asked_by != work.principal.person_id:
        raise NotFound
    return job
