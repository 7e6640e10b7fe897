"""The entries without a number: those that wait for their seal, and those that somebody put behind the seals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.audit.canonical import FIELDS
from shared.audit.reading import FIELDS_SQL, TRANSACTION_SQL, Raw, hash_again, one, rows
from shared.audit.seal import Seal
from shared.audit.verdict import Finding

_SQL = (
    f"SELECT {TRANSACTION_SQL}, e.hash, {FIELDS_SQL} FROM audit_entry AS e"  # noqa: S608 - made of constants
    " WHERE NOT EXISTS (SELECT 1 FROM audit_number AS n WHERE n.entry_id = e.id)"
    " ORDER BY e.transaction_id, e.id"
)
_NEIGHBOUR = (
    "SELECT n.number FROM audit_entry AS e JOIN audit_number AS n ON n.entry_id = e.id"
    " WHERE (e.transaction_id, e.id) < (CAST(%s AS xid8), %s)"
    " ORDER BY e.transaction_id DESC, e.id DESC LIMIT 1"
)
_AT = FIELDS.index("at")


@dataclass(frozen=True)
class Unnumbered:
    """`since` in microseconds since 1970. `findings`: at most one, the first."""

    count: int
    since: int | None
    findings: tuple[Finding, ...]


def unnumbered(raw: Raw, last: Seal | None) -> Unnumbered:
    """Judge every entry without a number by the position that the newest seal vouches for."""
    bounds = _Bounds(raw, last)
    count, since, findings = 0, None, []
    for written, stored, *fields in rows(raw, "unnumbered", _SQL):
        transaction = int(written)
        what = bounds.misplaced(transaction, fields[0])
        if what is not None:
            after = one(raw, _NEIGHBOUR, str(transaction), fields[0])
            place = 1 if after is None else after + 1
            findings.append(Finding("inserted", f"{what}; it stands before number {place}", place, fields[0]))
            break
        if not findings and hash_again(fields) != stored:
            findings.append(
                Finding("altered", "not sealed yet, and its hash is not its own", None, fields[0])
            )
        count += 1
        since = fields[_AT] if since is None else min(since, fields[_AT])
    return Unnumbered(count, since, tuple(findings[-1:]))


class _Bounds:
    """Which transaction numbers an entry without a number may have."""

    def __init__(self, raw: Raw, last: Seal | None) -> None:
        here = str(one(raw, "SELECT CAST(system_identifier AS text) FROM pg_control_system()"))
        self._same_server = last is None or last.cluster == here
        self._position = last.position if last else (0, UUID(int=0))
        self._next = int(one(raw, "SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)"))

    def misplaced(self, transaction: int, entry_id: UUID) -> str | None:
        if not self._same_server:
            return None
        if (transaction, entry_id) <= self._position:
            return "it was put behind the seals: everything as old as it claims to be is sealed without it"
        if transaction >= self._next:
            return "it claims a transaction that has not begun"
        return None
