"""The print log of a record, one print, and its file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise
from services.records.access.rules import decide
from services.records.printing.commands import ACTION, PATH
from services.records.printing.finding import own_job, shown
from services.records.printing.models import REASON, PrintJob
from services.records.printing.rules import FORMS, PARTS
from services.records.printing.schemas import PrintAnswer, PrintList
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.files import Download, open_file
from shared.refusals import NotFound, Refusal
from shared.web.display import Person
from shared.web.downloads import sent
from shared.web.schemas import Done, Nothing
from shared.work import Work

MOST = 200


@service.query(
    "printing.log",
    path=PATH,
    input=Nothing,
    answer=PrintList,
    page=Page("Prints and exports", "printing/log.html"),
)
def log(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """One's own; to the owning CPC everybody's, with why (SC-17.6.2: print log)."""
    opened = authorise(work, ACTION, nominal_id)
    oversees = decide(work.principal, "nominals.access_history", opened.record).allowed
    found = select(PrintJob).where(PrintJob.nominal_id == nominal_id).order_by(PrintJob.id.desc()).limit(MOST)
    if not oversees:
        found = found.filter_by(asked_by=work.principal.person_id)
    jobs = list(work.session.scalars(found))
    work.concerns(count=len(jobs))
    people = read_model.people(work.session, [job.asked_by for job in jobs]).values()
    return {
        "prints": [shown(job, _reason(work, job)) for job in jobs],
        "people": {known.id: Person(known.id, known.name, known.job_title) for known in people},
        "me": work.principal.person_id,
        "oversees": oversees,
        "part_names": PARTS,
        "forms": FORMS,
        "visor_number": opened.record.visor_number,
    }


def _reason(work: Work, job: PrintJob) -> str | None:
    return work.runtime.readable(job.origin_nominal_id, REASON, job.reason)


@service.query(
    "printing.one",
    path=f"{PATH}/<uuid:print_id>",
    input=Nothing,
    answer=PrintAnswer,
    page=Page("Print or export", "printing/one.html"),
)
def one(work: Work, *, nominal_id: UUID, print_id: UUID) -> Any:
    """How far one's own is."""
    authorise(work, ACTION, nominal_id)
    job = own_job(work, nominal_id, print_id)
    work.concerns(subject=("print_job", print_id))
    return shown(job, _reason(work, job))


@service.query(
    "printing.file",
    path=f"{PATH}/<uuid:print_id>/file",
    input=Nothing,
    answer=Done,
    page=Page("Download", ""),
    send=sent,
    reads="Print or export, saved",
)
def file(work: Work, *, nominal_id: UUID, print_id: UUID) -> Download:
    """One's own file, as long as it is there and one may still print the record."""
    authorise(work, ACTION, nominal_id)
    job = own_job(work, nominal_id, print_id)
    work.concerns(subject=("print_job", print_id), form=job.form, parts=job.parts)
    if job.state == "gone":
        raise Refusal("R34", what="The file is gone: it was kept for a day.", nominal_id=nominal_id)
    if job.file_id is None:
        raise NotFound
    job.taken_at = job.taken_at or work.now
    return open_file(work, job.file_id)
