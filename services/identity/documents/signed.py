"""How people stand to documents: which version is to be signed, by whom, and whether it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.identity.documents.models import SYOPS, Document, DocumentVersion, Signature
from services.identity.documents.signing_rules import statement, who_signs
from services.identity.people.models import Agency, Person, Unit
from services.identity.tokens.holders import ACTIVE


@dataclass(frozen=True)
class Standing:
    """`signed` the version in force; `signed_before` an older one."""

    document: Document
    version: DocumentVersion
    signature: Signature | None
    signed_before: bool

    @property
    def signed(self) -> bool:
        return self.signature is not None

    @property
    def statement(self) -> str:
        return statement(self.document.signature)


def standing(session: Session, person_id: UUID, document: str) -> Standing | None:
    """None where no version has been published."""
    found = session.get(Document, document)
    return next(iter(_standings(session, person_id, [found] if found else [])), None)


def to_sign(session: Session, person_id: UUID, agency_kind: str) -> list[Standing]:
    """Every published document that this person signs or acknowledges, SyOPs first."""
    jurisdiction = session.execute(
        select(Unit.jurisdiction).join(Person, Person.unit == Unit.code).where(Person.id == person_id)
    ).scalar_one()
    asked = (
        select(Document).where(Document.signature != "none", ~Document.historical).order_by(Document.title)
    )
    documents = [
        document
        for document in session.execute(asked).scalars()
        if who_signs(document.agency_kinds, document.jurisdictions, agency_kind, jurisdiction)
    ]
    return _standings(session, person_id, sorted(documents, key=lambda one: one.code != SYOPS))


def current_version(session: Session, document: str) -> DocumentVersion | None:
    return next(iter(current_versions(session, [document])), None)


def current_versions(session: Session, documents: Iterable[str]) -> list[DocumentVersion]:
    """The newest of each."""
    newest = (
        select(DocumentVersion)
        .ext(distinct_on(DocumentVersion.document))
        .where(DocumentVersion.document.in_(list(documents)))
        .order_by(
            DocumentVersion.document, DocumentVersion.published_at.desc(), DocumentVersion.published_on.desc()
        )
    )
    return list(session.execute(newest).scalars())


def signatories(document: Document) -> ColumnElement[bool]:
    """Over `Person`: active, and of an agency and a jurisdiction whose people sign it."""
    kinds = select(Agency.code).where(Agency.kind.in_(document.agency_kinds))
    places = select(Unit.code).where(Unit.jurisdiction.in_(document.jurisdictions))
    return and_(
        ACTIVE,
        Person.agency.in_(kinds) if document.agency_kinds else true(),
        Person.unit.in_(places) if document.jurisdictions else true(),
    )


def has_signed(version_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Over `Person`."""
    return (
        select(Signature.id)
        .where(Signature.person_id == Person.id, Signature.version_id == version_id)
        .exists()
    )


def _standings(session: Session, person_id: UUID, documents: list[Document]) -> list[Standing]:
    """In the order given, in two queries; documents of which nothing is published are left out."""
    codes = [document.code for document in documents]
    versions = {version.document: version for version in current_versions(session, codes)}
    found = (
        select(Signature, DocumentVersion.document)
        .join(DocumentVersion, DocumentVersion.id == Signature.version_id)
        .where(Signature.person_id == person_id, DocumentVersion.document.in_(codes))
    )
    signed: dict[str, dict[UUID, Signature]] = {code: {} for code in codes}
    for signature, code in session.execute(found):
        signed[code][signature.version_id] = signature
    return [
        Standing(
            document,
            versions[document.code],
            signed[document.code].get(versions[document.code].id),
            any(version_id != versions[document.code].id for version_id in signed[document.code]),
        )
        for document in documents
        if document.code in versions
    ]
