"""What somebody has signed: for themselves and their CPC, with a copy of each text and scans of what was on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from services.identity.accounts.finding import first_authority, person_or_404, reach_of, require_authority
from services.identity.authority import may_look_after
from services.identity.documents.copies import facts_of, parts_of
from services.identity.documents.models import Document, DocumentVersion, Signature
from services.identity.documents.schemas import CopyAnswer, PersonDocumentsAnswer, ScanInput
from services.identity.documents.signed import to_sign
from services.identity.documents.signing_rules import ON_PAPER
from services.identity.documents.telling import subject_of, tell_signed
from services.identity.people.cards import cards
from services.identity.people.models import Agency, Person
from services.identity.service import service
from services.identity.tokens.holders import cpc_contact
from services.identity.vetting.scope import oversees
from shared.declarations import FormPage, Page
from shared.files import PDF, Arriving, Download, keep, open_file
from shared.print import pdf
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.display import when
from shared.web.downloads import sent
from shared.web.schemas import Done, Nothing
from shared.work import Work

_COPY = Path(__file__).with_name("templates") / "documents" / "copy.typ"
service.constraints["uq_signature_once"] = lambda: Refusal("R34", what="This version is signed already.")


@service.query(
    "documents.of_person",
    path="/people/<uuid:person_id>/documents",
    input=Nothing,
    answer=PersonDocumentsAnswer,
    page=Page("Signed documents", "documents/person.html"),
)
def of_person(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """PF-4.16/A.4: each person's signatures, for themselves and whoever oversees them."""
    person = person_or_404(work, person_id)
    work.concerns(subject=("person", person.id))
    _may_see(work, person)
    kind = work.session.get_one(Agency, person.agency).kind
    own = person.id == work.principal.person_id
    signed = (
        _signatures()
        .where(Signature.person_id == person.id)
        .order_by(Signature.signed_at.desc(), Signature.id.desc())
    )
    return {
        "person": cards(work.session, [person])[0],
        "documents": to_sign(work.session, person.id, kind),
        "signatures": [
            _line(one, version, document) for one, version, document in work.session.execute(signed)
        ],
        "may_upload": may_look_after(reach_of(work, person)) and not own,
        "own": own,
    }


@service.query(
    "documents.copy",
    path="/documents/signatures/<uuid:signature_id>",
    input=Nothing,
    answer=CopyAnswer,
    page=Page("Copy of a signed document", "documents/copy.html"),
)
def copy(work: Work, *, signature_id: UUID) -> dict[str, Any]:
    """PF-4.16/A.4: what was signed, word for word, to be printed or kept."""
    signature, version, document = _one(work, signature_id)
    ids = {signature.person_id, signature.added_by} - {None}
    people = work.session.execute(select(Person).where(Person.id.in_(ids))).scalars()
    known = {card.id: card for card in cards(work.session, people)}
    return {
        **_line(signature, version, document),
        "person": known[signature.person_id],
        "statement": signature.statement,
        "text": version.text,
        "published_on": version.published_on,
        "added_by": known.get(signature.added_by) if signature.added_by else None,
    }


@service.query(
    "documents.copy_pdf",
    path="/documents/signatures/<uuid:signature_id>/pdf",
    input=Nothing,
    answer=Done,
    send=sent,
)
def copy_pdf(work: Work, *, signature_id: UUID) -> Download:
    """PF-4.16/A.4: the copy that the CPC stores, to be kept on paper or elsewhere."""
    kept = copy(work, signature_id=signature_id)
    data = {
        "title": f"Signed copy: {kept['title']}",
        "reader": work.principal.name,
        "printed": when(work.now),
        "facts": facts_of(kept),
        "parts": parts_of(kept["text"]),
    }
    return Download.of(
        f"{kept['title']} {kept['version']} signed by {kept['person'].name}", PDF, pdf(_COPY, data)
    )


@service.query(
    "documents.scan",
    path="/documents/signatures/<uuid:signature_id>/scan",
    input=Nothing,
    answer=Done,
    send=sent,
)
def scan(work: Work, *, signature_id: UUID) -> Download:
    """PF-4.16/A.5: the paper as it was uploaded."""
    signature, _, _ = _one(work, signature_id)
    if signature.scan_id is None:
        raise NotFound
    return open_file(work, signature.scan_id)


@service.command(
    "documents.upload_signed",
    path="/people/<uuid:person_id>/documents/signed",
    input=ScanInput,
    answer=Done,
    form=FormPage(
        values=first_authority("signature"),
        path="/people/<uuid:person_id>/documents/signed/new",
        title="Upload a signature on paper",
        button="Upload the signature",
        done="The signature has been added.",
        next="/people/{person_id}/documents",
        intro="The scan shows the person's own signature under this version of the document.",
    ),
)
def upload_signed(work: Work, *, person_id: UUID, version_id: UUID, signed_on: date, scan: Arriving) -> None:
    """PF-4.16/A.5: counts like one given here. By whoever looks after the account, never one's own (R23)."""
    person = person_or_404(work, person_id, lock=True)
    work.concerns(subject=("person", person.id))
    require_authority(work, person, "signature")
    version = work.session.get(DocumentVersion, version_id)
    if version is None:
        raise Invalid({"version_id": ["There is no such version."]})
    work.concerns(document=version.document, version=version.version)
    if not version.published_on <= signed_on <= work.today:
        raise Invalid({"signed_on": ["It was signed between the day it was published and today."]})
    work.session.add(
        Signature(
            person_id=person.id,
            version_id=version.id,
            typed_name=person.name,
            statement=ON_PAPER,
            text_hash=version.text_hash,
            signed_at=datetime.combine(signed_on, time(12), UTC),
            session_id=work.principal.session_id,
            scan_id=keep(work, scan),
            added_by=work.principal.person_id,
        )
    )
    work.session.flush()
    tell_signed(work, person, version)


def _signatures() -> Select[Signature, DocumentVersion, Document]:
    return (
        select(Signature, DocumentVersion, Document)
        .join(DocumentVersion, DocumentVersion.id == Signature.version_id)
        .join(Document, Document.code == DocumentVersion.document)
    )


def _one(work: Work, signature_id: UUID) -> tuple[Signature, DocumentVersion, Document]:
    row = work.session.execute(_signatures().where(Signature.id == signature_id)).first()
    if row is None:
        raise NotFound
    signature, version, document = row
    work.concerns(subject=subject_of(version.document), version=version.version)
    _may_see(work, person_or_404(work, signature.person_id))
    return signature, version, document


def _may_see(work: Work, person: Person) -> None:
    if person.id == work.principal.person_id:
        return
    if not oversees(work.principal, reach_of(work, person).areas):
        raise Refusal("R24", contact=cpc_contact(work, person.unit))


def _line(signature: Signature, version: DocumentVersion, document: Document) -> dict[str, Any]:
    return {
        "id": signature.id,
        "title": document.title,
        "version": version.version,
        "typed_name": signature.typed_name,
        "text_hash": signature.text_hash,
        "signed_at": signature.signed_at,
        "on_paper": signature.scan_id is not None,
    }
