"""Movements in whole-record acts."""

from __future__ import annotations

from sqlalchemy import exists

from services.records.custody.models import Incoming, Movement
from services.records.nominals.keepers import keep
from services.records.nominals.occasions import occasion
from services.records.partnership.models import Request

keep(Movement)
occasion(
    "records.reception.unmatched",
    Incoming.id,
    Incoming.prison,
    Incoming.outcome == "no_record",
    Incoming.prison.is_not(None),
    Incoming.searched_at.is_(None),
)
occasion(
    "records.custody.received",
    Movement.id,
    Movement.prison,
    Movement.partnered.is_(False),
    Movement.left_at.is_(None),
    ~exists().where(Request.for_reception == Movement.id),
)
occasion(
    "records.custody.left",
    Movement.id,
    Movement.prison,
    Movement.left_partnered.is_(True),
    Movement.dated_at.is_(None),
)
