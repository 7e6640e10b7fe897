"""Draws the pictures of one file, by a program of its own, and keeps them under the nominal's key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.previews.asking import TASK
from services.records.previews.models import Preview
from services.records.service import service
from shared.files import JPEG, keep_made, open_file
from shared.pictures import CannotBeShown, pictures_of
from shared.refusals import NotFound, Refusal
from shared.work import Work


@service.task(TASK)
def make(work: Work, payload: Mapping[str, Any]) -> str:
    """Once: a file that cannot be drawn is not tried again, and the page says so."""
    found = select(Preview).where(Preview.file_id == UUID(payload["file_id"])).with_for_update()
    preview = work.session.execute(found).scalar_one_or_none()
    if preview is None or preview.state != "waiting":
        return "nothing"
    try:
        file = open_file(work, preview.file_id)
        made = pictures_of(file.kind, b"".join(file.chunks()))
    except (CannotBeShown, NotFound, Refusal):
        preview.state = "impossible"
        return preview.state
    preview.pictures = [
        str(keep_made(work, "picture.jpg", JPEG, one, nominal_id=preview.origin_nominal_id))
        for one in (made.thumbnail, *made.large)
    ]
    preview.state = "ready"
    return preview.state
