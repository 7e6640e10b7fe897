"""A PostgreSQL for as long as a `with` lasts: for commands that need an empty database of their own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.postgres import Postgres

IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- only looked at; the folder inside is made by mkdtemp
# Bytes: several servers run beside each other, and what else runs needs memory, too.
ROOM = 6 * 2**30


def throwaway_folder(prefix: str) -> Path:
    """A new empty folder, which whoever made it removes."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_quickest()))
    # As root the server runs as nobody, and must get to its folder.
    folder.chmod(0o711)
    return folder


@contextmanager
def throwaway_server() -> Iterator[Postgres]:
    folder = throwaway_folder("visor-postgres-")
    server = Postgres(folder / "server", durable=False)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _quickest() -> Path | None:
    """Memory where there is plenty of it: a copy of a migrated database takes 20 ms there, on a disk up to a second."""
    if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK):
        free = shutil.disk_usage(IN_MEMORY).free
        if min(free, _unused_memory()) >= ROOM:
            return IN_MEMORY
    return None


def _unused_memory() -> int:
    """In bytes, as Linux tells it; 0 where it does not."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return 0
    said = [line.split() for line in lines if line.startswith("MemAvailable:")]
    return int(said[0][1]) * 1024 if said else 0


@contextmanager
def throwaway_database() -> Iterator[str]:
    """The address of an empty database."""
    with throwaway_server() as server:
        yield server.url()
