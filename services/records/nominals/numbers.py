"""Whose a number is, as other systems name people."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.records.nominals.models import Identifier
from shared.work import Work


def whose(work: Work, kind: str, value: str) -> UUID | None:
    """The nominal with this number, written as the register keeps it; None where it is on no record."""
    found = select(Identifier.nominal_id).where(Identifier.kind == kind, Identifier.value == value)
    nominal_id: UUID | None = work.session.execute(found).scalar_one_or_none()
    return nominal_id
