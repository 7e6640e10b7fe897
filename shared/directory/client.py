"""Asking identity for a page of the directory over HTTP (or WSGI, where identity runs in the same process)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from shared.directory.refresh import DirectoryAway

PATH = "/identity/api/directory"


@dataclass(frozen=True)
class DirectoryClient:
    """A `Fetch`: `http` has identity's base address, `credential()` gives an access token of scope system."""

    http: httpx.Client
    credential: Callable[[], str]

    def __call__(self, after: int, limit: int) -> Mapping[str, Any]:
        try:
            answer = self.http.get(
                PATH,
                params={"after": after, "limit": limit},
                headers={"Authorization": f"Bearer {self.credential()}"},
            )
            answer.raise_for_status()
            page: Mapping[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DirectoryAway(type(error).__name__) from error
        return page
