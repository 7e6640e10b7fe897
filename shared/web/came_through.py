"""Whether a request came through a proxy: then "from this machine" says nothing of who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Set by the edge, which takes the headers themselves away.
CAME_THROUGH = "visor.came_through"
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)


def came_through(environ: Mapping[str, Any]) -> bool:
    return bool(environ.get(CAME_THROUGH)) or any(name in environ for name in FORWARDED)
