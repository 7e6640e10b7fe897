"""Starting a job."""

from __future__ import annotations

from uuid import UUID

from services.records.bulk_partner.choosing import chosen
from services.records.bulk_partner.models import Job
from services.records.bulk_partner.schemas import Choice, JobAnswer
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.declarations import FormPage
from shared.ids import new_id
from shared.refusals import Invalid
from shared.work import Work

TASK = "bulk_partner.run"
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
    """Start a job that makes a user partner to all records of a unit, or of a template user (PF-7/Bulk Partner.1)."""
    pick = chosen(work, person_id, unit, template_id)
    ids = list(work.session.execute(pick.nominals().order_by(Nominal.id)).scalars())
    if not ids:
        raise Invalid({"unit" if unit else "template_id": [NOTHING]})
    me = work.principal
    job = Job(
        id=new_id(),
        person_id=pick.user.id,
        agency=pick.user.agency,
        unit=pick.user.unit,
        source_unit=pick.source_unit,
        template_id=pick.template_id,
        started_by=me.person_id,
        starter_agency=me.agency,
        starter_unit=me.unit,
        session_id=me.session_id,
        terminal=me.terminal,
        started_at=work.now,
        nominal_ids=ids,
        total=len(ids),
    )
    work.session.add(job)
    work.concerns(
        subject=("person", person_id), job=job.id, unit=unit, template=template_id, nominals=len(ids)
    )
    work.enqueue(TASK, {"job_id": str(job.id)}, key=str(job.id))
    return job
