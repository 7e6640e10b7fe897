"""Where the sealer and the verification of one deployment find their keys and files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from shared.audit.seal_file import Head, SealFile
from shared.audit.sealer import Sealer
from shared.audit.verdict import Verdict
from shared.audit.verify import verify_service
from shared.clock import Clock
from shared.keys.signing_keys import SEALS, SigningKeys
from shared.settings import Settings


def seals_folder(settings: Settings) -> Path:
    """One file for each service; mount something here that only ever grows, or ship it to another machine."""
    return settings.home / "seals"


def sealer_of(service: str, engine: Engine, settings: Settings, clock: Clock) -> Sealer:
    """Opens the private seal key: only the process that seals may ask for this."""
    keys = SigningKeys(settings.keys_home, SEALS)
    return Sealer(engine, service, keys, SealFile(seals_folder(settings), service), clock)


def verify_here(service: str, engine: Engine, settings: Settings, pinned: Head | None = None) -> Verdict:
    """Verify on the machine itself. An auditor's own machine calls `verify_service` with the published keys."""
    public = SigningKeys(settings.keys_home, SEALS).public_keys()
    return verify_service(service, engine, public, seals_folder(settings), pinned=pinned)
