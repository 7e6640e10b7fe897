"""Comparing the clocks that run with the occasions that wait, as records and identity state them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from services.notifications.deadlines import clocks
from services.notifications.deadlines.catalogue import Entry, Trigger, catalogue
from services.notifications.deadlines.models import Clock
from services.notifications.reconciliation.differences import (
    agree,
    compared,
    facts_that_differ,
    note,
    of_kind,
)
from services.notifications.reconciliation.models import Difference
from services.notifications.reconciliation.rules import NIGHTS_UNTIL_ENDED, occasions_differ
from services.notifications.service import service
from shared.directory.tables import DIRECTORY
from shared.events.envelope import Event
from shared.events.identity import reconciliation as of_identity
from shared.events.notifications import FACTS_MISSED
from shared.events.records import reconciliation as of_records
from shared.ids import derived_id
from shared.work import Work

_unit = DIRECTORY.unit


@dataclass(frozen=True, slots=True)
class Part:
    """What one agency was told: of the fact's occasions between two ids these wait, and these with other agencies."""

    agency: str
    fact: str
    stated_at: datetime
    occurred_at: datetime
    after: UUID | None = None
    through: UUID | None = None
    subjects: Sequence[UUID] = ()
    elsewhere: Sequence[UUID] = ()


@service.on(of_records.OCCASIONS_STATED, of_identity.OCCASIONS_STATED)
def compare_occasions(work: Work, event: Event) -> None:
    told = of_records.OCCASIONS_STATED.load(event.data)
    part = Part(agency=event.agency, occurred_at=event.occurred_at, **told)
    if entries := _started_by(part.fact):
        _compare(work, part, entries)
        compared(work, [part.fact])


@service.on(of_records.OCCASIONS_SETTLED, of_identity.OCCASIONS_SETTLED)
def compare_settled(work: Work, event: Event) -> None:
    """Only where a clock runs after all, or a difference waits to agree again, is there anything to compare."""
    told = of_records.OCCASIONS_SETTLED.load(event.data)
    facts = {one: entries for one in told["facts"] if (entries := _started_by(one))}
    if not facts:
        return
    codes = {entry.code: fact for fact, entries in facts.items() for entry in entries}
    theirs = select(_unit.c.code).where(_unit.c.agency == event.agency)
    running = select(Clock.code).where(Clock.code.in_(codes), Clock.state != "met", Clock.unit.in_(theirs))
    differ = {codes[code] for code in work.session.execute(running.distinct()).scalars()}
    differ |= facts_that_differ(work, event.agency)
    for fact in sorted(differ & facts.keys()):
        _compare(work, Part(event.agency, fact, told["stated_at"], event.occurred_at), facts[fact])
    compared(work, sorted(facts))


def _started_by(fact: str) -> Sequence[Entry]:
    return [one for one in catalogue().values() if one.starts and one.starts.event == fact and one.on]


def _compare(work: Work, part: Part, entries: Sequence[Entry]) -> None:
    """The facts that seem never to have arrived are asked for, and do then what they do whenever they come.

    A clock that runs for nothing, and of which the log of facts has no end, is ended: neither met nor late.
    """
    fact, agency = part.fact, part.agency
    running = _running(work, entries, agency, _between(part, _subject(entries)))
    known = _known(work, entries, part.subjects)
    found = occasions_differ(part.subjects, known, running, part.stated_at, part.elsewhere)
    no_longer = of_kind("missing", Difference.subject_id.not_in(found.missing)) | of_kind(
        "stale", Difference.subject_id.not_in(found.stale)
    )
    agree(work, fact, agency, _between(part, Difference.subject_id) & no_longer)
    note(work, "missing", fact, agency, found.missing)
    seen = note(work, "stale", fact, agency, found.stale)
    _ask(work, agency, [one.starts for one in entries if one.starts], found.missing)
    _ask(work, agency, [end for one in entries for end in _endings(one)], found.stale)
    over = [one for one, nights in seen.items() if nights >= NIGHTS_UNTIL_ENDED]
    _end(work, entries, part.occurred_at, over)


def _subject(entries: Sequence[Entry]) -> InstrumentedAttribute[Any]:
    """Where a clock keeps what its fact was about: each round of what comes round again has a subject of its own."""
    return Clock.occasion_id if any(one.again for one in entries) else Clock.subject_id


def _endings(entry: Entry) -> Sequence[Trigger]:
    """Told anew, what meets a round of what comes round again would meet the one that runs now."""
    return entry.ends if entry.again else (*entry.meets, *entry.ends)


def _between(part: Part, column: Any) -> ColumnElement[bool]:
    asked: ColumnElement[bool] = column.is_not(None)
    if part.after is not None:
        asked &= column > part.after
    if part.through is not None:
        asked &= column <= part.through
    return asked


def _known(work: Work, entries: Sequence[Entry], subjects: Collection[UUID]) -> frozenset[UUID]:
    """Those with a clock, running or stopped: found by its key, whatever its agency."""
    if not subjects:
        return frozenset()
    codes = [one.code for one in entries]
    subject = _subject(entries)
    found = select(subject).where(Clock.code.in_(codes), subject.in_(subjects), Clock.started_at.is_not(None))
    return frozenset(work.session.execute(found).scalars())


def _running(
    work: Work, entries: Sequence[Entry], agency: str, between: ColumnElement[bool]
) -> Mapping[UUID, datetime]:
    """Clocks of this agency's units, and since when each is known here."""
    theirs = select(_unit.c.code).where(_unit.c.agency == agency)
    found = select(_subject(entries), Clock.known_at).where(
        Clock.code.in_([one.code for one in entries]), Clock.state != "met", between, Clock.unit.in_(theirs)
    )
    return {row[0]: row[1] for row in work.session.execute(found) if row[1] is not None}


def _ask(work: Work, agency: str, triggers: Sequence[Trigger], subjects: Collection[UUID]) -> None:
    """One question for each field by which these facts name their subject."""
    if not subjects:
        return
    for field, kinds in _by_field(triggers):
        data = {"kinds": kinds, "field": field, "subjects": sorted(subjects)}
        work.emit(FACTS_MISSED, data, aggregate=("agency", derived_id("agency", agency)))


def _by_field(triggers: Sequence[Trigger]) -> Iterator[tuple[str, list[str]]]:
    for field in sorted({one.subject for one in triggers}):
        yield field, sorted({one.event for one in triggers if one.subject == field})


def _end(work: Work, entries: Sequence[Entry], ended_at: datetime, subjects: Collection[UUID]) -> None:
    for entry in entries if subjects else ():
        subject = _subject(entries)
        theirs = select(subject).where(Clock.code == entry.code, subject.in_(subjects), Clock.state != "met")
        for subject_id in work.session.execute(theirs).scalars().all():
            clocks.end(work, entry, subject_id, ended_at)
