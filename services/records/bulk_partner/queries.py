"""What may be chosen, what a job would do, and how far one has come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from services.records.access.models import Partnership
from services.records.bulk_partner.choosing import Chosen, areas_or_refuse, chosen, own
from services.records.bulk_partner.models import Job, Result
from services.records.bulk_partner.rules import SOURCES, within
from services.records.bulk_partner.schemas import (
    Choice,
    Choices,
    PreviewAnswer,
    Progress,
    ResultsAnswer,
    ResultsInput,
)
from services.records.bulk_partner.under_way import TASK, under_way
from services.records.nominals.models import Nominal
from services.records.search.finding import Line, lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.ids import new_id
from shared.messaging.given_up import is_given_up
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work

# How many names a page shows at most; the counts are always whole.
SHOWN = 200
PAGE = 1000
JOB = "/bulk-partner/jobs/<uuid:job_id>"
_TABLES = service.tables.messaging


@service.query(
    "bulk_partner.choices",
    path="/bulk-partner",
    input=Nothing,
    answer=Choices,
)
def choices(work: Work) -> dict[str, Any]:
    """The users and units of one's own area, group or force, and the last jobs that one has started."""
    areas = areas_or_refuse(work)
    codes = {code for area in areas for code in read_model.below(work.session, area)}
    person, grant, unit = DIRECTORY.person.c, DIRECTORY.grant.c, DIRECTORY.unit.c
    partner = exists().where(grant.person_id == person.id, grant.name == "partner")
    users = select(person.id, person.name, person.unit).where(person.unit.in_(codes), person.active, partner)
    units = select(unit.code, unit.name).where(unit.code.in_(codes), unit.kind.in_(SOURCES))
    return {
        "users": work.session.execute(users.order_by(person.name, person.id)).all(),
        "units": work.session.execute(units.order_by(unit.name)).all(),
        "jobs": _mine(work),
    }


def started(work: Work) -> dict[str, Any]:
    """For the page, on which users and units are found by name."""
    areas_or_refuse(work)
    jobs = _mine(work)
    return {"jobs": jobs, "people": read_model.people(work.session, [job.person_id for job in jobs])}


def _mine(work: Work) -> list[Job]:
    mine = select(Job).where(Job.started_by == work.principal.person_id).order_by(Job.id.desc()).limit(20)
    return list(work.session.execute(mine).scalars())


@service.query(
    "bulk_partner.preview",
    path="/bulk-partner/preview",
    input=Choice,
    answer=PreviewAnswer,
    page=Page("Check before you add partnerships", "bulk_partner/preview.html"),
)
def preview(
    work: Work, *, person_id: UUID, unit: str | None = None, template_id: UUID | None = None
) -> dict[str, Any]:
    """How many partnerships a job would add, and which records it would skip (PF-7/Bulk Partner.3)."""
    pick = chosen(work, person_id, unit, template_id)
    job = under_way(work, pick)
    total, already, limited = _counts(work, pick)
    skipped = pick.nominals().where(Nominal.limited_access).order_by(Nominal.id).limit(SHOWN)
    work.concerns(
        subject=("person", person_id), unit=unit, template=template_id, nominals=total, limited=limited
    )
    return {
        "person_id": pick.user.id,
        "user": pick.user,
        "name": pick.user.name,
        "source_name": pick.source_name,
        "total": total,
        "to_add": total - already - limited,
        "already": already,
        "limited_count": limited,
        "limited": _lines(work, list(work.session.execute(skipped).scalars())),
        "under_way": job,
        "starter": read_model.person(work.session, job.started_by) if job else None,
        "once": str(new_id()),
    }


def _counts(work: Work, pick: Chosen) -> tuple[int, int, int]:
    """Of the live records of the source: all, those that the user is partner to, and those with limited access."""
    found = pick.nominals().add_columns(Nominal.limited_access).subquery()
    is_partner: ColumnElement[bool] = exists().where(
        Partnership.nominal_id == found.c.id,
        Partnership.person_id == pick.user.id,
        Partnership.ended_at.is_(None),
    )
    already = func.count().filter(~found.c.limited_access, is_partner)
    limited = func.count().filter(found.c.limited_access)
    row = work.session.execute(select(func.count(), already, limited).select_from(found)).one()
    return row[0], row[1], row[2]


@service.query(
    "bulk_partner.job",
    path=JOB,
    input=Nothing,
    answer=Progress,
    page=Page("Adding partnerships", "bulk_partner/job.html"),
)
def progress(work: Work, *, job_id: UUID) -> dict[str, Any]:
    """How far a job has come; what it skipped only for those who may partner in bulk themselves."""
    job, over = _job(work, job_id)
    skipped = _with_result(work, job, "limited", SHOWN) if over else []
    failed = _with_result(work, job, "failed", SHOWN) if over else []
    source = [job.template_id] if job.template_id else []
    work.concerns(subject=("bulk_partner_job", job_id))
    return {
        "job": job,
        "over": over,
        "stopped": job.completed_at is None and is_given_up(work.session, _TABLES, TASK, str(job.id)),
        "skipped": _lines(work, [row.nominal_id for row in skipped]),
        "failed": failed,
        "people": read_model.people(work.session, [job.person_id, job.started_by, *source]),
        "source": read_model.unit(work.session, job.source_unit) if job.source_unit else None,
    }


@service.query("bulk_partner.results", path=f"{JOB}/results", input=ResultsInput, answer=ResultsAnswer)
def results(work: Work, *, job_id: UUID, after: UUID | None = None) -> dict[str, Any]:
    """How a job ended for each nominal, in order of their ids; limited ones stand in the progress, if one may know."""
    job, over = _job(work, job_id)
    if not over:
        raise NotFound
    found = select(Result).where(Result.job_id == job.id, Result.result != "limited")
    if after is not None:
        found = found.where(Result.nominal_id > after)
    rows = list(work.session.execute(found.order_by(Result.nominal_id).limit(PAGE + 1)).scalars())
    work.concerns(subject=("bulk_partner_job", job_id), count=len(rows[:PAGE]))
    return {"results": rows[:PAGE], "next_after": rows[PAGE - 1].nominal_id if len(rows) > PAGE else None}


def _job(work: Work, job_id: UUID) -> tuple[Job, bool]:
    """The job, and whether this person may partner in bulk where its user is. Raises NotFound for others' jobs."""
    job = work.session.get(Job, job_id)
    if job is None:
        raise NotFound
    over = within(own(work), read_model.above(work.session, job.unit))
    if not over and work.principal.person_id not in {job.person_id, job.started_by}:
        raise NotFound
    return job, over


def _with_result(work: Work, job: Job, result: str, most: int) -> list[Result]:
    found = select(Result).where(Result.job_id == job.id, Result.result == result)
    return list(work.session.execute(found.order_by(Result.nominal_id).limit(most)).scalars())


def _lines(work: Work, ids: list[UUID]) -> list[Line]:
    """Minimal lines; of a record that this person may not know of, only its owner and the CPC to ask."""
    return lines(work.session, work.principal, ids)
