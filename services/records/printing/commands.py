"""Asking for a print or an export, and throwing it away before its day is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.records.access.authorise import authorise
from services.records.nominals.naming import about
from services.records.printing.asking import kept
from services.records.printing.attachments import intelligence_of
from services.records.printing.finding import Shown, own_job, shown
from services.records.printing.models import DECISION, REASON, PrintJob
from services.records.printing.rules import LEAVE_OUT, RELEASED, in_order, needs_decision, wrong_choice
from services.records.printing.schemas import NewPrint, PrintAnswer
from services.records.service import service
from shared.declarations import FormPage
from shared.files import remove
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

ACTION = "printing.make"
PATH = "/nominals/<uuid:nominal_id>/prints"
TASK = "printing.make"


def may_print(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not is told before choosing."""
    record = authorise(work, ACTION, nominal_id).record
    return {**about(work, record), "parts": ["summary"], "form": "pdf", "intelligence": LEAVE_OUT}


@service.command(
    "printing.ask",
    path=PATH,
    input=NewPrint,
    answer=PrintAnswer,
    status=201,
    form=FormPage(
        title="Print or export the record",
        button="Make it",
        done="It is being made.",
        next="/nominals/{nominal_id}/prints/{id}",
        cancel="/nominals/{nominal_id}/prints",
        path=f"{PATH}/new",
        intro=(
            "Each page carries your name, the time and the marking. The owning CPC can see what you print and why. "
            "The file is yours alone and is gone after a day."
        ),
        values=may_print,
    ),
)
def ask(
    work: Work,
    *,
    nominal_id: UUID,
    parts: Sequence[str],
    since: date | None,
    through: date | None,
    folders: Sequence[str],
    intelligence: str,
    decision: str,
    form: str,
    reason: str,
) -> Shown:
    """Ask for these parts of the record, as the reader may see them (SC-17.6.2: each is on the print log)."""
    opened = authorise(work, ACTION, nominal_id)
    if wrong := wrong_choice(parts, folders, since, through):
        raise Invalid(wrong)
    entries = intelligence_of(work, opened, folders) if "attachments" in parts else 0
    if needs_decision(intelligence, decision, entries):
        raise Refusal("R28", count=entries, nominal_id=nominal_id)
    released = decision.strip() if intelligence == RELEASED else ""
    job = PrintJob(
        id=new_id(),
        nominal_id=nominal_id,
        form=form,
        parts=in_order(parts),
        folders=sorted(set(folders)),
        since=since,
        through=through,
        reason=work.runtime.encrypt(nominal_id, REASON, reason),
        decision=work.runtime.encrypt(nominal_id, DECISION, released) if released else None,
        asked_by=work.principal.person_id,
        asked_at=work.now,
        agency=work.principal.agency,
        unit=work.principal.unit,
        asker=kept(work.principal),
        state="waiting",
        done=0,
    )
    work.session.add(job)
    work.session.flush()
    work.concerns(
        released=entries if released else 0,
        subject=("print_job", job.id),
        form=form,
        parts=job.parts,
        folders=job.folders,
        private=reason,
    )
    work.enqueue(TASK, {"job_id": str(job.id)}, key=str(job.id))
    return shown(job)


def may_discard(work: Work, *, nominal_id: UUID, print_id: UUID) -> dict[str, Any]:
    record = authorise(work, ACTION, nominal_id).record
    own_job(work, nominal_id, print_id)
    return dict(about(work, record))


@service.command(
    "printing.discard",
    path=f"{PATH}/<uuid:print_id>/discard",
    input=Nothing,
    answer=PrintAnswer,
    form=FormPage(
        title="Discard the file",
        button="Discard",
        done="The file is gone.",
        next="/nominals/{nominal_id}/prints",
        intro="The entry in the print log stays.",
        values=may_discard,
    ),
)
def discard(work: Work, *, nominal_id: UUID, print_id: UUID) -> Shown:
    """Throw one's own file away before its day is over."""
    authorise(work, ACTION, nominal_id)
    job = own_job(work, nominal_id, print_id, lock=True)
    if job.state != "ready" or job.file_id is None:
        raise Refusal("R34", what="There is no file any more.", nominal_id=nominal_id)
    work.concerns(subject=("print_job", print_id))
    remove(work, job.file_id)
    job.state, job.file_id = "gone", None
    return shown(job)
