"""What a row of the catalogue must say, looked at when the service starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.notifications.delivery.rules import CAPACITIES
from shared.events import identity, records, registry
from shared.time.periods import Period

if TYPE_CHECKING:
    from services.notifications.deadlines.catalogue import Entry, Trigger

# Their facts are declared as they are imported.
_DECLARED = (identity, records)
# What lasts: a clock of one of these would be met by its first occasion, and never run again.
_NO_OCCASION = frozenset({"nominal_id", "person_id"})


class CatalogueError(ValueError):
    """A row of the catalogue contradicts itself: the service refuses to start."""


def check(entry: Entry) -> None:
    """Raises CatalogueError with the row and what is wrong with it."""
    for wrong in (_people, _roles, _facts, _running, _occasion, _round, _hours):
        if said := wrong(entry):
            raise CatalogueError(f"{entry.code}: {said}")


def _people(entry: Entry) -> str | None:
    if not entry.ladder or not all(entry.ladder) or not entry.reminded:
        return "nobody to remind, or an empty rung"
    return None


def _roles(entry: Entry) -> str | None:
    named = {*entry.reminded, *(role for rung in entry.ladder for role in rung), *entry.told_by}
    if unknown := sorted(named - CAPACITIES):
        return f"no token or role is called {_quoted(unknown)}; there are {', '.join(sorted(CAPACITIES))}"
    return None


def _facts(entry: Entry) -> str | None:
    triggers = [getattr(entry, name) for name in ("meets", "ends", "follows", "pauses", "resumes")]
    every = [*([entry.starts] if entry.starts else []), *(fact for each in triggers for fact in each)]
    return next((said for fact in every if (said := _fact(fact))), None)


def _fact(fact: Trigger) -> str | None:
    """The fact is one that is told, in a version with every field that the row reads."""
    schemas = [kind.schema() for kind in registry.kinds() if kind.name == fact.event]
    if not schemas:
        return f"no fact is called {_quoted([fact.event])}: declare it in shared/events/<service>/<capability>.py"
    read = {fact.subject, fact.since, fact.unit, fact.by, fact.ahead_of, *fact.when} - {None}
    known = {name for schema in schemas for name in schema.fields}
    if unknown := sorted(str(name) for name in read - known):
        return f"{fact.event} has no field {_quoted(unknown)}; it has {', '.join(sorted(known))}"
    return None


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _running(entry: Entry) -> str | None:
    if not entry.runs:
        return None if entry.note else "does not run, and does not say why"
    if not entry.subject or (entry.starts and not entry.starts.unit):
        return "a clock that runs needs a subject and a unit"
    by_hand = entry.by_hand is not None and entry.by_hand.done
    if not (entry.meets or by_hand):
        return "a clock that runs needs a fact that stops it, or somebody who may say that it is done"
    return None


def _occasion(entry: Entry) -> str | None:
    if entry.runs and entry.starts and entry.starts.subject in _NO_OCCASION:
        return (
            "a clock runs once for each subject, so its subject is an occasion (a meeting, a request),"
            " not a record or a person"
        )
    return None


def _round(entry: Entry) -> str | None:
    if entry.calendar and not entry.calendar.yearly and not entry.again:
        return "what comes round since the last time begins again when it is met"
    if set(entry.whole_uk) - set(entry.variants):
        return "the whole United Kingdom counts for a variant that it does not have"
    return None


def _hours(entry: Entry) -> str | None:
    """Clocks in hours say their own ladder: two working days between rungs would be days after an hour."""
    if entry.rung_gap and not Period.parse(entry.rung_gap).is_clock:
        return "a time of its own between rungs is for clocks in hours or minutes"
    return None
