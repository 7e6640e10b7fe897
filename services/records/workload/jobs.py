"""Each night: what every administrator has, told to their agency, which reads it beside its staff (RPT-26)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from services.records.access.models import Partnership
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.directory.tables import DIRECTORY
from shared.events.records.workload import ADMINISTRATORS, WORKLOAD_COUNTED
from shared.ids import derived_id
from shared.reconciliation.nightly import night_hour
from shared.work import Work

TASK = "workload.count"
AT_ONCE = 500
_ASKED_FOR = "workload.asked_for"
_LIVE = Nominal.status == "live"
# What came to administrators with the records of category 2 at level 1.
_LEVEL_1 = (Nominal.category == "2") & (Nominal.level == 1)


@service.each_tick
def begin_at_night(work: Work) -> None:
    """Once for each night, as soon after its hour as somebody ticks."""
    if work.runtime.extras.get(_ASKED_FOR) == work.today or work.now < night_hour(work.today):
        return
    work.enqueue(TASK, {"night": work.today.isoformat()}, key=work.today.isoformat())
    work.runtime.extras[_ASKED_FOR] = work.today


@service.task(TASK)
def count(work: Work, payload: Mapping[str, Any]) -> None:
    """Numbers only: nothing here says which records they are."""
    counted_on = date.fromisoformat(payload["night"])
    for agency, rows in groupby(_counted(work), key=lambda row: row.agency):
        for people in _some([_said(row) for row in rows]):
            data = {"counted_on": counted_on, "people": people}
            subject = ("agency", derived_id("agency", agency))
            work.emit(WORKLOAD_COUNTED, data, aggregate=subject, agencies=[agency])


def _said(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("person_id", "manages", "level_1", "partner_of")}


def _some(people: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(people), AT_ONCE):
        yield people[start : start + AT_ONCE]


def _counted(work: Work) -> Sequence[Any]:
    """Live records only, since nobody works on others; by agency. Who has none is there with nought."""
    person, grant = DIRECTORY.person.c, DIRECTORY.grant.c
    managed = (
        select(
            Nominal.manager_id,
            func.count().label("manages"),
            func.count().filter(_LEVEL_1).label("level_1"),
        )
        .where(_LIVE, Nominal.manager_id.is_not(None))
        .group_by(Nominal.manager_id)
        .subquery()
    )
    partnered = (
        select(Partnership.person_id, func.count().label("partner_of"))
        .join(Nominal, Nominal.id == Partnership.nominal_id)
        .where(_LIVE, Partnership.ended_at.is_(None))
        .group_by(Partnership.person_id)
        .subquery()
    )
    nought = func.coalesce
    found = (
        select(
            person.id.label("person_id"),
            person.agency,
            nought(managed.c.manages, 0).label("manages"),
            nought(managed.c.level_1, 0).label("level_1"),
            nought(partnered.c.partner_of, 0).label("partner_of"),
        )
        .outerjoin(managed, managed.c.manager_id == person.id)
        .outerjoin(partnered, partnered.c.person_id == person.id)
        .where(person.active, person.id.in_(select(grant.person_id).where(grant.name.in_(ADMINISTRATORS))))
        .order_by(person.agency, person.id)
    )
    return work.session.execute(found).all()
