"""Imminent risks in whole-record acts; who was told goes with the risk's own row."""

from __future__ import annotations

from services.records.imminent_risk.models import (
    LINE_MANAGER,
    NOTE,
    POLICE,
    REASON,
    FlaggedContact,
    ImminentRisk,
)
from services.records.nominals.keepers import keep

keep(
    ImminentRisk,
    sealed={"line_manager_name": LINE_MANAGER, "police_name": POLICE, "stood_down_reason": REASON},
)
keep(FlaggedContact, sealed={"note": NOTE}, alike=("reference",))
