"""What differs, from what is known here and what was stated. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

# What was told so shortly before the statement may still be on its way here, or have overtaken it.
ON_THE_WAY = timedelta(minutes=5)
# A deadline for which nothing waits, and of which no fact says how it ended: it is over from the second night on.
NIGHTS_UNTIL_ENDED = 2


@dataclass(frozen=True, slots=True)
class Stated:
    """Of one nominal and one agency, as records states it, or as it is known here.

    `closed`: a digest of those to whom it is closed, empty for nobody; None where records did not say.
    """

    version: int
    people: int
    digest: str
    limited: bool = False
    closed: str | None = ""


def standings_differ(known: Stated | None, stated: Stated) -> bool:
    """Whether records is to tell them anew. Whoever knows a newer picture than was stated knows better.

    What nobody has told of yet differs only if somebody stands to the nominal at all, or declared a conflict of
    interest with it. By that, as by Limited Access, whoever stands in is told all or nothing (PF-4.16l.1).
    """
    if known is None:
        return stated.people > 0 or bool(stated.closed)
    if known.version > stated.version:
        return False
    if stated.closed is not None and known.closed != stated.closed:
        return True
    return (known.digest, known.limited) != (stated.digest, stated.limited)


@dataclass(frozen=True, slots=True)
class Differing:
    missing: frozenset[UUID]
    stale: frozenset[UUID]


def occasions_differ(
    waiting: Collection[UUID],
    known: Collection[UUID],
    running: Mapping[UUID, datetime],
    stated_at: datetime,
    elsewhere: Collection[UUID] = (),
) -> Differing:
    """`known` are the subjects with a clock, running or stopped; `running` those that run, and since when known.

    What waits and never had a clock is missing; what runs and does not wait is stale. A clock that was stopped while
    the subject still waits was stopped by a later fact. What waits `elsewhere` is no longer this agency's, and runs on.
    """
    missing = frozenset(waiting) - frozenset(known)
    late_enough = {one for one, since in running.items() if since <= stated_at - ON_THE_WAY}
    return Differing(missing, frozenset(late_enough.difference(waiting, elsewhere)))


Kind = Literal["standings", "missing", "stale"]
