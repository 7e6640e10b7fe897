"""Movements in whole-record acts."""

from __future__ import annotations

from services.records.custody.models import Movement
from services.records.nominals.keepers import keep

keep(Movement)
