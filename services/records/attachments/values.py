"""What an entry says, sealed under the nominal's key: as JSON, and what is masked apart from the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.records.attachments.catalogue import Folder
from services.records.attachments.models import MASKED, VALUES, Version
from services.records.attachments.rules import masked_fields
from shared.keys.nominal_key import NominalKey
from shared.work import Work

Values = dict[str, Any]


def seal(
    work: Work, owner: UUID, folder: Folder, grading: str, values: Mapping[str, Any]
) -> tuple[bytes, bytes | None]:
    """(open, masked); None where nothing of it is masked."""
    return seal_with(work.runtime.keys.of_owner(owner), folder, grading, values)


def seal_with(
    key: NominalKey, folder: Folder, grading: str, values: Mapping[str, Any]
) -> tuple[bytes, bytes | None]:
    """The same with the nominal's key at hand."""
    hidden = masked_fields(folder, grading)
    plain = {name: value for name, value in values.items() if value is not None and name not in hidden}
    masked = {name: value for name, value in values.items() if value is not None and name in hidden}
    return key.encrypt(VALUES, _written(plain)), key.encrypt(MASKED, _written(masked)) if masked else None


def open_plain(work: Work, folder: Folder, version: Version) -> Values | None:
    """What is not masked; None where the nominal's key is gone."""
    text = work.runtime.readable(version.origin_nominal_id, VALUES, version.open_values)
    return None if text is None else read(folder, text)


def open_masked(work: Work, folder: Folder, version: Version) -> Values:
    """What is masked: only for whoever had it shown, or to show the last digits of a number."""
    if version.masked_values is None:
        return {}
    text = work.runtime.readable(version.origin_nominal_id, MASKED, version.masked_values)
    return {} if text is None else read(folder, text)


def open_whole(work: Work, folder: Folder, version: Version) -> Values:
    """Everything, for the act that changes it."""
    return {**(open_plain(work, folder, version) or {}), **open_masked(work, folder, version)}


def read(folder: Folder, text: str) -> Values:
    """JSON has no dates: which values are some, the catalogue knows."""
    dates = {name for name, one in folder.fields.items() if one.type == "date"} | {"source_date"}
    return {
        name: date.fromisoformat(value) if name in dates else value
        for name, value in json.loads(text).items()
    }


def _written(values: Mapping[str, Any]) -> str:
    return json.dumps(values, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
