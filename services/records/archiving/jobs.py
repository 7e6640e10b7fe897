"""What happens by itself: records become ready, partnerships end, and the yearly look is asked for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.archiving.models import ArchiveReview, ArchiveWatch, Archiving
from services.records.archiving.readiness import look
from services.records.nominals.models import Nominal
from services.records.partnership.adding import partners_of
from services.records.partnership.partners import end_all
from services.records.service import service
from shared.directory import read_model
from shared.events.records.archiving import ARCHIVE_REVIEW_DUE
from shared.work import Work

_AT_ONCE = 50
WHY = "The record was archived."


@service.each_tick
def look_for_ready(work: Work) -> int:
    """A licence, order or notification has come to its end. The nominal's row is held: two ticks tell nobody twice."""
    due = select(ArchiveWatch.nominal_id).where(ArchiveWatch.look_on <= work.today)
    found = list(work.session.scalars(due.order_by(ArchiveWatch.look_on).limit(_AT_ONCE)))
    for nominal_id in found:
        look(work, facts(work, nominal_id, lock=True))
    return len(found)


@service.each_tick
def end_partnerships(work: Work) -> int:
    """Those of an archived record, some time after (PF-4.16g); each partner is told."""
    due = (
        select(Archiving.id, Archiving.nominal_id)
        .join(Nominal, Nominal.id == Archiving.nominal_id)
        .where(
            Nominal.status == "archived",
            Archiving.partnerships_end_on <= work.today,
            Archiving.partnerships_ended_at.is_(None),
            Archiving.unarchived_at.is_(None),
        )
        .order_by(Archiving.partnerships_end_on)
        .limit(_AT_ONCE)
    )
    return sum(_end(work, row.id, row.nominal_id) for row in work.session.execute(due).all())


def _end(work: Work, archiving_id: UUID, nominal_id: UUID) -> bool:
    """The nominal's row is held first, as by whoever brings the record back: of the two one comes first."""
    record = facts(work, nominal_id, lock=True)
    row = work.session.get_one(Archiving, archiving_id, with_for_update=True, populate_existing=True)
    if row.unarchived_at is not None or row.partnerships_ended_at is not None:
        return False
    row.partnerships_ended_at = work.now
    end_all(work, record, partners_of(work, record.id), WHY)
    return True


@service.each_tick
def ask_for_reviews(work: Work) -> int:
    """Once for each year, to the CPC; a vacant post is reported."""
    due = (
        select(ArchiveReview)
        .where(
            ArchiveReview.due_on <= work.today,
            ArchiveReview.told_at.is_(None),
            ArchiveReview.reviewed_at.is_(None),
        )
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = work.session.execute(due).scalars().all()
    for row in found:
        row.told_at = work.now
        card = read_model.owning_cpc(work.session, row.owner_unit)
        data = {"review_id": row.id, "owner_unit": row.owner_unit, "due_on": row.due_on}
        to = holding([card] if card else [], "cpc", row.owner_unit, row.owner_agency)
        work.emit(ARCHIVE_REVIEW_DUE, data, aggregate=("archive_review", row.id), to=to)
    return len(found)
