"""How much of each dataset one record holds: three queries, whatever the number of folders and entries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.records.access.record import Record
from services.records.attachments.clearance import cleared, is_current
from services.records.attachments.models import Entry, NothingKnown
from services.records.minimum_dataset.own import own_of
from services.records.minimum_dataset.rules import Measured, Want, codes_of, datasets, kind_of, measure
from shared.work import Work


def measured(work: Work, nominal_id: UUID, category: str, standings: Collection[str]) -> dict[str, Measured]:
    """By agency. What the reader may not know of does not count for them (PF-1.4.3)."""
    entries = select(Entry.folder).where(
        Entry.nominal_id == nominal_id, is_current(work.today), cleared(work.principal, standings)
    )
    held = set(work.session.scalars(entries.distinct()))
    own = frozenset(work.session.scalars(own_of(nominal_id)))
    said = select(NothingKnown.folder, NothingKnown.agency, NothingKnown.looked_on)
    known: dict[str, dict[str, date]] = {}
    for row in work.session.execute(said.where(NothingKnown.nominal_id == nominal_id)):
        kind = kind_of(row.agency)
        if kind is not None:
            known.setdefault(kind, {})[row.folder] = row.looked_on
    return {
        agency: measure(dataset, category, held, known.get(agency, {}), own)
        for agency, dataset in datasets(work.today).items()
    }


def missing_of(work: Work, record: Record, agency: str) -> list[Want]:
    """What is missing of an agency's dataset, counting all that the agency itself holds or may know of."""
    theirs = or_(Entry.readers.is_(None), Entry.agency.in_(codes_of(agency)))
    entries = select(Entry.folder).where(Entry.nominal_id == record.id, is_current(work.today), theirs)
    said = select(NothingKnown.folder, NothingKnown.looked_on).where(
        NothingKnown.nominal_id == record.id, NothingKnown.agency.in_(codes_of(agency))
    )
    dataset = datasets(work.today).get(agency)
    if dataset is None:
        return []
    known = {row.folder: row.looked_on for row in work.session.execute(said)}
    held = work.session.scalars(entries.distinct())
    return measure(dataset, record.category, held, known, work.session.scalars(own_of(record.id))).missing


def as_answer(one: Measured) -> dict[str, Any]:
    return {
        "agency": one.dataset.agency,
        "name": one.dataset.name,
        "source": one.dataset.source,
        "wanted": len(one.wanted),
        "answered": one.answered,
        "complete": not one.missing,
        "missing": one.missing,
        "on_record": [want for want in one.wanted if want.folder in one.own - one.held],
        "nothing_known": [
            {"folder": want.folder, "title": want.title, "on": one.nothing_known[want.folder]}
            for want in one.wanted
            if want.folder in one.nothing_known and want.folder not in one.held | one.own
        ],
    }
