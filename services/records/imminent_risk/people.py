"""Who is told of an imminent risk at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.records.access.concerned import concerned
from services.records.access.models import Listed, Partnership
from services.records.access.record import Record
from services.records.imminent_risk.rules import ROLES
from shared.directory import read_model
from shared.work import Concerned, Work


def whom_to_tell(work: Work, record: Record, police_id: UUID | None) -> list[Concerned]:
    """Manager, supervisor, LPC, CPC, the police counterpart and every partner, but not who raises it (PF-4.30.2).

    Of a record under Limited Access only those on its list, and its CPC.
    """
    found = [*concerned(work, record, *ROLES), *_counterpart(work, police_id), *_partners(work, record)]
    allowed = _listed(work, record) if record.limited_access else None
    return [
        one
        for one in found
        if one.person_id != work.principal.person_id
        and (allowed is None or one.role == "cpc" or one.person_id in allowed)
    ]


def _counterpart(work: Work, person_id: UUID | None) -> list[Concerned]:
    card = read_model.person(work.session, person_id) if person_id else None
    if card is None or not card.active:
        return []
    return [Concerned(card.id, "police_counterpart", card.unit, card.agency)]


def _partners(work: Work, record: Record) -> list[Concerned]:
    found = select(Partnership.person_id).where(
        Partnership.nominal_id == record.id, Partnership.ended_at.is_(None)
    )
    ids = list(work.session.execute(found.order_by(Partnership.person_id)).scalars())
    cards = read_model.people(work.session, ids)
    return [
        Concerned(card.id, "partner", card.unit, card.agency)
        for card in (cards[one] for one in ids if one in cards)
        if card.active
    ]


def _listed(work: Work, record: Record) -> set[UUID]:
    found = select(Listed.person_id).where(Listed.nominal_id == record.id)
    return set(work.session.execute(found).scalars())
