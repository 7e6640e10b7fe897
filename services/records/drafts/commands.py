"""Throwing a draft away."""

from __future__ import annotations

from uuid import UUID

from services.records.drafts.schemas import Discarded
from services.records.service import service
from shared import drafts
from shared.declarations import FormPage
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work


@service.command(
    "drafts.discard",
    path="/drafts/<uuid:draft_id>/discard",
    input=Nothing,
    answer=Discarded,
    form=FormPage(
        title="Discard the draft",
        button="Discard",
        done="The draft is discarded.",
        next="{place}",
        intro="What you typed there is lost.",
    ),
)
def discard_draft(work: Work, *, draft_id: UUID) -> dict[str, str]:
    """Throw away one's own draft; another's is not there for anybody else."""
    place = drafts.discard(work, draft_id)
    if place is None:
        raise NotFound
    work.concerns(subject=("draft", draft_id))
    return {"place": place}
