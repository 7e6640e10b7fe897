"""A unit's task to fill its dataset: opened by its first partnership, over once nothing is missing (PF-5.16)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.records.access.concerned import in_role
from services.records.access.record import Record
from services.records.attachments.followed import follows_all
from services.records.minimum_dataset.measuring import missing_of
from services.records.minimum_dataset.models import DatasetTask
from services.records.minimum_dataset.rules import kind_of
from services.records.nominals.followed import after_change
from services.records.partnership.followed import when_first, when_none_left
from shared.events.records.minimum_dataset import DATASET_SETTLED
from shared.events.records.partnership import PARTNERSHIP_BEGAN
from shared.ids import new_id
from shared.work import Work

# Whose administrators fill it once they are partners (PF-5.16, PI-3.3.3).
_ADMINISTRATORS = {"prison": "prison_administrator", "probation": "case_administrator"}


@when_first
def open_task(work: Work, record: Record, unit: str, agency: str) -> None:
    """Its administrators are to fill it now that they can write (PF-5.16, PI-3.2.3); not where nothing is missing."""
    kind = kind_of(agency)
    role = _ADMINISTRATORS.get(kind or "")
    if kind is None or role is None or not missing_of(work, record, kind):
        return
    task = DatasetTask(id=new_id(), nominal_id=record.id, unit=unit, agency=agency, opened_at=work.now)
    work.session.add(task)
    data = {
        "task_id": task.id,
        "nominal_id": record.id,
        "unit": unit,
        "agency_kind": kind,
        "jurisdiction": record.jurisdiction,
    }
    to = in_role(work, role, unit, agency)
    work.emit(PARTNERSHIP_BEGAN, data, aggregate=("nominal", record.id), to=to)


@when_none_left
def overtaken(work: Work, record: Record, unit: str, _agency: str) -> None:
    """Whoever is partner no more cannot fill it, and need not."""
    for task in _open(work, record.id):
        if task.unit == unit:
            _settle(work, task, "overtaken")


@follows_all
@after_change
def something_was_written(work: Work, record: Record) -> None:
    """Most records have no open task: then this is one look at an index."""
    for task in _open(work, record.id):
        kind = kind_of(task.agency)
        if kind is not None and not missing_of(work, record, kind):
            _settle(work, task, "complete")


def _open(work: Work, nominal_id: UUID) -> list[DatasetTask]:
    found = select(DatasetTask).where(DatasetTask.nominal_id == nominal_id, DatasetTask.state == "open")
    return list(work.session.execute(found.with_for_update()).scalars())


def _settle(work: Work, task: DatasetTask, state: str) -> None:
    task.state, task.settled_at = state, work.now
    data = {"task_id": task.id, "nominal_id": task.nominal_id, "state": state}
    work.emit(DATASET_SETTLED, data, aggregate=("nominal", task.nominal_id), agencies=[task.agency])
