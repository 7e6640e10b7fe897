"""Allocations in whole-record acts."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.record_checks.models import Allocation

keep(Allocation, alike=("state",), among=lambda table: table.state == "open")
