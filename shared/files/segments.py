"""The bytes of an encrypted file: a format byte, then segments of 64 KiB under AES-256-GCM.

Each segment's associated data is (format, file id, index, last?), so that none can be altered, left out, swapped,
repeated or brought from another file, and a file that was cut short does not end. A file's key encrypts that file
once and nothing else, so a segment's index is its nonce.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.keys import NotReadable

FORMAT = b"\x01"
SEGMENT = 64 * 1024
TAG = 16
_NONCE = 12


def sealed_size(size: int) -> int:
    """How many bytes lie on the disk for `size` plain ones; an empty file has one empty segment."""
    return len(FORMAT) + size + TAG * max(1, -(-size // SEGMENT))


class Sealing:
    """Encrypts what comes, piece by piece; holds one segment back, since only the end tells which was the last."""

    def __init__(self, key: bytes, file_id: UUID) -> None:
        self._cipher = AESGCM(key)
        self._file_id = file_id
        self._index = 0
        self._held = bytearray()
        self._started = False

    def add(self, plain: bytes) -> bytes:
        """What can be written now."""
        self._held += plain
        pieces = [self._start()]
        while len(self._held) > SEGMENT:
            pieces.append(self._seal(bytes(self._held[:SEGMENT]), last=False))
            del self._held[:SEGMENT]
        return b"".join(pieces)

    def end(self) -> bytes:
        return self._start() + self._seal(bytes(self._held), last=True)

    def _start(self) -> bytes:
        started, self._started = self._started, True
        return b"" if started else FORMAT

    def _seal(self, plain: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(
            _nonce(self._index), plain, _bound(self._file_id, self._index, last=last)
        )
        self._index += 1
        return sealed


def opened(key: bytes, file_id: UUID, file: BinaryIO) -> Iterator[bytes]:
    """The plain segments, each only once it has been verified; raises NotReadable at the first that is not true."""
    cipher = AESGCM(key)
    if file.read(len(FORMAT)) != FORMAT:
        raise NotReadable("not a file of this format")
    index, piece = 0, file.read(SEGMENT + TAG)
    while True:
        after = file.read(SEGMENT + TAG)
        try:
            yield cipher.decrypt(_nonce(index), piece, _bound(file_id, index, last=not after))
        except (InvalidTag, ValueError) as error:
            raise NotReadable(f"segment {index} was altered, moved or cut off") from error
        if not after:
            return
        index, piece = index + 1, after


def _nonce(index: int) -> bytes:
    return index.to_bytes(_NONCE, "big")


def _bound(file_id: UUID, index: int, *, last: bool) -> bytes:
    return FORMAT + file_id.bytes + index.to_bytes(8, "big") + bytes([last])
