"""Making what was asked for: part after part, each committed by itself, then the whole; and its end after a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from subprocess import SubprocessError
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from services.records.access.authorise import Opened, authorise
from services.records.nominals.summary import SUMMARY, summary_of
from services.records.printing.asking import principal_of
from services.records.printing.commands import ACTION, TASK
from services.records.printing.gathering import GATHERERS, Wanted
from services.records.printing.models import PART, PrintJob, PrintPart
from services.records.printing.rules import canonical, export
from services.records.service import service
from shared.files import JSON, PDF, keep_made, remove
from shared.print import NotMade, pdf
from shared.refusals import NotFound, Refusal
from shared.web.display import when
from shared.work import About, Work

EXPIRE = "printing.expire"
KEPT = "print.kept"
TEMPLATE = Path(__file__).parent / "templates/printing/record.typ"
log = structlog.get_logger(__name__)


def gather_next(work: Work, payload: Mapping[str, Any]) -> bool:
    """Gather the next part; false when there are no more, or nothing is to be made any more."""
    job = _job(work, payload)
    if job.state not in {"waiting", "making"} or job.done >= len(job.parts):
        return False
    try:
        acting, opened = _as_asker(work, job)
    except (Refusal, NotFound) as refused:
        _fail(work, job, refused.code if isinstance(refused, Refusal) else "gone")
        return False
    name = job.parts[job.done]
    content = GATHERERS[name](acting, Wanted(job, opened))
    text = json.dumps(content.as_json(), ensure_ascii=False)
    sealed = work.runtime.encrypt(job.origin_nominal_id, PART, text)
    work.session.add(
        PrintPart(
            nominal_id=job.nominal_id,
            origin_nominal_id=job.origin_nominal_id,
            job_id=job.id,
            position=job.done,
            content=sealed,
        )
    )
    job.state, job.done = "making", job.done + 1
    return job.done < len(job.parts)


@service.task(TASK, step=gather_next)
def make(work: Work, payload: Mapping[str, Any]) -> str:
    """Put the parts together, keep the file for a day, and say in the audit that it was made."""
    job = _job(work, payload)
    if job.state != "making":
        return job.state
    try:
        acting, opened = _as_asker(work, job)
        content = _made(acting, opened, job)
    except (Refusal, NotFound) as refused:
        return _fail(work, job, refused.code if isinstance(refused, Refusal) else "gone")
    except (NotMade, SubprocessError) as problem:
        log.error("print_not_made", kind=type(problem).__name__)  # noqa: TRY400 - what is in it may be personal
        return _fail(work, job, "not_made")
    kind = PDF if job.form == "pdf" else JSON
    name = f"{opened.record.visor_number} {job.asked_at:%Y-%m-%d}"
    job.file_id = keep_made(acting, name, kind, content, nominal_id=job.nominal_id)
    job.state, job.made_at, job.asker = "ready", work.now, None
    job.until = work.system_now + work.policy.period(KEPT, work.today).length
    work.session.execute(delete(PrintPart).where(PrintPart.job_id == job.id))
    work.enqueue(EXPIRE, {"job_id": str(job.id)}, due_at=job.until, key=str(job.id))
    about = About("print_job", job.id, job.nominal_id, {"form": job.form, "parts": job.parts})
    acting.audit("printing.made", about)
    return job.state


@service.task(EXPIRE)
def expire(work: Work, payload: Mapping[str, Any]) -> str:
    """Nobody can open the file any more; that it was made stays on the print log."""
    job = _job(work, payload)
    if job.state == "ready" and job.file_id is not None:
        remove(work, job.file_id)
        job.state, job.file_id = "gone", None
    return job.state


def _job(work: Work, payload: Mapping[str, Any]) -> PrintJob:
    return work.session.get_one(
        PrintJob, UUID(payload["job_id"]), with_for_update=True, populate_existing=True
    )


def _as_asker(work: Work, job: PrintJob) -> tuple[Work, Opened]:
    """Work as whoever asked, if they may still: an ended session, or a tie that has gone, ends the print.

    Of no session of theirs: what they had shown on a page for a reason does not go onto paper.
    """
    asker = principal_of(job.asker or {})
    if work.runtime.revocations.hold(asker):
        raise NotFound
    acting = Work(work.runtime, work.session, replace(asker, session_id=job.id), TASK)
    return acting, authorise(acting, ACTION, job.nominal_id, statement=SUMMARY)


def _fail(work: Work, job: PrintJob, why: str) -> str:
    job.state, job.why_failed, job.asker = "failed", why, None
    work.session.execute(delete(PrintPart).where(PrintPart.job_id == job.id))
    return job.state


def _made(work: Work, opened: Opened, job: PrintJob) -> bytes:
    found = select(PrintPart).where(PrintPart.job_id == job.id).order_by(PrintPart.position)
    parts = [
        json.loads(work.runtime.decrypt(one.origin_nominal_id, PART, one.content))
        for one in work.session.scalars(found)
    ]
    said = summary_of(work, opened)
    if job.form == "pdf":
        title = f"{said['name']}, {said['visor_number']}"
        frame = {"title": title, "reader": work.principal.name, "printed": when(job.asked_at)}
        return pdf(TEMPLATE, {**frame, "parts": parts})
    about = {
        "nominal_id": str(job.nominal_id),
        "visor_number": said["visor_number"],
        "made_at": job.asked_at.isoformat(),
        "made_for": {"person_id": str(job.asked_by), "name": work.principal.name, "agency": job.agency},
    }
    whole = [
        {"name": one["name"], "title": one["title"], "content": one["data"], "left_out": one["left_out"]}
        for one in parts
    ]
    return canonical(export(about, whole))
