"""Booked moves in whole-record acts."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.nominals.occasions import occasion
from services.records.prison_moves.models import REASON, PrisonMove

keep(
    PrisonMove,
    sealed={"reason": REASON},
    alike=("state",),
    among=lambda table: table.state == "booked",
)
occasion("records.prison_move.booked", PrisonMove.id, PrisonMove.from_prison, PrisonMove.state == "booked")
