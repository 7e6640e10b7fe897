"""What the vetting forms offer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.vetting.models import VettingType
from shared.web import guard


def kinds(_context: object = None) -> list[tuple[str, str]]:
    """Every kind of vetting: those of the scheme in force first, by name."""
    found = select(VettingType.code, VettingType.name).order_by(VettingType.scheme.desc(), VettingType.name)
    with Session(guard.runtime().database.reading) as session:
        return [(code, name) for code, name in session.execute(found)]
