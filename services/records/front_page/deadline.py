"""The next deadline on the summary: notifications knows it, and is asked with the reader's own access token."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
from flask import has_request_context

from services.records.access.record import Record
from services.records.nominals.parts import summary_part
from shared.web import guard
from shared.work import Work

# The page waits no longer for it than this, in seconds.
_PATIENCE = 2.0
_log = logging.getLogger(__name__)


@summary_part("next_deadline")
def next_deadline(work: Work, record: Record) -> Mapping[str, Any] | None:
    """None where notifications cannot be asked: the page then only links to the deadlines."""
    client: httpx.Client | None = work.runtime.extras.get("http", {}).get("notifications")
    credential = guard.credential() if has_request_context() else None
    if client is None or credential is None:
        return None
    try:
        answer = client.get(
            f"/notifications/api/nominals/{record.id}/deadlines/next",
            headers={"Authorization": f"Bearer {credential}"},
            timeout=_PATIENCE,
        )
        answer.raise_for_status()
        return _said(answer.json())
    except (httpx.HTTPError, ValueError, KeyError) as error:
        _log.info("the next deadline cannot be fetched: %s", type(error).__name__)
        return None


def _said(told: Mapping[str, Any]) -> Mapping[str, Any]:
    if not told["running"]:
        return {"text": "None", "due": None, "state": None, "href": None}
    due = date.fromisoformat(told["due_on"])
    return {"text": told["duty"], "due": due, "state": told["state"], "href": None}
