"""Templates as they were compiled once, kept for the next process and the next start.

The sign-in page alone is made of 33 templates, and compiling them costs each worker half a second before its first
answer. What is kept counts for the very code that it was compiled by: a filter's answer to a constant is part of it.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2.bccache import Bucket, FileSystemBytecodeCache

PARTS = ("shared", "services")


class CompiledTemplates(FileSystemBytecodeCache):
    """A page is shown whether or not what it was compiled to can be kept."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(home: Path, service: str) -> CompiledTemplates | None:
    """Those of one service, below the home; None where nothing can be written there."""
    folder = home / "compiled" / _code() / service
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return CompiledTemplates(str(folder))


def former(home: Path) -> list[Path]:
    """What other releases have left there."""
    folder = home / "compiled"
    return [kept for kept in folder.iterdir() if kept.name != _code()] if folder.is_dir() else []


@cache
def _code() -> str:
    """The release, told by when each of its files was written, and what compiles."""
    found = hashlib.sha256(f"{sys.version} {version('jinja2')}".encode())
    for part in PARTS:
        top = Path(importlib.import_module(part).__file__ or "").parent
        for path, modified in sorted(_modules(str(top))):
            found.update(f"{path} {modified}\n".encode())
    return found.hexdigest()[:16]


def _modules(folder: str) -> Iterator[tuple[str, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _modules(entry.path)
        elif entry.name.endswith(".py"):
            yield entry.path, entry.stat().st_mtime_ns
