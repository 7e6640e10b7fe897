"""The documents that come with the suite, and publishing a new version of one."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib.resources import files

from services.identity.documents.models import SYOPS, Document, DocumentVersion
from services.identity.documents.signed import current_version
from shared.events.identity import DOCUMENT_PUBLISHED
from shared.ids import derived_id
from shared.work import EVERY_AGENCY, Work


def ensure_syops(work: Work, published_on: date | None = None) -> DocumentVersion:
    """SyOPs as they come with the suite, unless some are published already: without them nobody can sign in."""
    found = current_version(work.session, SYOPS)
    if found is not None:
        return found
    work.session.add(
        Document(
            code=SYOPS,
            title="ViSOR Security Operating Procedures (SyOPs)",
            short_title="SyOPs",
            agency_kinds=[],
        )
    )
    work.session.flush()
    text = files("services.identity.documents").joinpath("texts/syops.txt").read_text(encoding="utf-8")
    return publish(work, SYOPS, "1.0", text, published_on)


def publish(
    work: Work, document: str, version: str, text: str, published_on: date | None = None
) -> DocumentVersion:
    """A new version, in force from today or the day given; who signed the one before signs again (PF-4.16/D.1)."""
    made = DocumentVersion(
        document=document,
        version=version,
        text=text,
        text_hash=text_hash(text),
        published_on=published_on or work.today,
        published_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    subject = ("document", derived_id("document", document))
    work.emit(
        DOCUMENT_PUBLISHED,
        {"document": document, "version": version},
        aggregate=subject,
        agencies=(EVERY_AGENCY,),
    )
    return made


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
