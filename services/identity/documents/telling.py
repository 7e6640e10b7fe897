"""Who is told of documents: who must sign, who must know, and whom a CPC writes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from services.identity.documents.models import Document, DocumentVersion
from services.identity.documents.signed import signatories
from services.identity.documents.signings import begin_signing, replace_signings, settle_if_all_signed
from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE, CPC, token_in_force
from services.identity.tokens.models import TokenGrant
from shared.events.identity.documents import DOCUMENT_PUBLISHED, DOCUMENT_SIGNED, DOCUMENT_TO_SIGN
from shared.ids import derived_id
from shared.work import EVERY_AGENCY, Concerned, Work

# One event carries so many people at most.
_AT_ONCE = 500


def tell_published(work: Work, document: Document, version: DocumentVersion, previous: UUID | None) -> None:
    """Each CPC, to confirm that they know of it (PF-4.16/E.1), and everybody who must sign, unit by unit."""
    work.emit(
        DOCUMENT_PUBLISHED,
        _about(document, version),
        aggregate=subject_of(document.code),
        to=_cpcs(work, document),
        agencies=(EVERY_AGENCY,),
    )
    replace_signings(work, document)
    if document.signature == "none":
        return
    for unit, people in _by_unit(work, document).items():
        data = {
            **_about(document, version),
            **_signing(work, document, version, unit),
            "previous_id": previous,
        }
        for start in range(0, len(people), _AT_ONCE):
            to = [_told(person, "signatory") for person in people[start : start + _AT_ONCE]]
            work.emit(DOCUMENT_TO_SIGN, data, aggregate=subject_of(document.code), to=to)


def tell_signed(work: Work, person: Person, version: DocumentVersion) -> None:
    data = {
        "document": version.document,
        "version": version.version,
        "version_id": version.id,
        "person_id": person.id,
    }
    work.emit(DOCUMENT_SIGNED, data, aggregate=subject_of(version.document), agencies=(EVERY_AGENCY,))
    settle_if_all_signed(work, version, person.unit)


def subject_of(code: str) -> tuple[str, UUID]:
    return ("document", derived_id("document", code))


def _about(document: Document, version: DocumentVersion) -> dict[str, object]:
    return {
        "document": document.code,
        "version": version.version,
        "version_id": version.id,
        "title": document.short_title,
    }


def _signing(work: Work, document: Document, version: DocumentVersion, code: str) -> dict[str, object]:
    """Of the version in the unit, whose clock runs where it must be signed (D-35)."""
    unit = work.session.get_one(Unit, code)
    return {
        "unit": unit.code,
        "jurisdiction": unit.jurisdiction,
        "signing_id": begin_signing(work, document, version, unit.code),
        "signature": document.signature,
        "published_on": version.published_on,
    }


def _by_unit(work: Work, document: Document) -> dict[str, list[Person]]:
    people: dict[str, list[Person]] = defaultdict(list)
    found = select(Person).where(signatories(document)).order_by(Person.unit, Person.id)
    for person in work.session.execute(found).scalars():
        people[person.unit].append(person)
    return people


def _cpcs(work: Work, document: Document) -> Iterable[Concerned]:
    """Of the agencies and jurisdictions that the document is for."""
    held = select(TokenGrant.person_id).where(TokenGrant.token == CPC, token_in_force())
    found = select(Person).where(signatories(document), ACTIVE, Person.id.in_(held)).order_by(Person.id)
    return [_told(person, "cpc") for person in work.session.execute(found).scalars()]


def _told(person: Person, role: str) -> Concerned:
    return Concerned(person.id, role, person.unit, person.agency)
