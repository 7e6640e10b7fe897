"""Which drafts one has. What is in them is shown by their own forms alone, which ask who may write there."""

from __future__ import annotations

from typing import Any

from services.records.drafts.schemas import DraftList
from services.records.search.finding import lines
from services.records.service import service
from shared import drafts
from shared.declarations import Page
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "drafts.list",
    path="/drafts",
    input=Nothing,
    answer=DraftList,
    page=Page("Your drafts", "drafts/list.html"),
)
def my_drafts(work: Work) -> dict[str, Any]:
    """One's own drafts, latest first, each with the minimal line of whom it is about."""
    mine = drafts.drafts_of(work)
    nominals = list(dict.fromkeys(draft.nominal_id for draft in mine if draft.nominal_id))
    known = {line.nominal_id: line for line in lines(work.session, work.principal, nominals)}
    work.concerns(count=len(mine))
    return {
        "drafts": [
            {
                "id": draft.id,
                "title": draft.title,
                "place": draft.place,
                "saved_at": draft.saved_at,
                "until": draft.until,
                "line": known.get(draft.nominal_id) if draft.nominal_id else None,
            }
            for draft in mine
        ]
    }
