"""When a record is ready to be archived, and what it needs before. Pure (PF-7/To do list.3, SC-17.13.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

GROUNDS: Final[Mapping[str, str]] = {
    "died": "The person has died",
    "deregistered": "Deregistered: no longer managed under MAPPA at level 2 or 3",
    "notification_ended": "Notification requirements have ended",
    "supervision_ended": "Licence or order has ended, and the person is not managed under MAPPA at level 2 or 3",
    "other": "Another reason, explained below",
}
# The folders whose dates say how long somebody is supervised or must notify; nothing else fixes a length (SC-17.13.1).
NOTIFICATION: Final = "notification"
SUPERVISION: Final = "supervision"
FOLDERS: Final[Mapping[str, str]] = {
    "sentences_licences": SUPERVISION,
    "civil_orders": SUPERVISION,
    "notification_requirements": NOTIFICATION,
    "terrorism_notification": NOTIFICATION,
}
PANEL_LEVELS: Final = frozenset({2, 3})
# OASys is what probation and prisons of England and Wales assess with.
_OASYS_IN: Final = frozenset({"ENG", "WLS"})


@dataclass(frozen=True, slots=True)
class Ending:
    """A licence, order or notification requirement; None where no end is known, so that it runs."""

    kind: str
    ends_on: date | None

    def runs(self, today: date) -> bool:
        return self.ends_on is None or self.ends_on > today


@dataclass(frozen=True, slots=True)
class Life:
    """What decides whether somebody is still to be managed."""

    level: int | None
    deregistered_on: date | None
    died_on: date | None
    in_custody: bool
    endings: tuple[Ending, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    ground: str
    since: date


def grounds(life: Life, today: date) -> list[Ready]:
    """Every ground that the record itself shows, the strongest first; none while somebody is still managed."""
    found = []
    if life.died_on is not None:
        found.append(Ready("died", life.died_on))
    if life.deregistered_on is not None:
        found.append(Ready("deregistered", life.deregistered_on))
    if (ended := _ended(life, today)) is not None:
        found.append(ended)
    return found


def ready(life: Life, today: date) -> Ready | None:
    return next(iter(grounds(life, today)), None)


def still_managed(life: Life) -> bool:
    """A panel manages the person until they are deregistered or die (PF-4.15.1)."""
    return life.level in PANEL_LEVELS and life.deregistered_on is None and life.died_on is None


def _ended(life: Life, today: date) -> Ready | None:
    """The last of the licences, orders and notifications is over, and no panel and no prison has the person."""
    if not life.endings or any(one.runs(today) for one in life.endings):
        return None
    if still_managed(life) or life.in_custody:
        return None
    last = max(life.endings, key=lambda one: one.ends_on or date.min)
    ground = "notification_ended" if last.kind == NOTIFICATION else "supervision_ended"
    return Ready(ground, last.ends_on or today)


def look_again(life: Life, today: date) -> date | None:
    """The next day on which something ends; None where nothing that is known will. Whoever a prison holds may leave."""
    coming = [one.ends_on for one in life.endings if one.ends_on is not None and one.ends_on > today]
    waits = life.in_custody and any(not one.runs(today) for one in life.endings)
    return min([*coming, *([today + timedelta(days=1)] if waits else [])], default=None)


def needs_termination(ground: str, owner_kind: str, jurisdiction: str) -> bool:
    """PF-4.28.2: probation adds it at the end of sentence or licence. Who has died is not assessed any more."""
    return ground != "died" and owner_kind == "probation" and jurisdiction in _OASYS_IN


def death_problem(died_on: date, born_on: date, today: date) -> str | None:
    if died_on > today:
        return "The day is in the future"
    return "The day is before the date of birth" if died_on < born_on else None
