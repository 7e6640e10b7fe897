"""A request for deletion that comes to nothing: refused, withdrawn, or of a record that has another owner now."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import facts
from services.records.access.concerned import holding
from services.records.deletion.deciding import open_request
from services.records.deletion.models import ANSWER, DeletionRequest
from services.records.deletion.rules import REVIEW
from services.records.nominals.owners import Place
from services.records.retention.jobs import ask
from services.records.retention.models import RetentionReview
from shared.directory import read_model
from shared.events.records.retention import DELETION_WITHDRAWN
from shared.events.registry import EventKind
from shared.work import Concerned, Work

MOVED = "The record was transferred: whoever owns it now decides whether it is kept."


def end(work: Work, row: DeletionRequest, state: str, text: str) -> None:
    """A retention review that asked for it waits again: nothing is decided yet."""
    row.state, row.decided_by, row.decided_at = state, work.principal.person_id, work.now
    row.answer = work.runtime.encrypt(row.origin_nominal_id, ANSWER, text)
    if row.ground == REVIEW:
        last = select(RetentionReview).where(RetentionReview.nominal_id == row.nominal_id)
        review = work.session.scalars(last.order_by(RetentionReview.id.desc()).limit(1)).first()
        if review is not None and review.outcome == "remove":
            ask(work, facts(work, row.nominal_id), review.review_on)
    work.session.flush()


def tell(work: Work, kind: EventKind, row: DeletionRequest, to: list[Concerned]) -> None:
    data = {"nominal_id": row.nominal_id, "request_id": row.id, "owner_unit": row.owner_unit}
    work.emit(kind, data, aggregate=("deletion_request", row.id), to=to)


def who_asked(work: Work, row: DeletionRequest) -> list[Concerned]:
    asker = read_model.person(work.session, row.requested_by)
    cards = [asker] if asker and asker.active else []
    return holding(cards, "requester", row.owner_unit, row.owner_agency)


def end_as_it_moves(work: Work, nominal_id: UUID, _before: Place, after: Place) -> None:
    """Nobody decides about a record that has gone to another owner because the old one's CPC had asked."""
    row = open_request(work, nominal_id)
    if row is not None and row.owner_unit != after.owner_unit:
        end(work, row, "withdrawn", MOVED)
        tell(work, DELETION_WITHDRAWN, row, who_asked(work, row))
