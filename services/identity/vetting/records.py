"""Reading a person's vetting."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.vetting.models import VettingRecord
from services.identity.vetting.rules import NPPV, Clearance


def clearances(session: Session, person_id: UUID) -> tuple[Clearance, ...]:
    found = session.execute(select(VettingRecord).where(VettingRecord.person_id == person_id)).scalars()
    return tuple(as_clearance(record) for record in found)


def as_clearance(record: VettingRecord) -> Clearance:
    return Clearance(
        level=record.level,
        cleared_on=record.cleared_on,
        expires_on=record.expires_on,
        authorised=record.kind in NPPV or bool(record.sro_reference),
        revoked=record.revoked_at is not None,
    )
