"""That the person has died is noted on the record, and makes it ready to be archived (PF-7/To do list.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import authorise, facts
from services.records.archiving.models import SOURCE, Death
from services.records.archiving.readiness import look
from services.records.archiving.rules import death_problem
from services.records.archiving.schemas import DeathAnswer, DeathInput, DeathWithdrawn
from services.records.nominals.history import note_change
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.work import Work

ACTION = "nominals.change"
PATH = "/nominals/<uuid:nominal_id>/death"
NOTED = "The death is noted already."

service.constraints["uq_death_nominal_id"] = lambda: Refusal("R34", what=NOTED)


@dataclass(frozen=True)
class Noted:
    nominal_id: UUID
    died_on: date | None


def may_note(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, authorise(work, ACTION, nominal_id).record))


@service.command(
    "archiving.note_death",
    path=PATH,
    input=DeathInput,
    answer=DeathAnswer,
    status=201,
    form=FormPage(
        title="Note that the person has died",
        button="Note the death",
        done="Noted. The manager and the CPC have been told that the record can be archived.",
        next="/nominals/{nominal_id}/archive",
        path=f"{PATH}/new",
        values=may_note,
    ),
)
def note_death(work: Work, *, nominal_id: UUID, died_on: date, source: str) -> Noted:
    record = authorise(work, ACTION, nominal_id, lock=True).record
    if _held(work, nominal_id) is not None:
        raise Refusal("R34", what=NOTED, nominal_id=nominal_id)
    nominal = work.session.get_one(Nominal, nominal_id)
    if problem := death_problem(died_on, nominal.date_of_birth, work.today):
        raise Invalid({"died_on": [problem]})
    row = Death(
        id=new_id(),
        nominal_id=nominal_id,
        died_on=died_on,
        source=work.runtime.encrypt(nominal_id, SOURCE, source),
        noted_at=work.now,
        noted_by=work.principal.person_id,
    )
    work.session.add(row)
    note_change(work, nominal_id, "summary", {"died_on": (None, died_on)}, reason=source)
    work.concerns(subject=("death", row.id), private=source)
    look(work, record)
    return Noted(nominal_id, died_on)


@service.command(
    "archiving.withdraw_death",
    path=PATH,
    method="DELETE",
    input=DeathWithdrawn,
    answer=DeathAnswer,
    form=FormPage(
        title="Take back that the person has died",
        button="Take back",
        done="It is no longer on the record that the person has died.",
        next="/nominals/{nominal_id}/archive",
        path=f"{PATH}/withdraw",
        values=may_note,
    ),
)
def withdraw_death(work: Work, *, nominal_id: UUID, reason: str) -> Noted:
    """Raises NotFound where no death is noted."""
    authorise(work, ACTION, nominal_id, lock=True)
    row = _held(work, nominal_id)
    if row is None:
        raise NotFound
    note_change(work, nominal_id, "summary", {"died_on": (row.died_on, None)}, reason=reason)
    work.session.delete(row)
    work.concerns(subject=("death", row.id), private=reason)
    look(work, facts(work, nominal_id))
    return Noted(nominal_id, None)


def _held(work: Work, nominal_id: UUID) -> Death | None:
    return work.session.execute(select(Death).where(Death.nominal_id == nominal_id)).scalar_one_or_none()
