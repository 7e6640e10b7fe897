"""Imports every capability, so that its declarations, handlers and ticks are known."""

from __future__ import annotations

from services.notifications.alerts import forgetting, handlers
from services.notifications.deadlines import jobs as deadline_jobs
from services.notifications.deadlines import queries as deadline_queries
from services.notifications.delivery import queries as delivery_queries
from services.notifications.delivery import vacancies
from services.notifications.todo import api, commands, handing_over, queries, standings, standings_added

PAGES = (api.count,)

__all__ = [
    "PAGES",
    "commands",
    "deadline_jobs",
    "deadline_queries",
    "delivery_queries",
    "forgetting",
    "handing_over",
    "handlers",
    "queries",
    "standings",
    "standings_added",
    "vacancies",
]
