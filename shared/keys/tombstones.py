"""Which keys were destroyed, kept in a file as well: a key store restored from a backup has forgotten it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from shared.keys.private_files import one_at_a_time, private_folder, sync_folder

NAME = "destroyed.txt"
_ID_LENGTH = 36


class Tombstones:
    """`destroyed.txt` in the keys folder, one nominal id a line. Never restore it over a newer one: join the two."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / NAME

    def write(self, nominal_ids: Iterable[UUID]) -> None:
        """On the disk before this returns."""
        private_folder(self._folder)
        lines = "".join(f"{nominal_id}\n" for nominal_id in nominal_ids)
        with one_at_a_time(self._folder):
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if _ends_mid_line(descriptor):
                    lines = "\n" + lines
                os.write(descriptor, lines.encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            sync_folder(self._folder)

    def read(self) -> list[UUID]:
        """A last line cut short belonged to a deletion that had not begun; it is left out."""
        if not self.path.exists():
            return []
        return list(
            dict.fromkeys(UUID(line) for line in self.path.read_text().split("\n") if len(line) == _ID_LENGTH)
        )


def _ends_mid_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
