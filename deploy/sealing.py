"""The audit's seals on this deployment: where they leave the database, and who seals each minute."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import structlog

from shared.audit.seal_file import SealFile
from shared.audit.sealer import Sealer
from shared.clock import SystemClock
from shared.database import Database
from shared.keys import SigningKeys
from shared.keys.signing_keys import SEALS
from shared.settings import Settings

log = structlog.get_logger(__name__)

EACH_SECONDS = 60.0
SEALS_FOLDER = "seals"


def seal_folder(settings: Settings) -> Path:
    """Copy it to another machine: whoever can alter the databases should not be able to alter this."""
    return settings.home / SEALS_FOLDER


def sealer(settings: Settings, database: Database, service: str) -> Sealer:
    keys = SigningKeys(settings.keys_home, SEALS)
    return Sealer(database.engine, service, keys, SealFile(seal_folder(settings), service), SystemClock())


class Sealing:
    """A thread that seals each minute. Any number of processes may: one is active for each database."""

    def __init__(self, sealers: Iterable[tuple[str, Sealer]], seconds: float = EACH_SECONDS) -> None:
        self._sealers = dict(sealers)
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """A seal in hand is finished; what is younger waits for the next start."""
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.is_set():
            for name, each in self._sealers.items():
                try:
                    each.seal()
                except Exception:
                    # The database away, or seals that disagree: said each minute until somebody looks.
                    log.exception("not_sealed", service=name)
            self._stop.wait(self._seconds)
