"""Whose duty a deadline is, as its pages name them: "Log on, or give the account up" alone says nothing to a CPC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from services.notifications.deadlines.models import ClockPerson
from services.notifications.deadlines.shown import ShownClock
from shared.directory import read_model
from shared.work import Work

Reminded = Mapping[UUID, Sequence[read_model.PersonCard]]


def reminded(work: Work, clocks: Iterable[ShownClock]) -> Reminded:
    """Of each deadline the people whom it reminds, by name; of one that is closed to the reader nobody."""
    open_ones = [one.id for one in clocks if not one.restricted]
    rows = select(ClockPerson).where(ClockPerson.deadline_id.in_(open_ones))
    named = {(one.deadline_id, one.person_id) for one in work.session.execute(rows).scalars()}
    cards = read_model.people(work.session, {person_id for _, person_id in named})
    found: dict[UUID, list[read_model.PersonCard]] = defaultdict(list)
    for deadline_id, person_id in named:
        if person_id in cards:
            found[deadline_id].append(cards[person_id])
    return {clock: sorted(people, key=lambda each: each.name) for clock, people in found.items()}
