"""Reading what must be signed; open to an onboarding session, which can do nothing else."""

from __future__ import annotations

from typing import Any

from services.identity.documents.schemas import DocumentAnswer, DocumentsAnswer
from services.identity.documents.signed import Standing, standing, to_sign
from services.identity.service import service
from shared.declarations import Page
from shared.ids import derived_id
from shared.refusals import NotFound
from shared.web.schemas import Nothing
from shared.work import Work


@service.query(
    "documents.list",
    path="/documents",
    input=Nothing,
    answer=DocumentsAnswer,
    page=Page("Documents to read and sign", "documents/list.html"),
    audience="onboarding",
)
def documents(work: Work) -> dict[str, Any]:
    """PF-4.16/D: each document that this person's agency signs, and whether they have."""
    found = to_sign(work.session, work.principal.person_id, work.principal.agency_kind)
    return {"documents": found, "onboarding": work.principal.scope == "onboarding"}


@service.query(
    "documents.read",
    path="/documents/<string:code>",
    input=Nothing,
    answer=DocumentAnswer,
    page=Page("Read and sign", "documents/read.html"),
    audience="onboarding",
)
def document(work: Work, *, code: str) -> Standing:
    """The text in full, as it will be signed (PF-6.3)."""
    found = standing(work.session, work.principal.person_id, code)
    if found is None:
        raise NotFound
    work.concerns(subject=("document", derived_id("document", code)), version=found.version.version)
    return found
