"""Imminent risks in whole-record acts; who was told goes with the risk's own row."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from services.records.imminent_risk.models import (
    LINE_MANAGER,
    NOTE,
    POLICE,
    REASON,
    FlaggedContact,
    ImminentRisk,
    Told,
)
from services.records.nominals.keepers import keep
from services.records.nominals.occasions import occasion
from services.records.nominals.owners import Place
from shared.work import Work

keep(
    ImminentRisk,
    sealed={"line_manager_name": LINE_MANAGER, "police_name": POLICE, "stood_down_reason": REASON},
)


def _wait_there(work: Work, nominal_id: UUID, before: Place, after: Place) -> None:
    """Contacts that wait stand in the queue of the unit that manages the person now: its administrators may write."""
    waiting = update(FlaggedContact).where(
        FlaggedContact.nominal_id == nominal_id,
        FlaggedContact.handled_at.is_(None),
        FlaggedContact.unit == before.managing_unit,
    )
    work.session.execute(
        waiting.values(unit=after.managing_unit), execution_options={"synchronize_session": False}
    )


keep(FlaggedContact, sealed={"note": NOTE}, alike=("reference",), move=_wait_there)

_owes = select(Told.risk_id).where(Told.risk_id == ImminentRisk.id, Told.acknowledged_at.is_(None)).exists()
occasion(
    "records.imminent_risk.raised",
    ImminentRisk.id,
    ImminentRisk.managing_unit,
    ImminentRisk.stood_down_at.is_(None),
    _owes,
)
occasion(
    "records.imminent_risk.contact_flagged",
    FlaggedContact.id,
    FlaggedContact.unit,
    FlaggedContact.handled_at.is_(None),
)
