"""Who is exempt from the mandate, as a condition over `Person`: no report counts or flags them (PF-0.2.3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select

from services.identity.adjustments.models import MandateExemption
from services.identity.people.models import Person


def exempt(today: date) -> ColumnElement[bool]:
    found = select(MandateExemption.id).where(
        MandateExemption.person_id == Person.id,
        MandateExemption.ended_on.is_(None),
        MandateExemption.exempt_from <= today,
    )
    return found.exists()
