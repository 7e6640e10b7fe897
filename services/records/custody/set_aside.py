"""The messages that were not taken, for whoever may look into them.

The list shows when, of what type and why, and nothing of the message: `admin`, who runs the suite, sees it, and may
know nothing of any nominal (section 4.2). The text can name anybody, so it is for a CPC of the Prison Service, who is
vetted for live records and answers for the receptions of a group (PF-5.12, PF-5.13); each reading is audited.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from services.records.custody.commands import BODY
from services.records.custody.models import Incoming
from services.records.custody.schemas import AsideList, AsidePage, AsideWhole
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.directory.contacts import your_cpc
from shared.keys import KeyProblem
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PATH = "/integrations/hmpps/set-aside"
PAGE = 50
UNREADABLE = "The text can no longer be read."


@service.query(
    "custody.set_aside",
    path=PATH,
    input=AsidePage,
    answer=AsideList,
    page=Page("Prison messages set aside", "custody/set_aside.html"),
)
def list_set_aside(work: Work, *, before: UUID | None) -> dict[str, Any]:
    """What was set aside or found no record, newest first."""
    may_read = may_read_texts(work.principal)
    if not (may_read or work.principal.holds("admin")):
        raise _refused(work, "admin")
    found = select(Incoming).where(Incoming.outcome != "taken").options(defer(Incoming.body))
    if before is not None:
        found = found.where(Incoming.id < before)
    rows = list(work.session.execute(found.order_by(Incoming.id.desc()).limit(PAGE + 1)).scalars())
    shown = rows[:PAGE]
    work.concerns(count=len(shown))
    return {"messages": shown, "next": shown[-1].id if len(rows) > PAGE else None, "may_read": may_read}


@service.query(
    "custody.set_aside_text",
    path=f"{PATH}/<uuid:message_id>",
    input=Nothing,
    answer=AsideWhole,
    page=Page("Message set aside", "custody/set_aside_text.html"),
)
def read_text(work: Work, *, message_id: UUID) -> dict[str, Any]:
    """One message as it came."""
    if not may_read_texts(work.principal):
        raise _refused(work, "cpc")
    row = work.session.get(Incoming, message_id)
    if row is None or row.body is None:
        raise NotFound
    work.concerns(subject=("incoming_message", message_id))
    try:
        body = work.runtime.decrypt(None, BODY, row.body)
    except KeyProblem:
        body = UNREADABLE
    shown = {name: getattr(row, name) for name in ("id", "event_type", "received_at", "outcome", "reason")}
    return {**shown, "body": body}


def may_read_texts(principal: Principal) -> bool:
    return principal.agency_kind == "prison" and principal.holds("cpc")


def _refused(work: Work, token: str) -> Refusal:
    return Refusal("R11", token=token, contact=your_cpc(work))
