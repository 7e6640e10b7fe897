"""The seals in their order, from the database and from the seal file, each checked against the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from joserfc.jwk import KeySet

from shared.audit.canonical import microseconds
from shared.audit.seal import Seal, SealForged, claims_a_restore, read, seal_hash
from shared.audit.seal_file import Head, Line
from shared.audit.verdict import Finding


class SealRow(NamedTuple):
    """A row of `audit_seal`; `at` in microseconds since 1970."""

    sequence: int
    first: int
    last: int
    at: int
    token: str


@dataclass(frozen=True)
class Step:
    """One seal to walk under: `marks` where the file has them. `finding`: what is wrong with the seal itself, which
    counts only if nothing is wrong with the entries under it.
    """

    seal: Seal | None
    marks: bytes
    finding: Finding | None
    head: Head | None = None


def lost_in_restores(lines: Iterable[Line], service: str, keys: KeySet) -> set[int]:
    """The seals that a later, signed seal declares lost, because the database was restored from an older copy."""
    lost: set[int] = set()
    for line in lines:
        try:
            seal = read(line.token, service, keys) if claims_a_restore(line.token) else None
        except SealForged:
            continue
        if seal is not None:
            lost.update(range(seal.resumes + 1, seal.sequence))
    return lost


class SealWalk:
    """Iterate once, and no further than the first step with a finding.

    `behind` counts afterwards how many of the newest seals the file does not have yet.
    """

    def __init__(
        self,
        service: str,
        keys: KeySet,
        stored: Iterable[SealRow],
        lines: Iterable[Line] | None,
        lost: set[int],
    ) -> None:
        self._service = service
        self._keys = keys
        self._stored = stored
        self._lines = lines
        self._lost = lost
        self._before: str | None = ""
        self._last = 0
        self._behind: list[int] = []

    @property
    def behind(self) -> int:
        return len(self._behind)

    def __iter__(self) -> Iterator[Step]:
        for row, line in _joined(self._stored, _ascending(self._lines or ())):
            sequence = row.sequence if row else line.sequence if line else 0
            if row is None and line is not None and sequence in self._lost:
                self._before = seal_hash(line.token)
                continue
            yield self._step(sequence, row, line)

    def _step(self, sequence: int, row: SealRow | None, line: Line | None) -> Step:
        finding = None
        for token in (row.token if row else None, line.token if line else None):
            if token is None:
                continue
            try:
                seal = read(token, self._service, self._keys)
            except SealForged as error:
                finding = finding or _forged(sequence, row, str(error))
                continue
            finding = finding or self._compared(seal, row, line) or self._in_sequence(seal)
            marks = line.marks if line is not None and line.token == token else b""
            if marks and sha256(marks).hexdigest() != seal.marks:
                what = "the seal file's line for it was altered"
                finding, marks = finding or Finding("seal_file", what, seal=sequence), b""
            self._before, self._last = seal_hash(token), seal.sequence
            return Step(seal, marks, finding, Head(seal.sequence, self._before))
        return Step(None, b"", finding)

    def _compared(self, seal: Seal, row: SealRow | None, line: Line | None) -> Finding | None:
        here = seal.sequence
        if row is None:
            return Finding("seal_removed", "it is in the seal file, but not in the database", seal=here)
        if row[:3] != (here, seal.first, seal.last) or row.at != microseconds(
            datetime.fromisoformat(seal.at)
        ):
            return Finding("seal_forged", "its row says otherwise than what was signed", seal=row.sequence)
        if self._lines is None:
            return None
        if line is None:
            self._behind.append(here)
            return None
        if self._behind:
            missing = self._behind[0]
            return Finding("seal_file", "the seal file's line for it is missing", seal=missing)
        if line.token != row.token:
            return Finding("seal_forged", "the database and the seal file hold different seals", seal=here)
        return None

    def _in_sequence(self, seal: Seal) -> Finding | None:
        if seal.resumes != self._last:
            missing = self._last + 1
            return Finding("seal_removed", f"seal {seal.sequence} goes on from {seal.resumes}", seal=missing)
        restored_unseen = self._lines is None and seal.resumes != seal.sequence - 1
        if seal.previous != self._before and not restored_unseen:
            return Finding("seal_forged", "it does not name the seal before it", seal=seal.sequence)
        return None


def _joined(stored: Iterable[SealRow], lines: Iterable[Line]) -> Iterator[tuple[SealRow | None, Line | None]]:
    """Both sides in step by sequence."""
    rows, others = iter(stored), iter(lines)
    row, line = next(rows, None), next(others, None)
    while row is not None or line is not None:
        if line is None or (row is not None and row.sequence < line.sequence):
            yield row, None
            row = next(rows, None)
        elif row is None or line.sequence < row.sequence:
            yield None, line
            line = next(others, None)
        else:
            yield row, line
            row, line = next(rows, None), next(others, None)


def _ascending(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines out of their order are as good as missing."""
    highest = 0
    for line in lines:
        if line.sequence > highest:
            highest = line.sequence
            yield line


def _forged(sequence: int, row: SealRow | None, why: str) -> Finding:
    if row is None:
        return Finding("seal_file", f"the seal file's line is {why}", seal=sequence)
    return Finding("seal_forged", why, seal=sequence)
