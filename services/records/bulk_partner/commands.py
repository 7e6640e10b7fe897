"""Starting a job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.records.bulk_partner.choosing import Chosen, chosen
from services.records.bulk_partner.models import Job
from services.records.bulk_partner.schemas import Choice, JobAnswer
from services.records.bulk_partner.under_way import TASK, one_at_a_time, refuse_second
from services.records.service import service
from shared.declarations import FormPage
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import Work

NOTHING = "There is no live record to which the user could be partnered"


@service.command(
    "bulk_partner.start",
    path="/bulk-partner/jobs",
    input=Choice,
    answer=JobAnswer,
    status=202,
    form=FormPage(
        title="Partner a user to many records",
        button="Add partnerships",
        done="The partnerships are being added. You and the user are told when it is done.",
        next="/bulk-partner/jobs/{id}",
        path="/bulk-partner/start",
    ),
)
def start(work: Work, *, person_id: UUID, unit: str | None = None, template_id: UUID | None = None) -> Job:
    """Start a job that makes a user partner to all records of a unit, or of a template user (PF-7/Bulk Partner.1).

    Of two who start the same at one moment, or in two windows, the second is told of the first: R34.
    """
    pick = chosen(work, person_id, unit, template_id)
    one_at_a_time(work, person_id)
    refuse_second(work, pick)
    job = _written(work, pick)
    if job is None:
        raise Invalid({"unit" if unit else "template_id": [NOTHING]})
    work.concerns(
        subject=("person", person_id), job=job.id, unit=unit, template=template_id, nominals=job.total
    )
    work.enqueue(TASK, {"job_id": str(job.id)}, key=str(job.id))
    return job


def _written(work: Work, pick: Chosen) -> Job | None:
    """The job with its list, which PostgreSQL makes by itself; None where there is nobody to list."""
    me, found = work.principal, pick.nominals().subquery()
    listed = select(func.array_agg(aggregate_order_by(found.c.id, found.c.id)).label("ids")).subquery()
    values: dict[str, Any] = {
        "id": new_id(),
        "person_id": pick.user.id,
        "agency": pick.user.agency,
        "unit": pick.user.unit,
        "source_unit": pick.source_unit,
        "template_id": pick.template_id,
        "started_by": me.person_id,
        "starter_agency": me.agency,
        "starter_unit": me.unit,
        "session_id": me.session_id,
        "terminal": me.terminal,
        "started_at": work.now,
        **dict.fromkeys(("done", "added", "already", "limited", "failed"), 0),
    }
    row = [literal(value, Job.__table__.c[name].type) for name, value in values.items()]
    whole = select(*row, listed.c.ids, func.cardinality(listed.c.ids)).where(listed.c.ids.is_not(None))
    fresh = insert(Job).from_select([*values, "nominal_ids", "total"], whole).returning(Job)
    return work.session.execute(fresh).scalar_one_or_none()
