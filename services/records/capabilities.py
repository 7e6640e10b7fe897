"""Imports every capability, so that its declarations, handlers, tasks and ticks are known."""

from __future__ import annotations

from services.records.access import history, openings
from services.records.nominals import commands as nominal_commands
from services.records.nominals import mine, summary
from services.records.referrals import commands as referral_commands
from services.records.referrals import queries as referral_queries
from services.records.search import queries as search_queries

CAPABILITIES = (
    openings,
    history,
    nominal_commands,
    mine,
    summary,
    referral_commands,
    referral_queries,
    search_queries,
)
