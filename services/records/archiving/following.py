"""What was written elsewhere may make a record ready to be archived (PF-7/To do list.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.records.access.record import Record
from services.records.archiving.readiness import look
from services.records.archiving.rules import FOLDERS
from services.records.attachments.followed import follows
from services.records.attachments.models import Entry
from services.records.nominals.followed import after_registration
from services.records.nominals.models import Nominal
from shared.work import Work


@after_registration
def registration_changed(work: Work, record: Record, _nominal: Nominal) -> None:
    look(work, record)


def _dates_changed(work: Work, record: Record, _entry: Entry, _values: Mapping[str, Any]) -> None:
    look(work, record)


for _folder in FOLDERS:
    follows(_folder)(_dates_changed)
