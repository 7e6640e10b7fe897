"""What keeps a service's picture of the directory fresh: an event, and the tick for events that were lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared.directory.refresh import DirectoryAway, Fetch, note_wanted, refresh
from shared.directory.tables import DIRECTORY
from shared.events.identity.directory import DIRECTORY_CHANGED

if TYPE_CHECKING:
    from shared.events.envelope import Event
    from shared.service import Service
    from shared.work import Work

# Where a runtime keeps the function that asks identity for a page (`shared.directory.client`).
FETCH = "directory"
AT_LEAST_EVERY = timedelta(seconds=60)
_log = logging.getLogger(__name__)


def register(service: Service) -> None:
    """Have a service follow identity's directory; it must be declared with `reads_directory=True`."""
    service.on(DIRECTORY_CHANGED)(when_directory_changed)
    service.each_tick(catch_up)


def when_directory_changed(work: Work, event: Event) -> None:
    """Read on, unless that has been read. With identity away it only notes what is wanted: the tick asks again."""
    version = DIRECTORY_CHANGED.load(event.data)["version"]
    if note_wanted(work.session, version):
        _read_on(work, wait=True)


def catch_up(work: Work) -> None:
    """Read on where something is known to be missing, or nothing was read for a minute."""
    row = work.session.execute(select(DIRECTORY.state)).first()
    up_to_date = row is not None and row.version >= row.wanted and row.refreshed_at is not None
    if row is None or not up_to_date or work.system_now - row.refreshed_at > AT_LEAST_EVERY:
        _read_on(work, wait=False)


def _read_on(work: Work, *, wait: bool) -> None:
    fetch: Fetch | None = work.runtime.extras.get(FETCH)
    if fetch is None:
        _log.warning("nothing to ask identity's directory with in %s", work.runtime.service.name)
        return
    try:
        with work.session.begin_nested():
            refresh(work, fetch, wait=wait)
    except DirectoryAway as away:
        _log.info("identity's directory is away: %s", away)
