"""Whether databases may become a demonstration; apart from what makes one, since every start asks."""

from __future__ import annotations

import psycopg

from deploy.databases import plain
from shared.settings import Settings


def is_empty(settings: Settings) -> bool:
    """Whether identity knows nobody and no record exists: only such databases may become a demonstration."""
    return not (_any(settings, "identity", "person") or _any(settings, "records", "nominal"))


def _any(settings: Settings, service: str, table: str) -> bool:
    with psycopg.connect(plain(settings.database(service)), autocommit=True, connect_timeout=5) as connection:
        found = connection.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone()  # noqa: S608 - ours
    return bool(found and found[0])
