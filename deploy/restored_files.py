"""Files of a backup put back beside what is there: nothing that is newer, and may not be forgotten, is lost."""

from __future__ import annotations

import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.sealing import SEALS_FOLDER
from shared.keys.tombstones import NAME as TOMBSTONES
from shared.keys.tombstones import Tombstones


def put_back(archive: tarfile.TarFile, home: Path) -> None:
    """Over what is there, but for the seals: a seal file that is longer than the backup's is the better witness."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    members = archive.getmembers()
    kept = {
        _service(m.name) for m in members if m.name.endswith(".jsonl") and _at_least_as_long(home / m.name, m)
    }
    for member in members:
        if not (_is_seal(member.name) and _service(member.name) in kept):
            archive.extract(member, home, filter="data")


def add_missing(archive: tarfile.TarFile, folder: Path) -> None:
    """Keys that are there stay; the lists of destroyed ones are joined."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for member in archive.getmembers():
        if member.name != TOMBSTONES and not (member.isfile() and (folder / member.name).exists()):
            archive.extract(member, folder, filter="data")
    if TOMBSTONES in archive.getnames():
        _join_tombstones(archive, folder)


def _join_tombstones(archive: tarfile.TarFile, folder: Path) -> None:
    with TemporaryDirectory(dir=folder) as aside:
        archive.extract(TOMBSTONES, aside, filter="data")
        destroyed = Tombstones(Path(aside)).read()
    here = Tombstones(folder)
    known = set(here.read())
    here.write(one for one in destroyed if one not in known)


def _is_seal(name: str) -> bool:
    return Path(name).parts[0] == SEALS_FOLDER


def _service(name: str) -> str:
    return Path(name).stem


def _at_least_as_long(there: Path, member: tarfile.TarInfo) -> bool:
    return _is_seal(member.name) and there.exists() and there.stat().st_size >= member.size
