"""Telling anew what somebody missed."""

from __future__ import annotations

from services.identity.service import service
from shared.reconciliation.missed import tells_missed_facts

tells_missed_facts(service)
