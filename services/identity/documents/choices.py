"""What the forms about documents offer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.documents.models import Document, DocumentVersion
from shared.web import guard


def documents(_context: object = None) -> list[tuple[str, str]]:
    """What can have a new version."""
    found = select(Document.code, Document.title).where(~Document.historical).order_by(Document.title)
    return _read(found)


def versions(_context: object = None) -> list[tuple[str, str]]:
    """The versions of documents that are in use, the newest of each first."""
    found = (
        select(
            DocumentVersion.id, Document.short_title.op("||")(", version ").op("||")(DocumentVersion.version)
        )
        .join(Document, Document.code == DocumentVersion.document)
        .where(~Document.historical)
        .order_by(Document.title, DocumentVersion.published_at.desc())
    )
    return _read(found)


def _read(statement: Any) -> list[tuple[str, str]]:
    with Session(guard.runtime().database.reading) as session:
        return [(str(value), text) for value, text in session.execute(statement)]
