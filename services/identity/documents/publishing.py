"""Publishing a version, and a CPC's word that they know of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.documents.library import add_version
from services.identity.documents.models import Awareness, Document, DocumentVersion
from services.identity.documents.schemas import AwarenessInput, PublishedAnswer, PublishInput
from services.identity.documents.signed import current_version
from services.identity.documents.telling import subject_of, tell_published
from services.identity.service import service
from shared.declarations import FormPage
from shared.events.identity.documents import DOCUMENT_AWARE
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done
from shared.work import EVERY_AGENCY, Work

_PUBLISHERS = "an administrator or the Senior Responsible Officer for ViSOR"
service.constraints["uq_document_version_document"] = lambda: Refusal(
    "R34", what="This version has been published already."
)


def _only_publishers(work: Work) -> None:
    if not (work.principal.holds("admin") or work.principal.has_role("sro")):
        raise Refusal("R32", role=_PUBLISHERS)


def _first_shown(work: Work) -> dict[str, Any]:
    _only_publishers(work)
    return {}


@service.command(
    "documents.publish",
    path="/documents/versions",
    input=PublishInput,
    answer=PublishedAnswer,
    status=201,
    recent_sign_in=True,
    form=FormPage(
        path="/documents/publish",
        title="Publish a version of a document",
        button="Publish the version",
        done="The version has been published. Everybody who has to sign it has been told.",
        next="/documents/{document}",
        cancel="/documents",
        values=_first_shown,
        intro="What is published is never changed. Everybody who signed the version before signs this one.",
    ),
)
def publish(work: Work, *, document: str, version: str, text: str, announced_at: str) -> DocumentVersion:
    """PF-4.16/D.1, PF-4.16/E.1. In force from today; the versions before it stay in the library."""
    work.concerns(subject=subject_of(document), document=document, version=version)
    _only_publishers(work)
    found = work.session.get(Document, document, with_for_update=True)
    if found is None or found.historical:
        raise Invalid({"document": ["There is no document in use with this code."]})
    known = select(DocumentVersion.id).where(
        DocumentVersion.document == document, DocumentVersion.version == version
    )
    if work.session.execute(known).first() is not None:
        raise Invalid({"version": ["This version has been published already."]})
    before = current_version(work.session, document)
    made = add_version(
        work, document, version, text, published_by=work.principal.person_id, announced_at=announced_at
    )
    tell_published(work, found, made, before.id if before else None)
    return made


def _awareness_asked(work: Work, version_id: UUID) -> dict[str, Any]:
    _only_cpc(work)
    version = _version(work, version_id)
    document = work.session.get_one(Document, version.document)
    return {"about": f"{document.title}, version {version.version}. Announced at: {version.announced_at}"}


@service.command(
    "documents.confirm_awareness",
    path="/documents/versions/<uuid:version_id>/awareness",
    input=AwarenessInput,
    answer=Done,
    form=FormPage(
        path="/documents/versions/<uuid:version_id>/awareness/new",
        title="Confirm that you know of this version",
        button="Confirm",
        done="Your confirmation has been noted.",
        next="/documents",
        values=_awareness_asked,
    ),
)
def confirm_awareness(work: Work, *, version_id: UUID, attendance: str) -> None:
    """PF-4.16/E.1: a CPC learns of updates at the user group, or from whom they send. Once is enough."""
    _only_cpc(work)
    version = _version(work, version_id)
    person_id = work.principal.person_id
    work.concerns(subject=subject_of(version.document), version=version.version, attendance=attendance)
    known = select(Awareness).where(Awareness.version_id == version_id, Awareness.person_id == person_id)
    if work.session.execute(known).first() is not None:
        return
    work.session.add(
        Awareness(
            person_id=person_id, version_id=version_id, attendance=attendance, confirmed_at=work.system_now
        )
    )
    work.session.flush()
    data = {
        "document": version.document,
        "version": version.version,
        "version_id": version.id,
        "person_id": person_id,
    }
    work.emit(DOCUMENT_AWARE, data, aggregate=subject_of(version.document), agencies=(EVERY_AGENCY,))


def _only_cpc(work: Work) -> None:
    if not (work.principal.holds("cpc") or work.principal.deputy_for):
        raise Refusal("R24")


def _version(work: Work, version_id: UUID) -> DocumentVersion:
    found = work.session.get(DocumentVersion, version_id)
    if found is None:
        raise NotFound
    return found
