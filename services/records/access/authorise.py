"""The door that every command and query on a nominal goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.records.access.contacts import contact_for
from services.records.access.looks import note_attempt
from services.records.access.record import LOCKED, RECORD, Record, record_of
from services.records.access.rules import Decision, decide, shut_out, standings_of
from shared.driver import Fixed
from shared.refusals import NotFound, Refusal
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that the principal may do this to. `row` is the whole SELECT, by name, where more was asked for."""

    record: Record
    decision: Decision
    row: Any

    @property
    def nominal_id(self) -> UUID:
        return self.record.id

    @property
    def standings(self) -> frozenset[str]:
        return self.decision.standings

    @property
    def by_reason(self) -> bool:
        """Only a reason opened it: each request for the summary is told to the owning CPC."""
        return self.decision.by_reason


def authorise(
    work: Work,
    action: str,
    nominal_id: UUID,
    *,
    own: bool = False,
    lock: bool = False,
    statement: Fixed | None = None,
) -> Opened:
    """Let the act on this nominal go on, or raise its Refusal (with its contact) or NotFound.

    `lock` holds the nominal's row to the end of the transaction; `own` says that what is acted on is the
    principal's own (R23); `statement` is a `record_statement` with more columns.
    """
    if lock:
        work.together()
    row = _read(work, nominal_id, statement if statement is not None else LOCKED if lock else RECORD)
    record = record_of(row)
    decision = decide(work.principal, action, record, own=own)
    work.concerns(nominal_id=nominal_id, standings=sorted(decision.standings))
    if not decision.allowed:
        raise refused(work, decision, record)
    if decision.for_cpc:
        work.concerns(for_cpc=record.owner_unit)
    return Opened(record, decision, row)


def facts(work: Work, nominal_id: UUID, *, lock: bool = False) -> Record:
    """The record without a decision, for handlers and tasks. Raises NotFound."""
    return record_of(_read(work, nominal_id, LOCKED if lock else RECORD))


def refuse_archived(record: Record) -> None:
    """Raises R27: for acts whose right comes from a role or a prison, not from standing to the record (SC-17.12.2)."""
    if record.status == "archived":
        raise Refusal("R27", nominal_id=record.id)


def refuse_shut_out(work: Work, record: Record) -> None:
    """Raises R15 or R49: what is hidden from somebody is hidden from them in their role, too (PF-4.16l)."""
    stands = standings_of(work.principal, record)
    if shut_out(record, stands):
        raise refused(work, Decision(stands, "R49" if record.conflicted else "R15"), record)


def refused(work: Work, decision: Decision, record: Record) -> Refusal:
    """The decision's refusal, with whom to ask; an attempt at a limited record is told to its CPC."""
    code = str(decision.refusal)
    attempt = note_attempt(record) if code == "R15" else None
    contact = contact_for(work, code, record)
    fills: dict[str, Any] = dict(decision.fills)
    elsewhere = {"nominal_id": record.merged_into_id} if code == "R51" else None
    return Refusal(
        code, contact=contact, nominal_id=record.id, afterwards=attempt, elsewhere=elsewhere, **fills
    )


def _read(work: Work, nominal_id: UUID, statement: Fixed) -> Any:
    principal = work.principal
    values = {
        "nominal": nominal_id,
        "who": principal.person_id,
        "session": principal.session_id,
        "at": work.system_now,
    }
    row = work.first(statement, values)
    if row is None:
        raise NotFound
    return row
