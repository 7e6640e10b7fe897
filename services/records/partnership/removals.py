"""When a prisoner leaves: the removal of that prison's partners is drafted at once (PF-5.9.7, PF-5.19.2, D-23).

The prison sends it with one click, which tells the owner; the owner ends the partnerships with one more. Meanwhile the
prison can still enter the date of the move (PF-5.18).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.concerned import holding
from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.partnership.models import Draft
from shared.directory import read_model
from shared.events.records.partnership import DRAFT_SETTLED, REMOVAL_DRAFTED
from shared.ids import new_id
from shared.work import Work

ADMINISTRATOR = "prison_administrator"
PRISON_SERVICE = "prison-service"


def partners_of_unit(work: Work, nominal_id: UUID, unit: str) -> list[UUID]:
    found = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.unit == unit, Partnership.ended_at.is_(None)
    )
    return list(work.session.execute(found).scalars())


def draft_removal(work: Work, record: Record, prison: str, movement_id: UUID, left_at: datetime) -> None:
    """For a prison that has partners on the record; once for each movement."""
    if not partners_of_unit(work, record.id, prison):
        return
    row = {
        "id": new_id(),
        "nominal_id": record.id,
        "origin_nominal_id": record.id,
        "kind": "removal",
        "unit": prison,
        "agency": PRISON_SERVICE,
        "cause": movement_id,
        "drafted_at": work.now,
        "left_at": left_at,
        "state": "open",
    }
    fresh = insert(Draft).values(row).on_conflict_do_nothing().returning(Draft.id)
    draft_id = work.session.execute(fresh).scalar_one_or_none()
    if draft_id is None:
        return
    data = {
        "draft_id": draft_id,
        "nominal_id": record.id,
        "prison": prison,
        "left_at": left_at,
        "jurisdiction": record.jurisdiction,
    }
    cards = read_model.holders(work.session, ADMINISTRATOR, prison)
    to = holding(cards, ADMINISTRATOR, prison, PRISON_SERVICE)
    work.emit(REMOVAL_DRAFTED, data, aggregate=("partnership_draft", draft_id), to=to)


def came_back(work: Work, record: Record, prison: str) -> None:
    """The person is in that prison again: nobody need be removed there."""
    waiting = select(Draft).where(
        Draft.nominal_id == record.id, Draft.unit == prison, Draft.kind == "removal", Draft.ended_at.is_(None)
    )
    still = waiting.where(Draft.state.in_(("open", "sent"))).with_for_update()
    for draft in work.session.execute(still).scalars():
        settle(work, record, draft, "overtaken")


def settle(work: Work, record: Record, draft: Draft, state: str) -> None:
    """Whatever was still to be done about it, by the prison or by the owner, is not."""
    draft.state, draft.decided_at, draft.decided_by = state, work.now, work.principal.person_id
    data = {"draft_id": draft.id, "nominal_id": record.id, "state": state}
    agencies = sorted({draft.agency, record.owner_agency})
    work.emit(DRAFT_SETTLED, data, aggregate=("partnership_draft", draft.id), agencies=agencies)
