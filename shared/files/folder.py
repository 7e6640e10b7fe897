"""Where encrypted files lie: `files/<service>/` of VISOR_HOME, in `arriving` until their row is committed, then `kept`.

A file is settled by one question: is there a row for it? The request that brought it asks at its end; where that
died, the sweep asks later. Nothing that was ever kept is touched by the sweep, whichever database it is given.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from shared.files.arriving import Arriving
from shared.files.scanning import Scan
from shared.ids import new_id
from shared.keys.private_files import private_folder, sync_folder

FILES = "files"


class FileFolder:
    """One service's files. Every process of the service that answers requests or ticks must see the same folder."""

    def __init__(self, home: Path, service: str, scan: Scan | None = None) -> None:
        self._top = home / FILES / service
        self._scan = scan

    def arrive(self, name: str, most: int) -> Arriving:
        """A new file to write to; whatever is beyond `most` bytes is not kept."""
        return Arriving(private_folder(self._top / "arriving"), new_id(), name, most, self._scan)

    def open(self, file_id: UUID) -> BinaryIO:
        """The encrypted bytes; raises FileNotFoundError."""
        kept, arriving = self._kept(file_id), self._arriving(file_id)
        for path in (kept, arriving):
            with contextlib.suppress(FileNotFoundError):
                return path.open("rb")
        return kept.open("rb")  # settled between the two looks

    def settle(self, file_ids: Iterable[UUID], with_rows: Callable[[list[UUID]], set[UUID]]) -> None:
        """Keep those that have a row; delete the others."""
        ids = list(file_ids)
        known = with_rows(ids) if ids else set()
        for file_id in ids:
            if file_id in known:
                self._keep(file_id)
            else:
                self._arriving(file_id).unlink(missing_ok=True)

    def waiting(self, before: float) -> list[UUID]:
        """Those that last grew before this moment (seconds since the epoch) and are not settled."""
        return [UUID(path.name) for path in self._in_arriving() if _age(path) < before]

    def delete(self, file_id: UUID) -> None:
        for path in (self._arriving(file_id), self._kept(file_id)):
            path.unlink(missing_ok=True)

    def _in_arriving(self) -> Iterator[Path]:
        folder = self._top / "arriving"
        return iter(sorted(folder.iterdir())) if folder.is_dir() else iter(())

    def _keep(self, file_id: UUID) -> None:
        target = self._kept(file_id)
        private_folder(target.parent)
        with contextlib.suppress(FileNotFoundError):  # the sweep was here at the same moment
            self._arriving(file_id).replace(target)
            sync_folder(target.parent)

    def _arriving(self, file_id: UUID) -> Path:
        return self._top / "arriving" / str(file_id)

    def _kept(self, file_id: UUID) -> Path:
        # The last two digits are random; the first ones are the time.
        return self._top / "kept" / str(file_id)[-2:] / str(file_id)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
