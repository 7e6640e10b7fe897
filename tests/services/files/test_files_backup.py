"""Files are in the backup, and with both archives they open on another machine; a removed one does not come back."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

from deploy.backup import FILES
from deploy.restore import restore
from deploy.throwaway import throwaway_server
from shared.files import Download, keep, open_file
from shared.runtime import Runtime
from shared.settings import Settings
from tests.services.files.visitor import PDF
from tests.services.test_deploy_backup import House, backed_up, house

__all__ = ["house"]


def kept(runtime: Runtime, *, settled: bool) -> Any:
    """A file that identity keeps, `settled` or left by a process that died just after its commit."""
    arriving = runtime.files.arrive("certificate.pdf", 10_000)
    arriving.write(PDF)
    arriving.seek(0)
    with runtime.system_work("test.keep") as work:
        keep(work, arriving)
    if settled:
        runtime.files.settle([arriving.id], set)
    return arriving.id


def read(runtime: Runtime, file_id: Any) -> bytes:
    with runtime.system_work("test.read") as work:
        found: Download = open_file(work, file_id)
        return b"".join(found.chunks())


def test_files_come_back_with_their_database_on_another_machine(house: House, tmp_path: Path) -> None:
    identity = house.runtimes["identity"]
    ids = [kept(identity, settled=settled) for settled in (True, False)]
    archives = backed_up(house, tmp_path)
    with tarfile.open(archives.data / FILES) as archive:
        names = [name for name in archive.getnames() if "/arriving/" in name or "/kept/" in name]
    assert [name for name in names if str(ids[0]) in name] == [
        f"files/identity/kept/{str(ids[0])[-2:]}/{ids[0]}"
    ]
    assert f"files/identity/arriving/{ids[1]}" in names
    with throwaway_server() as server:
        given = {"VISOR_HOME": str(tmp_path / "other"), "VISOR_DATABASE_URL": server.url()}
        other = House(Settings.from_environment(given), {})
        restore(other.settings, archives.data, archives.keys, tell=lambda _: None)
        other.open()
        assert [read(other.runtimes["identity"], each) for each in ids] == [PDF, PDF]
        other.close()


def test_what_vanishes_while_the_backup_runs_does_not_stop_it(
    house: House,
    tmp_path: Path,
    monkeypatch: Any,
) -> None:
    identity = house.runtimes["identity"]
    gone, stays = (kept(identity, settled=True) for _ in range(2))
    add = tarfile.TarFile.add

    def removed_meanwhile(self: tarfile.TarFile, name: Any, *given: Any, **more: Any) -> None:
        if Path(name).name == str(gone):
            Path(name).unlink()
        add(self, name, *given, **more)

    monkeypatch.setattr(tarfile.TarFile, "add", removed_meanwhile)
    archives = backed_up(house, tmp_path)
    with tarfile.open(archives.data / FILES) as archive:
        names = " ".join(archive.getnames())
    assert str(stays) in names
    assert str(gone) not in names
