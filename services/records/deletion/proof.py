"""Tombstones are kept beside the keys as well: a database restored from before a deletion has forgotten it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.records.deletion.models import Tombstone
from shared.keys.private_files import one_at_a_time, private_folder, sync_folder
from shared.work import Work

NAME = "deletions.jsonl"
_IDS = ("id", "record_id", "requested_by", "approved_by")
_TIMES = ("requested_at", "deleted_at", "keys_destroyed_at")


def write(folder: Path, tombstone: Tombstone) -> None:
    """One line more, on the disk before this returns; written twice it says the same twice."""
    said = {column.key: getattr(tombstone, column.key) for column in Tombstone.__table__.columns}
    line = json.dumps(said, default=_plain) + "\n"
    private_folder(folder)
    with one_at_a_time(folder):
        descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(folder)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def restore(work: Work, folder: Path) -> int:
    """Enter what the database has forgotten; how many. A last line cut short belonged to a deletion under way."""
    known = set(work.session.scalars(select(Tombstone.record_id)))
    rows = [one for one in _read(folder) if one["record_id"] not in known]
    for row in rows:
        work.session.execute(insert(Tombstone).values(row).on_conflict_do_nothing())
    return len({row["record_id"] for row in rows})


def _read(folder: Path) -> list[dict[str, Any]]:
    path = folder / NAME
    if not path.exists():
        return []
    lines = path.read_text().split("\n")[:-1]
    return [_row(json.loads(line)) for line in lines if line]


def _row(said: dict[str, Any]) -> dict[str, Any]:
    ids = {name: UUID(said[name]) if said[name] else None for name in _IDS}
    times = {name: datetime.fromisoformat(said[name]) if said[name] else None for name in _TIMES}
    return {**said, **ids, **times, "record_ids": [UUID(one) for one in said["record_ids"]]}
