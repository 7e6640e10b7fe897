"""Requests for deletion in whole-record acts; an open one stands against a merge."""

from __future__ import annotations

from services.records.deletion.models import ANSWER, REASON, DeletionRequest
from services.records.nominals.keepers import keep

keep(
    DeletionRequest,
    sealed={"reason": REASON, "answer": ANSWER},
    alike=("state",),
    among=lambda table: table.state == "requested",
)
