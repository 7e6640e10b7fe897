"""A new prison offender manager checks the record, to inform the risk assessment (PF-5.20): done when they open it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.authorise import Opened
from services.records.nominals.followed import after_note, when_seen
from services.records.nominals.models import Nominal
from services.records.record_checks.models import Allocation
from shared.directory import read_model
from shared.events.records.record_checks import ALLOCATED, ALLOCATION_SETTLED
from shared.ids import new_id
from shared.work import Concerned, Work


@after_note
def allocated(work: Work, nominal_id: UUID, changed: Mapping[str, tuple[Any, Any]]) -> None:
    """Whoever records themselves has the record before them already."""
    with work.session.no_autoflush:
        pair = _pom(work, nominal_id, changed)
        if pair is None:
            return
        for before in _open(work, nominal_id):
            _settle(work, before, "over")
        card = read_model.person(work.session, pair[1]) if pair[1] else None
        if card is None or not card.active or card.id == work.principal.person_id:
            return
    allocation = Allocation(
        id=new_id(), nominal_id=nominal_id, person_id=card.id, agency=card.agency, allocated_at=work.now
    )
    work.session.add(allocation)
    data = {"allocation_id": allocation.id, "nominal_id": nominal_id, "unit": card.unit}
    to = [Concerned(card.id, "pom", card.unit, card.agency)]
    work.emit(ALLOCATED, data, aggregate=("nominal", nominal_id), to=to)


def _pom(
    work: Work, nominal_id: UUID, changed: Mapping[str, tuple[Any, Any]]
) -> tuple[Any, UUID | None] | None:
    """(before, now), or None where they stayed who they were. The summary's own form names the one who counts now."""
    if "pom_id" in changed or "offender_manager_id" not in changed:
        return changed.get("pom_id")
    nominal = work.session.get(Nominal, nominal_id)
    return changed["offender_manager_id"] if nominal is not None and nominal.custody_prison else None


@when_seen
def checked(work: Work, opened: Opened) -> None:
    """To anybody but the record's own prison offender manager this costs nothing."""
    if opened.row.pom_id != work.principal.person_id:
        return
    waiting = select(Allocation.person_id).where(
        Allocation.nominal_id == opened.nominal_id, Allocation.state == "open"
    )
    if work.principal.person_id not in work.session.execute(waiting).scalars().all():
        return
    work.together()
    for allocation in _open(work, opened.nominal_id):
        if allocation.person_id == work.principal.person_id:
            _settle(work, allocation, "checked")


def _open(work: Work, nominal_id: UUID) -> list[Allocation]:
    found = select(Allocation).where(Allocation.nominal_id == nominal_id, Allocation.state == "open")
    return list(work.session.execute(found.with_for_update()).scalars())


def _settle(work: Work, allocation: Allocation, state: str) -> None:
    allocation.state, allocation.settled_at = state, work.now
    data = {"allocation_id": allocation.id, "nominal_id": allocation.nominal_id, "state": state}
    subject = ("nominal", allocation.nominal_id)
    work.emit(ALLOCATION_SETTLED, data, aggregate=subject, agencies=[allocation.agency])
