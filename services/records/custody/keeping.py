"""Movements in whole-record acts."""

from __future__ import annotations

from services.records.custody.models import Incoming, Movement
from services.records.nominals.keepers import keep
from services.records.nominals.occasions import occasion

keep(Movement)
occasion(
    "records.reception.unmatched",
    Incoming.id,
    Incoming.prison,
    Incoming.outcome == "no_record",
    Incoming.prison.is_not(None),
    Incoming.searched_at.is_(None),
)
