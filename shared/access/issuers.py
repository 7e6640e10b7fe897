"""Each issuer's published keys. A records service may trust several identity services, each for its own people."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from joserfc.jwk import KeySet

from shared.keys.signing_keys import public_keys

_KEEP_SECONDS = 60.0

Fetch = Callable[[], Mapping[str, Any]]


class Issuers:
    """`sources` gives for each issuer what fetches its JWKS; keys are asked for again after a minute.

    While an issuer cannot be reached the keys that are known still count.
    """

    def __init__(self, sources: Mapping[str, Fetch]) -> None:
        self._sources = dict(sources)
        self._known: dict[str, tuple[float, KeySet]] = {}
        self._lock = Lock()

    def keys_of(self, issuer: str) -> KeySet:
        """Raises LookupError for an issuer that is not trusted here, or whose keys have never been had."""
        source = self._sources[issuer]
        with self._lock:
            known = self._known.get(issuer)
            if known is None or time.monotonic() - known[0] > _KEEP_SECONDS:
                known = self._asked(source, known)
                self._known[issuer] = known
            return known[1]

    def _asked(self, source: Fetch, known: tuple[float, KeySet] | None) -> tuple[float, KeySet]:
        try:
            return time.monotonic(), public_keys(dict(source()))
        except (OSError, ValueError, RuntimeError) as error:
            if known is None:
                raise LookupError("the issuer's keys cannot be had") from error
            return known
