"""Asking for a file's pictures, in the transaction that keeps the file, and finding them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from services.records.previews.models import Preview
from shared.files import describe
from shared.pictures.making import SHOWN
from shared.work import Work

TASK = "previews.make"


def ask_for(work: Work, file_id: UUID, nominal_id: UUID) -> None:
    """Of kinds of which no picture is made there is a row too, which says so."""
    shown = describe(work, [file_id])[file_id].kind in SHOWN
    state = "waiting" if shown else "impossible"
    work.session.add(Preview(file_id=file_id, nominal_id=nominal_id, state=state, pictures=[]))
    if shown:
        work.enqueue(TASK, {"file_id": str(file_id)}, key=str(file_id))


def previews_of(work: Work, file_ids: Iterable[UUID]) -> Mapping[UUID, Preview]:
    """In one query."""
    ids = list(file_ids)
    if not ids:
        return {}
    found = work.session.scalars(select(Preview).where(Preview.file_id.in_(ids)))
    return {one.file_id: one for one in found}
