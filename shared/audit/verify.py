"""Verification: is the audit still what was written? Needs the database, the public seal keys and the seal file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from joserfc.jwk import KeySet
from sqlalchemy import Engine

from shared.audit import number_walk, reading
from shared.audit.chain import MARK
from shared.audit.diagnosis import diagnose
from shared.audit.number_walk import NumberWalk, Suspect
from shared.audit.reading import Raw
from shared.audit.seal import Seal, claimed_first
from shared.audit.seal_file import Head, SealFile
from shared.audit.seal_walk import SealRow, SealWalk, Step, lost_in_restores
from shared.audit.unnumbered import Unnumbered, unnumbered
from shared.audit.verdict import Finding, Verdict

_SEALS = "SELECT sequence, first_number, last_number, at, token FROM audit_seal ORDER BY sequence"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOWHERE = 1 << 62


def verify_service(
    service: str,
    engine: Engine,
    public_keys: KeySet,
    seals: Path | None,
    *,
    pinned: Head | None = None,
) -> Verdict:
    """Walk one service's whole audit (some 60,000 entries a second) and name the first thing that is wrong.

    `seals` is the folder of the seal files; without it neither a cut-off end nor an entry altered together with all
    its hashes can be named exactly. `pinned` is a head that was kept elsewhere; otherwise the one beside the file.
    """
    # Pin, file, database, in this order: the sealer goes the other way, so each is at least as far as the one before.
    file = SealFile(seals, service) if seals is not None else None
    beside = _pinned(file)
    until = file.size if file else 0
    with reading.snapshot(engine) as raw:
        # One plan only: along the numbers, so that the first row comes at once and nothing is sorted.
        raw.execute("SET LOCAL enable_hashjoin = off")
        raw.execute("SET LOCAL enable_mergejoin = off")
        walk = _Walk(service, raw, public_keys, file, until)
        walk.go(pinned or beside, beside)
        raw.execute("SET LOCAL enable_hashjoin = on")
        return walk.verdict(unnumbered(raw, walk.vouched))


def _pinned(file: SealFile | None) -> Head | None:
    try:
        return file.pinned() if file else None
    except ValueError:
        return Head(_NOWHERE, "the pinned head's file is damaged")


@dataclass
class _Walk:
    service: str
    raw: Raw
    keys: KeySet
    file: SealFile | None
    until: int
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    vouched: Seal | None = None
    head: Head | None = None
    seals: int = 0
    entries: int = 0

    def go(self, pinned: Head | None, beside: Head | None) -> None:
        """`beside` is the head next to the seal file, which the sealer pins only once its line is written."""
        if self.file:
            self.lost = lost_in_restores(self.file.lines(self.until), self.service, self.keys)
        if self.lost:
            self.notes.append(
                f"{len(self.lost)} seals were lost when the database was restored, and declared so."
            )
        lines = self.file.lines(self.until) if self.file else None
        seals = SealWalk(self.service, self.keys, self._stored(), lines, self.lost)
        numbers = NumberWalk(self.service, reading.rows(self.raw, "numbers", number_walk.SQL))
        for step in seals:
            if step.finding is None:
                self.vouched = step.seal
            finding = self._under(step, numbers) or step.finding or _unpinned(step.head, pinned)
            if finding is not None:
                self._stop(finding, numbers)
                return
            self._vouch(step)
        self._end(numbers, seals, pinned)
        self._file_end(seals.behind, beside)

    def _under(self, step: Step, numbers: NumberWalk) -> Finding | None:
        """The first wrong entry under one seal."""
        seal = step.seal
        if seal is None:
            return None
        first = numbers.last + 1
        if seal.first != first:
            what = f"it begins with number {seal.first}, not {first}"
            return step.finding or Finding("seal_forged", what, seal=seal.sequence)
        suspect = numbers.to(seal.last, step.marks)
        if suspect is not None:
            return self._diagnosed(suspect, seal, step.marks)
        if numbers.head != seal.chain:
            what = f"one of the numbers {seal.first} to {seal.last}, together with its hashes; only the seal file tells"
            return Finding("altered", what, seal.first, None, seal.sequence)
        return None

    def _diagnosed(self, suspect: Suspect, seal: Seal, marks: bytes) -> Finding:
        at = (suspect.number - seal.first) * MARK
        return diagnose(self.raw, suspect, seal.sequence, marks[at : at + MARK], self._sealed_number)

    def _sealed_number(self, entry_id: UUID) -> int | None:
        """Where the seal file has this entry; reads the whole file."""
        for line in self.file.lines(self.until) if self.file else ():
            if line.sequence in self.lost:
                continue
            for at in range(0, len(line.marks), MARK):
                if line.marks[at : at + 16] == entry_id.bytes:
                    return claimed_first(line.token) + at // MARK
        return None

    def _stored(self) -> Iterable[SealRow]:
        return (SealRow(*row) for row in reading.rows(self.raw, "seals", _SEALS))

    def _vouch(self, step: Step) -> None:
        self.seals += 1
        self.head = step.head
        self.entries = step.seal.last if step.seal else self.entries

    def _stop(self, finding: Finding, numbers: NumberWalk) -> None:
        self.findings.append(finding)
        self.entries = numbers.last

    def _end(self, numbers: NumberWalk, seals: SealWalk, pinned: Head | None) -> None:
        """Nothing wrong as far as the seals go: do they go far enough?"""
        number = numbers.next_number()
        if number is not None:
            what = f"number {number} stands under no seal"
            self.findings.append(Finding("seal_removed", what, number, seal=self.seals + 1))
        elif pinned is not None and pinned.sequence > (self.head.sequence if self.head else 0):
            what = f"the pinned head is {pinned}"
            self.findings.append(
                Finding("seal_removed", what, seal=(self.head.sequence if self.head else 0) + 1)
            )
        if self.file is None:
            self.notes.append("Without the seal file a cut-off end would not be seen.")
        elif seals.behind:
            self.notes.append(
                f"The newest {seals.behind} seals are not in the seal file yet; the sealer adds them."
            )

    def _file_end(self, behind: int, beside: Head | None) -> None:
        """A line whose seal is pinned was in the file: gone, it was taken out, and the sealer seals no more."""
        missing = (self.head.sequence if self.head else 0) - behind + 1
        if behind and beside is not None and missing <= beside.sequence and not self.findings:
            gone = self.file is not None and not self.file.path.exists()
            what = "the seal file is gone" if gone else "the seal file's end was cut off"
            self.findings.append(
                Finding("seal_file", f"{what}, but {beside} was pinned: restore it", seal=missing)
            )

    def verdict(self, rest: Unnumbered) -> Verdict:
        findings = sorted([*self.findings, *rest.findings], key=_place)
        return Verdict(
            service=self.service,
            findings=tuple(findings),
            entries=self.entries,
            seals=self.seals,
            head=self.head,
            sealed_at=datetime.fromisoformat(self.vouched.at) if self.vouched else None,
            unsealed=rest.count,
            unsealed_since=None if rest.since is None else _moment(rest.since),
            notes=tuple(self.notes),
        )


def _unpinned(head: Head | None, pinned: Head | None) -> Finding | None:
    if head is None or pinned is None or head.sequence != pinned.sequence or head == pinned:
        return None
    return Finding("seal_forged", f"the pinned head is {pinned}", seal=head.sequence)


def _place(finding: Finding) -> tuple[int, int]:
    """Findings in the chain's order; a seal that is wrong by itself comes after its entries."""
    return (_NOWHERE if finding.number is None else finding.number, finding.seal or _NOWHERE)


def _moment(microseconds: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return None
