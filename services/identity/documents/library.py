"""The documents that come with the suite, and publishing a new version of one."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.identity.documents.models import SYOPS, Document, DocumentVersion
from services.identity.documents.signed import current_version
from shared.work import Work

_HERE = "services.identity.documents"


@cache
def known_documents() -> Mapping[str, Mapping[str, Any]]:
    """library.toml by code."""
    return tomllib.loads(files(_HERE).joinpath("library.toml").read_text(encoding="utf-8"))


def ensure_syops(work: Work, published_on: date | None = None) -> DocumentVersion:
    """The library, and SyOPs as they come with the suite, unless some are published already: without them nobody
    can sign in.
    """
    ensure_library(work)
    found = current_version(work.session, SYOPS)
    if found is not None:
        return found
    text = files(_HERE).joinpath("texts/syops.txt").read_text(encoding="utf-8")
    return add_version(work, SYOPS, "1.0", text, published_on=published_on)


def ensure_library(work: Work) -> int:
    """Adds documents that are missing, with what is known of historical ones; returns how many."""
    there = set(work.session.execute(select(Document.code)).scalars())
    missing = {code: row for code, row in known_documents().items() if code not in there}
    for code, row in missing.items():
        work.session.add(_document(code, row))
        work.session.flush()
        for version, day, text in row.get("historical", ()):
            add_version(work, code, version, text, published_on=day)
    return len(missing)


def _document(code: str, row: Mapping[str, Any]) -> Document:
    return Document(
        code=code,
        title=row["title"],
        short_title=row["short_title"],
        agency_kinds=row.get("agency_kinds", []),
        jurisdictions=row.get("jurisdictions", []),
        signature=row.get("signature", "required"),
        visibility=row.get("visibility", "all_staff"),
        historical="historical" in row,
        contact=row.get("contact"),
    )


def add_version(
    work: Work,
    document: str,
    version: str,
    text: str,
    *,
    published_on: date | None = None,
    published_by: UUID | None = None,
    announced_at: str | None = None,
) -> DocumentVersion:
    """In force from today or the day given. Tells nobody: see `publishing`."""
    made = DocumentVersion(
        document=document,
        version=version,
        text=text,
        text_hash=text_hash(text),
        published_on=published_on or work.today,
        published_at=work.system_now,
        published_by=published_by,
        announced_at=announced_at,
    )
    work.session.add(made)
    work.session.flush()
    return made


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
