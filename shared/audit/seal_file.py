"""Where seals go when they leave the database: one file a service, a line for each seal, only ever added to.

A line is JSON: `token`, the signed seal, and `marks`, of each of its entries the id and a fingerprint, in base64.
Beside it lies the pinned head (`<service>.head`): how many seals there are and the hash of the last. Both are worth
copying to another machine; whoever holds only the head can still prove that the end was not cut off.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.audit.seal import claimed_sequence, seal_hash

_BLOCK = 1 << 16


@dataclass(frozen=True)
class Line:
    token: str
    marks: bytes

    @property
    def sequence(self) -> int:
        return claimed_sequence(self.token)


@dataclass(frozen=True)
class Head:
    """The newest seal: its sequence and its hash in hex. `str` gives the form that people write down."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"

    @staticmethod
    def parse(text: str) -> Head:
        """Raises ValueError."""
        sequence, _, digest = text.strip().partition(":")
        return Head(int(sequence), digest.lower())


class SealFile:
    """`<folder>/<service>.jsonl` and `.head`."""

    def __init__(self, folder: Path, service: str) -> None:
        self.path = folder / f"{service}.jsonl"
        self.head_path = folder / f"{service}.head"

    def lines(self, until: int | None = None) -> Iterator[Line]:
        """In the file's order; what is no line of ours (cut short when the machine stopped) is passed over.

        `until`, a `size` taken earlier, leaves out what was added since.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            read = 0
            for raw in file:
                read += len(raw)
                if until is not None and read > until:
                    return
                line = _parsed(raw)
                if line is not None:
                    yield line

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size if self.path.exists() else 0

    def last(self) -> Line | None:
        """The last whole line, found from the end."""
        for raw in _backwards(self.path):
            line = _parsed(raw)
            if line is not None:
                return line
        return None

    def append(self, token: str, marks: bytes) -> None:
        """On the disk before this returns. A seal that is there already is not written twice."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps({"token": token, "marks": base64.b64encode(marks).decode()})
        with _locked(self.path) as descriptor:
            last = self.last()
            if last is None or last.sequence < claimed_sequence(token):
                start = b"\n" if _ends_mid_line(descriptor) else b""
                _write_all(descriptor, start + content.encode() + b"\n")
                os.fsync(descriptor)
                _sync_folder(self.path.parent)

    def pin(self, head: Head) -> None:
        draft = self.head_path.with_suffix(".head.draft")
        with draft.open("w") as file:
            file.write(f"{head}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.head_path)
        _sync_folder(self.head_path.parent)

    def pinned(self) -> Head | None:
        """Raises ValueError where the file does not hold a head."""
        return Head.parse(self.head_path.read_text()) if self.head_path.exists() else None


def head_of(token: str) -> Head:
    return Head(claimed_sequence(token), seal_hash(token))


def _parsed(raw: bytes) -> Line | None:
    try:
        content = json.loads(raw)
        line = Line(str(content["token"]), base64.b64decode(content["marks"], validate=True))
    except (ValueError, KeyError, TypeError):
        return None
    return line if line.sequence else None


def _backwards(path: Path) -> Iterator[bytes]:
    """The file's lines from the last to the first, reading no more of it than is asked for."""
    if not path.exists():
        return
    with path.open("rb") as file:
        left, rest = file.seek(0, os.SEEK_END), b""
        while left:
            step = min(_BLOCK, left)
            left -= step
            file.seek(left)
            first, *whole = (file.read(step) + rest).split(b"\n")
            yield from reversed(whole)
            rest = first
        yield rest


def _ends_mid_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
