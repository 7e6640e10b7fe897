"""Throws away what no longer counts: keys of old sendings, drafts that nobody went on with, and revocations.

No access token can be older than a revocation that is thrown away.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from shared import once
from shared.access import revocations
from shared.drafts import keeping as drafts

if TYPE_CHECKING:
    from shared.work import Work

EACH_SECONDS = 600.0


class Sweep:
    """A tick of every service; does something once in ten minutes for each process, and twice at once harms nobody."""

    __name__ = "sweep"

    def __init__(self) -> None:
        self._swept_at = -EACH_SECONDS

    def __call__(self, work: Work) -> None:
        if time.monotonic() - self._swept_at < EACH_SECONDS:
            return
        self._swept_at = time.monotonic()
        tables = work.runtime.service.tables
        once.forget_old(work.session, tables.once, work.system_now)
        revocations.forget_old(work.session, tables.revocation, work.system_now)
        if tables.draft is not None:
            drafts.forget_old(work)
