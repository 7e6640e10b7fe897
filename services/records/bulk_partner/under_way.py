"""The same job once at a time: whoever starts it a second time is told of the first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, cast, func, select

from services.records.bulk_partner.choosing import Chosen
from services.records.bulk_partner.models import Job
from services.records.service import service
from shared.directory import read_model
from shared.directory.contacts import contact
from shared.refusals import Refusal
from shared.web.display import when
from shared.work import Work

TASK = "bulk_partner.run"
STARTED = "This was started already, by {name} on {at}, and is being done. They and the user are told when it is done."


def one_at_a_time(work: Work, person_id: UUID) -> None:
    """Whoever partners the same user at this moment waits until this is committed, and then sees it."""
    key = func.hashtextextended(f"bulk_partner|{person_id}", 0)
    work.session.execute(select(func.pg_advisory_xact_lock(key)))


def under_way(work: Work, pick: Chosen) -> Job | None:
    """The job that partners this user to these records now. One that was given up is none: it may be started again."""
    task = service.tables.messaging.task.c
    going_on = select(task.id).where(
        task.name == TASK, task.unique_key == cast(Job.id, Text), task.finished_at.is_(None)
    )
    found = select(Job).where(
        Job.person_id == pick.user.id,
        Job.source_unit.is_not_distinct_from(pick.source_unit),
        Job.template_id.is_not_distinct_from(pick.template_id),
        Job.completed_at.is_(None),
        going_on.exists(),
    )
    return work.session.execute(found.order_by(Job.id).limit(1)).scalar_one_or_none()


def refuse_second(work: Work, pick: Chosen) -> None:
    """Raises R34 with who started the first, and its id for programs. The caller has the turn (`one_at_a_time`)."""
    job = under_way(work, pick)
    if job is None:
        return
    card = read_model.person(work.session, job.started_by)
    name = card.name if card else "a user not known here"
    raise Refusal(
        "R34",
        what=STARTED.format(name=name, at=when(job.started_at)),
        contact=contact("Who started it", card),
        more={"job_id": str(job.id)},
    )
