"""Asking each prison's ViSOR lead for the month's assurance, once as the month begins (PF-7/ViSOR Lead.2, D-49)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from services.identity.coverage.models import CoverageCheck, LeadAsked, LeadAssurance
from services.identity.coverage.telling import Known, told
from services.identity.people.models import Unit
from shared.events.identity.coverage import LEAD_ASSURANCE_DUE, LEAD_ASSURANCE_GIVEN
from shared.ids import derived_id
from shared.work import Work


def ask_leads(work: Work, known: Known) -> None:
    """With the month's first nightly check, of every prison whose lead has not said it yet."""
    month = work.today.replace(day=1)
    checks = select(func.count()).select_from(CoverageCheck).where(CoverageCheck.day >= month)
    if work.session.execute(checks).scalar_one() > 1:
        return
    given = select(LeadAssurance.unit).where(LeadAssurance.month == month)
    prisons = select(Unit).where(Unit.kind == "prison", Unit.code.not_in(given)).order_by(Unit.code)
    for prison in work.session.execute(prisons).scalars().all():
        _ask(work, prison, month, known)


def tell_given(work: Work, kept: LeadAssurance) -> None:
    occasion = _occasion(kept.unit, kept.month)
    data = {"assurance_id": occasion, "unit": kept.unit}
    work.emit(LEAD_ASSURANCE_GIVEN, data, aggregate=("lead_assurance", occasion))


def _ask(work: Work, prison: Unit, month: date, known: Known) -> None:
    occasion = _occasion(prison.code, month)
    work.session.add(LeadAsked(id=occasion, unit=prison.code, month=month))
    next_month = (month + timedelta(days=31)).replace(day=1)
    data = {
        "assurance_id": occasion,
        "unit": prison.code,
        "last_day": next_month - timedelta(days=1),
        "jurisdiction": prison.jurisdiction,
    }
    to = told(work.session, prison, ["visor_lead"], known)
    work.emit(LEAD_ASSURANCE_DUE, data, aggregate=("lead_assurance", occasion), to=to)


def _occasion(unit: str, month: date) -> UUID:
    """One prison's one month."""
    return derived_id("lead assurance", unit, month)
