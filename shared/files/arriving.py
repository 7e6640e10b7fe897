"""A file on its way in: encrypted as it comes, measured, looked at, and not yet anybody's."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from shared.files import office
from shared.files.kinds import OFFICE, Kind, Look
from shared.files.scanning import Scan
from shared.files.segments import Sealing, opened
from shared.keys.private_files import sync_folder
from shared.keys.sealed_text import KEY_BYTES


class Arriving(io.RawIOBase):
    """What Werkzeug writes an upload into. Its key is in this process's memory alone until `keep` wraps it.

    `size` counts every byte that came, in bytes; beyond `most` nothing is written and `too_large` says so.
    """

    def __init__(self, folder: Path, file_id: UUID, name: str, most: int, scan: Scan | None = None) -> None:
        super().__init__()
        self.id = file_id
        self.upload_name = name
        self.most = most
        self.size = 0
        self.key = os.urandom(KEY_BYTES)
        self._path = folder / str(file_id)
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._sealing = Sealing(self.key, file_id)
        self._digest = hashlib.sha256()
        self._look = Look()
        self._scan = scan
        self._virus: str | None = None
        self._runs: str | None = None
        self.scanned = False

    @property
    def too_large(self) -> bool:
        return self.size > self.most

    @property
    def sha256(self) -> bytes:
        """Of the plain bytes."""
        return self._digest.digest()

    @property
    def kind(self) -> Kind | None:
        return self._look.kind()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.size += len(data)
        if not self.too_large:
            self._digest.update(data)
            self._look.see(data)
            self._file.write(self._sealing.add(data))
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """To the beginning only, which says that all of it has come: it is on the disk when this returns."""
        if offset or whence:
            raise io.UnsupportedOperation("only forwards")
        if not self._file.closed:
            self._file.write(self._sealing.end())
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            sync_folder(self._path.parent)
        return 0

    def plain(self) -> Iterator[bytes]:
        """What was written, decrypted again."""
        with self._path.open("rb") as file:
            yield from opened(self.key, self.id, file)

    def runs(self) -> str | None:
        """Why a document cannot be taken that could run something ("contains macros"); None for any other."""
        if self.kind not in OFFICE:
            return None
        if self._runs is None:
            self._runs = office.why_not(b"".join(self.plain())) or ""
        return self._runs or None

    def virus(self) -> str | None:
        """The name of what the scanner finds, None for nothing or without a scanner; raises ScannerAway."""
        if self._scan is not None and not self.scanned:
            self._virus = self._scan(self.plain())
            self.scanned = True
        return self._virus

    def close(self) -> None:
        self._file.close()
        super().close()


def discard_stream() -> io.RawIOBase:
    """For a file that nobody asked for: what is written to it is gone."""
    return _Nowhere()


class _Nowhere(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset + whence
