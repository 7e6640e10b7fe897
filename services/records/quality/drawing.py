"""Which records are checked, and by what: the population of a unit, its sample, and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from services.records.access.record import Record
from services.records.attachments.clearance import cleared, is_current
from services.records.attachments.models import Entry, NothingKnown
from services.records.minimum_dataset.own import own_of
from services.records.minimum_dataset.rules import datasets, kind_of
from services.records.nominals.models import Nominal
from services.records.quality.models import Audit, Item
from services.records.quality.rules import AGENCY_OF_UNIT, Held, sample, suggested
from shared.directory import read_model
from shared.directory.read_model import UnitCard
from shared.ids import new_id
from shared.time.calendars import london_day
from shared.work import Work

# A record whose folders did not change for so long counts as stale (SC-17.10).
STALE = "records.stale_after"


def population(work: Work, unit: UnitCard) -> list[UUID]:
    """The live records that the unit manages or owns; of a prison or its group those whom it holds.

    Whoever audits must be able to open them all: what is under Limited Access stays with its own CPC.
    """
    codes = sorted(read_model.below(work.session, unit.code))
    there: ColumnElement[bool]
    if AGENCY_OF_UNIT[unit.kind] == "prison":
        there = Nominal.custody_prison.in_(codes)
    else:
        there = or_(Nominal.managing_unit.in_(codes), Nominal.owner_unit == unit.code)
    return list(
        work.session.execute(
            select(Nominal.id).where(Nominal.status == "live", ~Nominal.limited_access, there)
        ).scalars()
    )


def dataset_questions(work: Work, agency: str) -> list[list[str]]:
    """Every folder that the agency's minimum dataset asks for, of whatever category."""
    return [[want.folder, want.title] for want in datasets(work.today)[agency].wants]


def draw(work: Work, audit: Audit, ids: Sequence[UUID], size: int) -> None:
    """The audit's items. The audit is in the session, and says its seed."""
    work.session.add(audit)
    work.session.flush()
    work.session.add_all(
        Item(id=new_id(), audit_id=audit.id, nominal_id=one, origin_nominal_id=one, place=place)
        for place, one in enumerate(sample(ids, audit.seed, size), 1)
    )
    work.session.flush()


def asked_of(work: Work, audit: Audit, record: Record) -> list[list[str]]:
    """Of a dataset only the folders that it asks of this record's category; of another tool every question."""
    if audit.template_id is not None:
        return audit.questions
    wanted = {
        want.folder for dataset in datasets(work.today).values() for want in dataset.of(record.category)
    }
    return [one for one in audit.questions if one[0] in wanted]


def suggestions(work: Work, audit: Audit, record: Record, standings: Any, agency: str) -> dict[str, str]:
    """What the register itself would say of each folder, as far as the reader may know of it."""
    if audit.template_id is not None:
        return {}
    changed = _changed(work, record, standings, agency)
    own = frozenset(work.session.scalars(own_of(record.id)))
    after = timedelta(days=work.policy.period(STALE, work.today).amount)
    return {
        key: suggested(Held(changed.get(key), key in own), work.today, after)
        for key, _title in asked_of(work, audit, record)
    }


def _changed(work: Work, record: Record, standings: Any, agency: str) -> dict[str, Any]:
    """Folder → the day on which a current entry last changed, or on which the agency said that nothing is known."""
    entries = (
        select(Entry.folder, func.max(Entry.changed_at))
        .where(Entry.nominal_id == record.id, is_current(work.today), cleared(work.principal, standings))
        .group_by(Entry.folder)
    )
    found = {folder: london_day(at) for folder, at in work.session.execute(entries)}
    said = select(NothingKnown).where(NothingKnown.nominal_id == record.id)
    for one in work.session.execute(said).scalars():
        if kind_of(one.agency) == agency:
            found[one.folder] = max(found.get(one.folder, one.looked_on), one.looked_on)
    return found
