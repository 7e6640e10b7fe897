"""Imports every capability, so that its declarations, handlers and ticks are known."""

from __future__ import annotations

from services.notifications.alerts import forgetting, handlers
from services.notifications.deadlines import jobs as deadline_jobs
from services.notifications.delivery import vacancies
from services.notifications.todo import standings

__all__ = ["deadline_jobs", "forgetting", "handlers", "standings", "vacancies"]
