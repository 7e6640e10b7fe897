"""`pg_dump` and `pg_restore` of our own PostgreSQL's version, for whichever server is in use."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from deploy.postgres_files import binaries


class ToolFailed(RuntimeError):
    """What the program said last."""


def dump(address: str, snapshot: str, target: Path) -> None:
    """One database at a snapshot that somebody holds open. Owners and grants are the target server's own affair."""
    options = ["--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges"]
    _call("pg_dump", [*options, f"--snapshot={snapshot}", f"--file={target}"], address)


def restore(address: str, source: Path) -> None:
    """Into an empty database, whole or not at all."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _call("pg_restore", [*options, str(source)], address)


def _call(program: str, options: list[str], address: str) -> None:
    """The password goes by the environment: everybody can read a command line."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    user = (parts.username or "") + "@" if parts.username else ""
    without = urlunsplit(parts._replace(netloc=user + host))
    environment = os.environ | ({"PGPASSWORD": unquote(parts.password)} if parts.password else {})
    done = subprocess.run(
        [str(binaries() / program), f"--dbname={without}", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"{program}: {done.stderr.strip()[-2000:]}")
