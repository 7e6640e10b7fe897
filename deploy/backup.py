"""`visor backup`: the services' databases at one moment, the files, and the keys in an archive of their own.

The two archives belong in two places: with one alone nothing personal that is encrypted can be read. Both are
readable by their owner only; the database dumps hold names in plain, so keep them where such data may lie.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from deploy.cut import one_moment
from deploy.databases import plain
from deploy.postgres_tools import dump
from shared.clock import SystemClock
from shared.settings import SERVICES, Settings

MANIFEST = "manifest.json"
FILES, KEYS_FOLDER = "files.tar", "keys.tar"
# Made anew by whoever starts the suite, or kept elsewhere.
NOT_FILES = ("postgres", "log", "keys", "backups")


@dataclass(frozen=True)
class Manifest:
    """What one archive holds: `taken_at` in ISO 8601, the SHA-256 of each of its files."""

    taken_at: str
    files: dict[str, str]

    @staticmethod
    def read(folder: Path) -> Manifest:
        """Raises OSError, ValueError or TypeError where there is none."""
        return Manifest(**json.loads((folder / MANIFEST).read_text()))

    def damaged(self, folder: Path) -> list[str]:
        """The files that are not what was written."""
        there = {name: folder / name for name in self.files}
        return [
            name for name, path in there.items() if not path.is_file() or digest(path) != self.files[name]
        ]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)


@dataclass(frozen=True)
class Archives:
    """The folders that a backup made: `data` and `keys` bear the same moment."""

    data: Path
    keys: Path


def backup(settings: Settings, target: Path, keys_target: Path | None = None) -> Archives:
    """Over a running suite or a stopped one. Raises ToolFailed; an archive is there whole or not at all."""
    moment = SystemClock().now()
    stamp = f"{moment:%Y%m%dT%H%M%SZ}"
    data = target / f"visor-data-{stamp}"
    keys = (keys_target or target) / f"visor-keys-{stamp}"
    with _unfinished(data) as making, _unfinished(keys) as making_keys:
        _fill(settings, making, making_keys)
        for folder in (making, making_keys):
            _describe(folder, moment)
    return Archives(data, keys)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fill(settings: Settings, data: Path, keys: Path) -> None:
    addresses = {name: plain(settings.owner_database(name)) for name in (*SERVICES, "keys")}
    with one_moment(addresses) as snapshots:
        for name, snapshot in snapshots.items():
            dump(addresses[name], snapshot, (keys if name == "keys" else data) / f"{name}.dump")
    # Files and keys are only ever added to, but for those of deleted nominals: later than the cut is right.
    _pack(data / FILES, settings.home, _folders(settings))
    _pack(keys / KEYS_FOLDER, settings.keys_home, sorted(settings.keys_home.iterdir()))


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder under another name until it is whole; gone if it never becomes so."""
    making = folder.with_name(folder.name + ".unfinished")
    making.mkdir(mode=0o700, parents=True)
    try:
        yield making
    except BaseException:
        shutil.rmtree(making)
        raise
    making.rename(folder)


def _folders(settings: Settings) -> list[Path]:
    own = (path for path in sorted(settings.home.iterdir()) if path.name not in NOT_FILES)
    return [path for path in own if path != settings.keys_home]


def _pack(target: Path, top: Path, paths: Iterable[Path]) -> None:
    """What goes or moves meanwhile is passed over; `files/…/arriving` comes before `kept`, where its files move to."""
    with tarfile.open(target, "w") as archive:
        for path in _below(paths):
            with contextlib.suppress(FileNotFoundError):
                archive.add(path, path.relative_to(top), recursive=False)


def _below(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield path
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(FileNotFoundError):
                yield from _below(sorted(path.iterdir()))


def _describe(folder: Path, moment: datetime) -> None:
    manifest = Manifest(moment.isoformat(), {path.name: digest(path) for path in sorted(folder.iterdir())})
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    for path in folder.iterdir():
        path.chmod(0o600)
