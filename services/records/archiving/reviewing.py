"""The archive of an area or force is looked through once a year by its CPC (PF-4.16c)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.contacts import owning_cpc
from services.records.access.rules import reach
from services.records.archiving.models import NOTE, ArchiveReview
from services.records.archiving.schemas import ReviewAnswer, ReviewInput
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.archiving import ARCHIVE_REVIEWED
from shared.ids import new_id
from shared.refusals import NotFound, Refusal
from shared.time.periods import due
from shared.work import Work

PATH = "/archive/<string:unit>/review"


@dataclass(frozen=True)
class Reviewed:
    owner_unit: str
    archived: int
    next_due_on: date


def archives_of(principal: Principal) -> frozenset[str]:
    """The areas and forces whose archive the principal answers for; a prison owns no records (R30)."""
    units = reach(principal)
    return frozenset() if principal.agency_kind == "prison" else units.cpc | units.deputy


def answers_for(work: Work, unit: str) -> None:
    """Raises R30 or R11 for whoever is not the CPC of it, or acts for her."""
    if unit in archives_of(work.principal):
        return
    code = "R30" if work.principal.agency_kind == "prison" else "R11"
    raise Refusal(code, token="cpc", contact=owning_cpc(work, unit))  # noqa: S106 - a token is an access right here


def first_review(work: Work, owner_unit: str, owner_agency: str) -> None:
    """With the first record in an archive its years begin."""
    row = insert(ArchiveReview).values(
        id=new_id(), owner_unit=owner_unit, owner_agency=owner_agency, due_on=_next(work)
    )
    work.session.execute(row.on_conflict_do_nothing())


def _next(work: Work) -> date:
    return due(work.now, work.policy.period("archiving.review_every", work.today), "ENG").day


def open_review(work: Work, unit: str, *, lock: bool = False) -> ArchiveReview | None:
    found = select(ArchiveReview).where(ArchiveReview.owner_unit == unit, ArchiveReview.reviewed_at.is_(None))
    return work.session.execute(found.with_for_update() if lock else found).scalar_one_or_none()


def archived_in(work: Work, unit: str) -> int:
    counted = select(func.count()).where(Nominal.owner_unit == unit, Nominal.status == "archived")
    return int(work.session.execute(counted.select_from(Nominal)).scalar_one())


def may_review(work: Work, *, unit: str) -> dict[str, Any]:
    answers_for(work, unit)
    if open_review(work, unit) is None:
        raise NotFound
    card = read_model.unit(work.session, unit)
    return {"about": f"{card.name if card else unit}, {archived_in(work, unit)} archived records"}


@service.command(
    "archiving.review",
    path=PATH,
    input=ReviewInput,
    answer=ReviewAnswer,
    form=FormPage(
        title="I have looked through the archive",
        button="Save the review",
        done="The review is noted. The next one is due in a year.",
        next="/archive",
        path=f"{PATH}/new",
        intro="Look whether each record still belongs there: who is to be managed again is brought back, and what need"
        " not be kept is deleted.",
        values=may_review,
    ),
)
def review(work: Work, *, unit: str, note: str) -> Reviewed:
    """Of two who note it at one moment the second finds that it is done (R34)."""
    answers_for(work, unit)
    row = open_review(work, unit, lock=True)
    if row is None:
        raise Refusal("R34", what="This archive was looked through at this moment, or nothing is in it.")
    row.reviewed_at, row.reviewed_by = work.now, work.principal.person_id
    row.archived = archived_in(work, unit)
    row.note = work.runtime.encrypt(None, NOTE, note.strip()) if note.strip() else None
    work.session.flush()
    work.concerns(subject=("archive_review", row.id), private=note or None, unit=unit, archived=row.archived)
    work.emit(
        ARCHIVE_REVIEWED,
        {"review_id": row.id},
        aggregate=("archive_review", row.id),
        agencies=[row.owner_agency],
    )
    following = ArchiveReview(id=new_id(), owner_unit=unit, owner_agency=row.owner_agency, due_on=_next(work))
    work.session.add(following)
    return Reviewed(unit, row.archived, following.due_on)
