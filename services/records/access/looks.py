"""Looks at a record by those not partnered to it: each is kept and told to its CPC (PF-7/Accessing.3)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from services.records.access.concerned import concerned
from services.records.access.models import Access
from services.records.access.record import Record
from shared.events.records.nominals import NOMINAL_ACCESSED_UNPARTNERED
from shared.ids import new_id
from shared.work import Work

REASON = "unpartnered_access.reason"
# What else of access is encrypted under the nominal's key, and for what.
LIMIT_REASON, LIMIT_ENDED = "limited_access.reason", "limited_access.end_reason"
CONFLICT_REASON, CONFLICT_ENDED = "conflict_of_interest.reason", "conflict_of_interest.end_reason"


def note_look(
    work: Work, record: Record, *, reason_type: str | None, reason: bytes | None, linked: UUID | None = None
) -> UUID:
    """One row and one notice, each time. `reason` is already encrypted for REASON. Returns the row's id."""
    return _note(work, record, "opened", reason_type, reason, linked)


def note_attempt(record: Record) -> Callable[[Work], None]:
    """What a refusal R15 leaves behind, in its own transaction: every attempt is told to the owning CPC."""

    def afterwards(work: Work) -> None:
        _note(work, record, "refused", None, None)

    return afterwards


def _note(
    work: Work,
    record: Record,
    outcome: str,
    reason_type: str | None,
    reason: bytes | None,
    linked: UUID | None = None,
) -> UUID:
    principal = work.principal
    access = Access(
        id=new_id(),
        nominal_id=record.id,
        person_id=principal.person_id,
        agency=principal.agency,
        unit=principal.unit,
        owner_unit=record.owner_unit,
        at=work.system_now,
        outcome=outcome,
        reason_type=reason_type,
        reason=reason,
        linked_nominal_id=linked,
    )
    work.session.add(access)
    data = {"nominal_id": record.id, "access_id": access.id, "refused": outcome == "refused"}
    work.emit(
        NOMINAL_ACCESSED_UNPARTNERED,
        data,
        aggregate=("nominal", record.id),
        to=concerned(work, record, "cpc"),
    )
    return access.id
