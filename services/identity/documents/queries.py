"""Reading documents; what must be signed is open to an onboarding session, which can do nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.documents.models import Document, DocumentVersion
from services.identity.documents.papers import as_paper
from services.identity.documents.schemas import DocumentAnswer, DocumentsAnswer
from services.identity.documents.signed import Standing, current_versions, standing, to_sign
from services.identity.documents.signing_rules import CONSEQUENCES, asks_consequences, may_read
from services.identity.people.models import Person
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.ids import derived_id
from shared.refusals import NotFound
from shared.web.frame import LIVE
from shared.web.schemas import Nothing
from shared.work import Work

# Whoever trains, oversees or appoints uses what ViSOR says, though they hold no token that opens a record.
_USERS_TOO = ("sro", "governor", "visor_lead", "head_of_public_protection", "prison_group_director")


@service.query(
    "documents.list",
    path="/documents",
    input=Nothing,
    answer=DocumentsAnswer,
    page=Page("Documents", "documents/list.html"),
    audience="onboarding",
)
def documents(work: Work) -> dict[str, Any]:
    """PF-4.16/D: what this person signs and whether they have, and the library as far as they may read it."""
    principal = work.principal
    mine = to_sign(work.session, principal.person_id, principal.agency_kind)
    asked = {one.document.code for one in mine}
    found = work.session.execute(select(Document).order_by(Document.historical, Document.title)).scalars()
    readable = [one for one in found if _may_read(principal, one, must_sign=one.code in asked)]
    versions = {one.document: one for one in current_versions(work.session, [one.code for one in readable])}
    return {
        "documents": mine,
        "grace": {one.document.code: _grace_ends(work, one) for one in mine},
        "library": [_line(one, versions.get(one.code)) for one in readable if one.code not in asked],
        "onboarding": principal.scope == "onboarding",
        "may_publish": principal.holds("admin") or principal.has_role("sro"),
        "is_cpc": principal.holds("cpc") or bool(principal.deputy_for),
    }


@service.query(
    "documents.read",
    path="/documents/<string:code>",
    input=Nothing,
    answer=DocumentAnswer,
    page=Page("Read and sign", "documents/read.html"),
    audience="onboarding",
)
def document(work: Work, *, code: str) -> dict[str, Any]:
    """The text in full, as it will be signed (PF-6.3); with the versions before it, and whom to ask for copies."""
    return _whole(work, code, None)


@service.query(
    "documents.read_version",
    path="/documents/<string:code>/versions/<uuid:version_id>",
    input=Nothing,
    answer=DocumentAnswer,
    page=Page("An older version", "documents/read.html"),
    audience="onboarding",
)
def document_version(work: Work, *, code: str, version_id: UUID) -> dict[str, Any]:
    """A version that another has taken the place of, as it stood (PI-H.1)."""
    return _whole(work, code, version_id)


def _whole(work: Work, code: str, version_id: UUID | None) -> dict[str, Any]:
    found = standing(work.session, work.principal.person_id, code)
    if found is None:
        raise NotFound
    principal, one = work.principal, found.document
    mine = to_sign(work.session, principal.person_id, principal.agency_kind)
    asked = any(each.document.code == code for each in mine)
    if not _may_read(principal, one, must_sign=asked):
        raise NotFound
    versions = _versions(work, code)
    version = found.version
    if version_id is not None:
        version = next((each for each in versions if each.id == version_id), None)  # type: ignore[assignment]
        if version is None:
            raise NotFound
    work.concerns(subject=("document", derived_id("document", code)), version=version.version)
    current = version.id == found.version.id
    return {
        "code": one.code,
        "title": one.title,
        "contact": one.contact,
        "historical": one.historical,
        "signature": one.signature,
        "signature_asked": asked and current,
        "statement": found.statement,
        "consequences": CONSEQUENCES if asks_consequences(one.signature) else None,
        "version": version.version,
        "published_on": version.published_on,
        "text": version.text,
        "text_hash": version.text_hash,
        "signed_at": found.signature.signed_at if current and found.signature else None,
        "signature_id": found.signature.id if current and found.signature else None,
        "grace_ends": _grace_ends(work, found) if asked and current else None,
        "current": current,
        "versions": [_version_line(each, found.version) for each in versions],
    }


def _grace_ends(work: Work, one: Standing) -> date | None:
    """The last day on which it may stay unsigned; None once it is signed."""
    if one.signed or one.document.signature != "required":
        return None
    person = work.session.get_one(Person, work.principal.person_id)
    grace = work.policy.period("deadline.D-35", work.today)
    return as_paper(one, person, grace).grace_ends


def _versions(work: Work, code: str) -> list[DocumentVersion]:
    found = select(DocumentVersion).where(DocumentVersion.document == code)
    newest_first = found.order_by(DocumentVersion.published_at.desc(), DocumentVersion.published_on.desc())
    return list(work.session.execute(newest_first).scalars())


def _version_line(one: DocumentVersion, current: DocumentVersion) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "published_on": one.published_on,
        "announced_at": one.announced_at,
        "current": one.id == current.id,
    }


def _line(one: Document, version: DocumentVersion | None) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "version": version.version if version else None,
        "published_on": version.published_on if version else None,
        "historical": one.historical,
        "visibility": one.visibility,
    }


def _may_read(principal: Principal, one: Document, *, must_sign: bool) -> bool:
    is_user = principal.scope == "full" and (principal.holds(*LIVE) or principal.has_role(*_USERS_TOO))
    publishes = principal.holds("admin")
    return may_read(one.visibility, is_visor_user=is_user or publishes, must_sign=must_sign)
