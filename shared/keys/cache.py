"""Unwrapped keys for a short while, so that a page of a hundred values asks the key store once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from uuid import UUID

from shared.keys.nominal_key import NominalKey

SECONDS = 60.0
_MOST = 10_000


class KeyCache:
    """Bounded, for any number of threads. Nothing outlives `seconds`: a key destroyed elsewhere dies here too."""

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        most: int = _MOST,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._monotonic = monotonic
        self._kept: OrderedDict[UUID, tuple[float, NominalKey]] = OrderedDict()
        self._forgotten = 0
        self._lock = Lock()

    def get(self, nominal_id: UUID) -> NominalKey | None:
        with self._lock:
            until, key = self._kept.get(nominal_id, (0.0, None))
            if key is not None and self._monotonic() >= until:
                del self._kept[nominal_id]
                return None
            return key

    def mark(self) -> tuple[float, int]:
        """Take one before asking the key store, and hand it to `put`."""
        with self._lock:
            return self._monotonic(), self._forgotten

    def put(self, key: NominalKey, mark: tuple[float, int]) -> None:
        """Its time counts from the mark; what was read before a `forget` is not kept at all."""
        asked, forgotten = mark
        with self._lock:
            if forgotten != self._forgotten:
                return
            self._kept[key.nominal_id] = (asked + self._seconds, key)
            self._kept.move_to_end(key.nominal_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, nominal_id: UUID) -> None:
        with self._lock:
            self._forgotten += 1
            self._kept.pop(nominal_id, None)

    def clear(self) -> None:
        with self._lock:
            self._forgotten += 1
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
