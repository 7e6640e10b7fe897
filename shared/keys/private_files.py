"""Files that only the suite's own account may read, written whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.keys.errors import KeyProblem


def private_folder(folder: Path) -> Path:
    """Make the folder (0700) where it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_once(path: Path, content: bytes) -> None:
    """A new file, 0600, on the disk before this returns; raises FileExistsError rather than replace one.

    Linked into place, so that a process killed half-way leaves no half a key under a key's name.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def read_private(path: Path) -> bytes:
    """The file's bytes; raises KeyProblem where others may read it too."""
    if path.stat().st_mode & 0o077:
        raise KeyProblem(f"{path} can be read by others: `chmod 600` it, and consider the key known to them")
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Two processes at their first start make one key, not two."""
    private_folder(folder)
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
