"""Imminent risks in whole-record acts; who was told goes with the risk's own row."""

from __future__ import annotations

from sqlalchemy import select

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

keep(
    ImminentRisk,
    sealed={"line_manager_name": LINE_MANAGER, "police_name": POLICE, "stood_down_reason": REASON},
)
keep(FlaggedContact, sealed={"note": NOTE}, alike=("reference",))

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
