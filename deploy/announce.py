"""Says when the suite is ready, where, and who can sign in."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from deploy.guarded import Guarded
from shared.settings import Settings

LATE_SECONDS = 60.0
ASK_SECONDS = 0.5


@dataclass
class Announcer:
    """Call it again and again: it asks for the first page, and speaks once."""

    settings: Settings
    began_at: float = field(default_factory=time.monotonic)
    spoken: bool = False

    def __call__(self) -> None:
        if self.spoken:
            return
        if answers(f"http://127.0.0.1:{self.settings.port}/identity/readyz"):
            self.spoken = True
            print(
                f"\nViSOR suite is ready at http://localhost:{self.settings.port}   (Ctrl-C ends it)",
                flush=True,
            )
            Guarded([sys.executable, "-m", "deploy.who_can_sign_in"]).wait()
        elif time.monotonic() - self.began_at > LATE_SECONDS:
            self.spoken = True
            where = self.settings.home / "log"
            print(
                f"No page yet after {LATE_SECONDS:g} s; the logs are in {where}.", file=sys.stderr, flush=True
            )


def answers(url: str, patience: float = ASK_SECONDS) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=patience) as answer:  # noqa: S310 -- our own address
            return bool(answer.status == urllib.request.http.client.OK)  # type: ignore[attr-defined]
    except (urllib.error.URLError, OSError):
        return False


def place(url: str | None) -> str:
    """A server's address without the account and its password."""
    parts = urlsplit(url or "")
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
