"""Settles what nobody settled: files of requests that died, and the bytes of files that were removed."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared.files.keeping import with_rows

if TYPE_CHECKING:
    from shared.work import Work

EACH_SECONDS = 600.0
# Longer than any request; what arrived is touched with each piece that comes.
UNSETTLED_SECONDS = 3600.0
# A removal that the sweep missed all this time would leave bytes without a key.
REMOVED = timedelta(days=30)


class FileSweep:
    """A tick of a service that keeps files. Twice at once harms nobody: each step is idempotent."""

    __name__ = "file_sweep"

    def __init__(self) -> None:
        self._swept_at = -EACH_SECONDS

    def __call__(self, work: Work) -> None:
        if time.monotonic() - self._swept_at < EACH_SECONDS:
            return
        self._swept_at = time.monotonic()
        sweep(work)


def sweep(work: Work) -> None:
    folder, table = work.runtime.files, work.runtime.service.tables.stored_file
    folder.settle(folder.waiting(work.system_now.timestamp() - UNSETTLED_SECONDS), partial(with_rows, work))
    lately = select(table.c.id).where(table.c.removed_at > work.system_now - REMOVED)
    for file_id in work.session.execute(lately).scalars():
        folder.delete(file_id)
