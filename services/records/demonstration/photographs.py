"""Invented photographs for the first of the caseload: drawn, of nobody, the same for the same nominal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from services.records.attachments import values as sealed
from services.records.attachments.catalogue import catalogue
from services.records.attachments.models import Entry, Version
from services.records.attachments.rules import dates_of, slot_of
from services.records.demonstration.invented import InventedNominal
from services.records.demonstration.rows import Rows, nominal_id
from services.records.previews.models import Preview
from shared.files import JPEG, keep_made
from shared.ids import new_id
from shared.time.calendars import start_of_day
from shared.work import Work

MANY = 12
FOLDER = "photographs"
_SKIN = ("#8d5524", "#c68642", "#e0ac69", "#f1c27d", "#ffdbac")
_HAIR = ("#2c1b10", "#4a3728", "#71635a", "#b7a69e")
_SHIRT = ("#1d70b8", "#505a5f", "#00703c", "#4c2c92")
_BETWEEN = timedelta(days=20)


def add(work: Work, rows: Rows, nominals: Sequence[InventedNominal]) -> None:
    """A current front view of each of the first, with its small pictures, as the job would have made them."""
    for one in nominals[:MANY]:
        _add(work, rows, one)
    work.session.flush()


def _add(work: Work, rows: Rows, one: InventedNominal) -> None:
    id, folder = nominal_id(one.index), catalogue()[FOLDER]
    taken = one.created_on - _BETWEEN
    large, small = drawn(one.index, (480, 600)), drawn(one.index, (256, 320))
    file_id = keep_made(work, f"{one.visor_number}.jpg", JPEG, large, nominal_id=id)
    pictures = [str(keep_made(work, "picture.jpg", JPEG, each, nominal_id=id)) for each in (small, large)]
    work.session.add(Preview(nominal_id=id, file_id=file_id, state="ready", pictures=pictures))
    values = _values(file_id, taken)
    entry_id = new_id()
    begins, ends = dates_of(folder, values)
    slot = slot_of(folder, values)
    who = _who(rows, one)
    at = start_of_day(one.created_on)
    work.session.add(
        Entry(
            id=entry_id,
            nominal_id=id,
            folder=FOLDER,
            grading="open",
            slot=slot.slot if slot else None,
            begins_on=begins,
            ends_on=ends,
            entered_by=who["written_by"],
            entered_at=at,
            agency=who["agency"],
            unit=who["unit"],
            changed_at=at,
        )
    )
    work.session.flush()
    plain, masked = sealed.seal(work, id, folder, "open", values)
    work.session.add(
        Version(
            entry_id=entry_id,
            nominal_id=id,
            number=1,
            what="added",
            written_at=at,
            grading="open",
            source="police",
            source_date=taken,
            open_values=plain,
            masked_values=masked,
            changed=list(values),
            **who,
        )
    )


def _values(file_id: UUID, taken: date) -> dict[str, Any]:
    return {
        "image": str(file_id),
        "taken_date": taken,
        "view": "front",
        "taken_by": "police",
        "is_current": True,
        "source": "police",
        "source_date": taken,
        "grading": "open",
    }


def _who(rows: Rows, one: InventedNominal) -> dict[str, Any]:
    user = rows.users[one.around.manager]
    return {"written_by": rows.ids[one.around.manager], "agency": user.agency, "unit": user.unit}


def drawn(index: int, size: tuple[int, int]) -> bytes:
    """A head and shoulders, in colours that `index` chooses."""
    width, height = size
    skin, hair = _SKIN[index % len(_SKIN)], _HAIR[index % len(_HAIR)]
    picture = Image.new("RGB", size, "#b1b4b6")
    draw = ImageDraw.Draw(picture)

    def box(*parts: float) -> list[float]:
        return [part * side for part, side in zip(parts, (width, height) * 2, strict=True)]

    draw.ellipse(box(0.08, 0.68, 0.92, 1.4), fill=_SHIRT[index % len(_SHIRT)])
    draw.rectangle(box(0.42, 0.55, 0.58, 0.75), fill=skin)
    draw.ellipse(box(0.26, 0.14, 0.74, 0.64), fill=hair)
    draw.ellipse(box(0.30, 0.22, 0.70, 0.64), fill=skin)
    for eye in (0.41, 0.56):
        draw.ellipse(box(eye, 0.38, eye + 0.04, 0.41), fill="#0b0c0c")
    draw.arc(box(0.42, 0.44, 0.58, 0.54), 20, 160, fill="#0b0c0c", width=max(1, width // 120))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()
