"""The day on which a prisoner left, entered on the custody attachment, stops the prison's clock (PF-5.18, D-22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select, update

from services.records.attachments.catalogue import Folder
from services.records.attachments.models import Entry
from services.records.custody.models import Movement
from services.records.custody.movements import PRISON_SERVICE
from shared.clock import LONDON
from shared.events.records.attachments import TRANSFER_DATED
from shared.work import Work

CUSTODY = "custody"


def tell_of_transfer(work: Work, folder: Folder, entry: Entry, values: Mapping[str, Any]) -> None:
    """Of the last reception into that prison which is not after the day; nothing where the record knows of none."""
    left_on = values.get("transfer_date")
    if folder.key != CUSTODY or left_on is None or entry.state not in {"current", "ended"}:
        return
    end_of_day = datetime.combine(left_on, time.max, LONDON)
    reception = (
        select(Movement.id)
        .where(
            Movement.nominal_id == entry.nominal_id,
            Movement.kind == "received",
            Movement.prison == values["establishment"],
            Movement.at <= end_of_day,
        )
        .order_by(Movement.at.desc(), Movement.id.desc())
        .limit(1)
    )
    if (reception_id := work.session.execute(reception).scalar_one_or_none()) is not None:
        dated = update(Movement).where(Movement.id == reception_id, Movement.dated_at.is_(None))
        work.session.execute(dated.values(dated_at=work.now))
        data = {"nominal_id": entry.nominal_id, "reception_id": reception_id}
        work.emit(TRANSFER_DATED, data, aggregate=("reception", reception_id), agencies=[PRISON_SERVICE])
