"""A service's statement of a night, some at once, each part committed by itself.

One that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from shared.events.registry import EventKind
from shared.events.stated import OccasionKinds
from shared.ids import derived_id
from shared.reconciliation.occasions import Occasion
from shared.time.calendars import london
from shared.work import Work

TASK, NIGHT_HOUR = "reconciliation.state", 2
NOTHING = "nothing waits"
SUBJECTS = 500
_ASKED_FOR = "reconciliation.asked_for"
# What comes after the last one stated: the id through which all is said now; None where it is the last of all.
State = Callable[[Work, UUID | None], UUID | None]


class OfNight:
    """How far tonight's statement has come: one row for each thing that is stated (`of`).

    Through which id, on which night, and whether that was all.
    """

    __tablename__ = "stating"

    of: Mapped[str] = mapped_column(String(60), primary_key=True)
    night: Mapped[date]
    through: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Nightly:
    """`row` is the service's own `OfNight`, `parts` what it states, in this order."""

    row: type[Any]
    parts: Callable[[], Iterable[tuple[str, State]]]

    def begin(self, work: Work) -> None:
        """Once for each night, at two in the morning or as soon after as somebody ticks."""
        night = work.today
        if work.runtime.extras.get(_ASKED_FOR) == night or work.now < night_hour(night):
            return
        work.enqueue(TASK, {"night": night.isoformat()}, key=night.isoformat())
        work.runtime.extras[_ASKED_FOR] = night

    def state_some(self, work: Work, payload: Mapping[str, Any]) -> bool:
        """The next part of the night's statement; false once all is said."""
        night = date.fromisoformat(payload["night"])
        for of, state in self.parts():
            stating = self._stating(work, of, night)
            if stating.night == night and stating.finished_at is None:
                last = state(work, stating.through)
                stating.through = last or stating.through
                if last is None:
                    stating.finished_at = work.now
                return True
        return False

    def _stating(self, work: Work, of: str, night: date) -> Any:
        """Its row, locked, and begun anew where it is another night's."""
        row = insert(self.row).values(of=of, night=night)
        work.session.execute(row.on_conflict_do_nothing())
        stating = work.session.get_one(self.row, of, with_for_update=True, populate_existing=True)
        if stating.night < night:
            stating.night, stating.through, stating.finished_at = night, None, None
        return stating


def night_hour(night: date) -> datetime:
    """When the night's work begins."""
    return london(night, datetime.min.time().replace(hour=NIGHT_HOUR))


def state_occasions(
    kinds: OccasionKinds, occasions: Sequence[Occasion], code: Any, agency: Any
) -> Iterator[tuple[str, State]]:
    """What waits, to each agency that has some of it; at last to each agency all of which nothing of theirs waits.

    `code` and `agency` are columns of the service's own table of units.
    """
    units = select(code, agency)
    for one in occasions:
        yield one.fact, _waiting(kinds.waits, one, units)
    yield NOTHING, _nothing(kinds.nothing, occasions, units)


def _waiting(kind: EventKind, occasion: Occasion, units: Any) -> State:
    """In parts where they are many: of each, an agency that has none of these hears so, too."""

    def state(work: Work, after: UUID | None) -> UUID | None:
        found = occasion.waiting.where(occasion.id > after) if after else occasion.waiting
        rows = work.session.execute(found.order_by(occasion.id).limit(SUBJECTS)).all()
        through = rows[-1].id if len(rows) == SUBJECTS else None
        bounds = {"fact": occasion.fact, "stated_at": work.now, "after": after, "through": through}
        in_parts = after is not None or through is not None
        agency_of = _agencies(work, units)
        for whose in sorted(set(agency_of.values())):
            subjects = [row.id for row in rows if agency_of.get(row.unit) == whose]
            others = [row.id for row in rows if agency_of.get(row.unit) != whose] if occasion.moves else []
            if in_parts or subjects or others:
                _tell(work, kind, whose, {**bounds, "subjects": subjects, "elsewhere": others})
        return through

    return state


def _nothing(kind: EventKind, occasions: Sequence[Occasion], units: Any) -> State:
    def state(work: Work, _after: UUID | None) -> None:
        agency_of = _agencies(work, units)
        settled: dict[str, list[str]] = {whose: [] for whose in sorted(set(agency_of.values()))}
        for one in occasions:
            waiting = set(work.session.execute(select(one.waiting.subquery().c.unit).distinct()).scalars())
            # What moves may wait elsewhere, and is no longer theirs only because it does.
            has_some = settled.keys() if one.moves and waiting else {agency_of.get(unit) for unit in waiting}
            for whose in settled.keys() - has_some:
                settled[whose].append(one.fact)
        for whose, facts in settled.items():
            if facts:
                _tell(work, kind, whose, {"facts": facts, "stated_at": work.now})

    return state


def _agencies(work: Work, units: Any) -> dict[str, str]:
    """Whose each unit is."""
    return {row[0]: row[1] for row in work.session.execute(units)}


def _tell(work: Work, kind: EventKind, agency: str, said: Mapping[str, Any]) -> None:
    work.emit(kind, said, aggregate=("agency", derived_id("agency", agency)), agencies=[agency])
