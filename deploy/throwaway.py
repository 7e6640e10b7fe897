"""A PostgreSQL for as long as a `with` lasts: for commands that need an empty database of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.postgres import Postgres


@contextmanager
def throwaway_server() -> Iterator[Postgres]:
    # As root the server runs as nobody, and must get to its folder.
    folder = Path(tempfile.mkdtemp(prefix="visor-postgres-"))
    folder.chmod(0o711)
    server = Postgres(folder / "server", durable=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throwaway_database() -> Iterator[str]:
    """The address of an empty database."""
    with throwaway_server() as server:
        yield server.url()
