"""Waiting for a file that somebody else makes when all is ready: `--after FILE` among a command's options."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

AFTER = "--after"
_LOOK_SECONDS = 0.02


def taken_out(arguments: Sequence[str]) -> tuple[list[str], Path | None]:
    """The other options, and the file where one is named."""
    rest = list(arguments)
    if AFTER not in rest:
        return rest, None
    place = rest.index(AFTER)
    _, named = rest[place : place + 2]
    del rest[place : place + 2]
    return rest, Path(named)


def wait_for(file: Path | None) -> None:
    """Until it is there. Whoever should make it and dies takes us along (`deploy.guard`)."""
    while file is not None and not file.exists():
        time.sleep(_LOOK_SECONDS)
