"""How a person stands to a document: which version is to be signed, and whether it is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.documents.models import Document, DocumentVersion, Signature
from services.identity.documents.signing_rules import STATEMENT


@dataclass(frozen=True)
class Standing:
    """`signed` the version in force; `signed_before` an older one."""

    document: Document
    version: DocumentVersion
    signature: Signature | None
    signed_before: bool

    statement = STATEMENT

    @property
    def signed(self) -> bool:
        return self.signature is not None


def standing(session: Session, person_id: UUID, document: str) -> Standing | None:
    """None where no version has been published."""
    version = current_version(session, document)
    if version is None:
        return None
    signatures = session.execute(
        select(Signature)
        .join(DocumentVersion, DocumentVersion.id == Signature.version_id)
        .where(DocumentVersion.document == document, Signature.person_id == person_id)
    ).scalars()
    by_version = {signature.version_id: signature for signature in signatures}
    current = by_version.pop(version.id, None)
    return Standing(session.get_one(Document, document), version, current, bool(by_version))


def current_version(session: Session, document: str) -> DocumentVersion | None:
    newest = (
        select(DocumentVersion)
        .where(DocumentVersion.document == document)
        .order_by(DocumentVersion.published_at.desc())
        .limit(1)
    )
    return session.execute(newest).scalar_one_or_none()


def to_sign(session: Session, person_id: UUID, agency_kind: str) -> list[Standing]:
    """Every published document that this person's agency signs, SyOPs first."""
    codes = [
        document.code
        for document in session.execute(select(Document).order_by(Document.title)).scalars()
        if not document.agency_kinds or agency_kind in document.agency_kinds
    ]
    found = [standing(session, person_id, code) for code in sorted(codes, key=lambda code: code != "syops")]
    return [each for each in found if each is not None]
