"""The job itself: chunk after chunk, each committed by itself, then one word to the two whom it concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from services.records.bulk_partner.models import Job, Result
from services.records.bulk_partner.rules import halves
from services.records.bulk_partner.statements import PARTNER
from services.records.bulk_partner.under_way import TASK
from services.records.service import service
from shared.events.records.access import STANDING_ADDED
from shared.events.records.bulk_partner import BULK_PARTNER_COMPLETED
from shared.ids import many_new_ids
from shared.work import About, Concerned, Work

CHUNK = 2500  # nominals locked, and partnered, in one transaction
TOLD = 1000  # nominals in one event


def next_chunk(work: Work, payload: Mapping[str, Any]) -> bool:
    """Partner the user to the next nominals of the job; false when there are no more.

    What was committed before the process died is done and counted; the next chunk begins behind it.
    """
    job, ids = _next(work, UUID(payload["job_id"]))
    if not ids:
        return False
    acting = _as_starter(work, job)
    ended = _partner(acting, job, ids)
    added = [row for row in ended if row.result == "added"]
    _note(acting, job, added)
    _tell_standings(acting, job, added)
    counts = Counter(row.result for row in ended)
    values: dict[str, Any] = {name: getattr(Job, name) + count for name, count in counts.items()}
    work.session.execute(_of(job.id).values(done=job.done + len(ids), **values), execution_options=_PLAIN)
    return job.done + len(ids) < job.total


@service.task(TASK, step=next_chunk)
def complete(work: Work, payload: Mapping[str, Any]) -> dict[str, int]:
    """End the job: one item on the list of the user and one on that of who started it (PF-7/Bulk Partner.2)."""
    job = work.session.get_one(Job, UUID(payload["job_id"]), with_for_update=True, populate_existing=True)
    counts = {name: getattr(job, name) for name in ("added", "already", "limited", "failed")}
    if job.completed_at is not None:
        return counts
    job.completed_at = work.now
    acting = _as_starter(work, job)
    acting.audit("bulk_partner.completed", About("person", job.person_id, facts={"job": job.id, **counts}))
    to = [
        Concerned(job.person_id, "partner", job.unit, job.agency),
        Concerned(job.started_by, "requester", job.starter_unit, job.starter_agency),
    ]
    told = {"job_id": job.id, "person_id": job.person_id, **counts}
    acting.emit(BULK_PARTNER_COMPLETED, told, aggregate=("bulk_partner_job", job.id), to=to, cause=job.id)
    return counts


_PLAIN = {"synchronize_session": False}


def _of(job_id: UUID) -> Any:
    return update(Job).where(Job.id == job_id)


def _next(work: Work, job_id: UUID) -> tuple[Job, list[str]]:
    """The job, locked, and the nominals that come next: their ids as PostgreSQL writes them."""
    job = work.session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
    ids = func.array_to_string(Job.nominal_ids[job.done + 1 : job.done + CHUNK], ",")
    listed: str = work.session.execute(select(ids).where(Job.id == job_id)).scalar_one()
    return job, listed.split(",") if listed else []


def _as_starter(work: Work, job: Job) -> Work:
    """What the job does is done, and audited, in the name of the person who started it."""
    who = replace(
        work.principal,
        person_id=job.started_by,
        session_id=job.session_id,
        terminal=job.terminal,
        scope="full",
    )
    return Work(work.runtime, work.session, who, TASK)


def _partner(work: Work, job: Job, ids: Sequence[str]) -> list[Any]:
    """One row for each nominal. Where PostgreSQL refuses the chunk, its halves are tried, so that one fails alone."""
    values = {
        "ids": ",".join(ids),
        "fresh": ",".join(many_new_ids(len(ids))),
        "job": job.id,
        "person": job.person_id,
        "agency": job.agency,
        "unit": job.unit,
        "starter": job.started_by,
        "at": work.now,
    }
    try:
        with work.session.begin_nested():
            return list(work.session.execute(PARTNER, values).all())
    except OperationalError:
        raise  # the database is away, or others hold the records for too long: the whole task is tried again
    except DBAPIError:
        if len(ids) == 1:
            return [_failed(work, job, UUID(ids[0]))]
        return [row for half in halves(ids) for row in _partner(work, job, half)]


def _failed(work: Work, job: Job, nominal_id: UUID) -> Row[UUID, str]:
    row = insert(Result).values(job_id=job.id, nominal_id=nominal_id, result="failed", why="error")
    return work.session.execute(row.returning(Result.nominal_id, Result.result)).one()


def _note(work: Work, job: Job, added: Sequence[Any]) -> None:
    """An audit entry for each partnership."""
    facts = {"job": str(job.id), "person": str(job.person_id)}
    about = [(row.partnership_id, row.nominal_id) for row in added]
    work.audit_alike("bulk_partner.add", "partnership", about, facts)


def _tell_standings(work: Work, job: Job, added: Sequence[Any]) -> None:
    """Notifications keeps who stands how to which nominal; here it learns of one person and many nominals."""
    for start in range(0, len(added), TOLD):
        part = [
            {"nominal_id": row.nominal_id, "version": row.standing_version}
            for row in added[start : start + TOLD]
        ]
        told = {"person_id": job.person_id, "standing": "partner", "nominals": part}
        work.emit(STANDING_ADDED, told, aggregate=("bulk_partner_job", job.id), agencies=[job.agency])
