"""What happens when a fact arrives: clocks stop, clocks start, items are raised, changes are noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.notifications.alerts.rules import CHANGES, Rule, rules, rules_for
from services.notifications.deadlines import catalogue, clocks, moving
from services.notifications.deadlines.catalogue import Entry
from services.notifications.deadlines.staffed import is_staffed
from services.notifications.delivery.people import look_again, named
from services.notifications.service import service
from services.notifications.todo import kinds
from services.notifications.todo.changes import note_change
from services.notifications.todo.items import close_for_cause
from services.notifications.todo.task import Task
from services.notifications.todo.telling import tell
from shared.access import revocations
from shared.events import identity, records, registry
from shared.events.envelope import Event
from shared.events.identity.directory import DIRECTORY_CHANGED
from shared.events.identity.sign_in import SESSION_REVOKED
from shared.events.registry import EventKind
from shared.time.calendars import london_day
from shared.work import Work

_MODULES = (identity, records)


def _kinds() -> list[EventKind]:
    """Every fact that some rule, clock or change is about, in each version this release reads."""
    wanted = {rule.event for rule in rules()} | catalogue.events() | CHANGES.keys()
    known = [kind for kind in registry.kinds() if kind.name in wanted]
    if missing := wanted - {kind.name for kind in known}:
        raise LookupError(
            f"{', '.join(sorted(missing))} not declared in {[each.__name__ for each in _MODULES]}"
        )
    return known


for _rule in rules():
    kinds.register(_rule.kind, _rule.label, always_mailed=_rule.always_mailed, receipt=_rule.receipt)
for _entry in catalogue.catalogue().values():
    kinds.register(f"deadline_{_entry.code.lower()}", _entry.duty)


@service.on(*_kinds())
def take_fact(work: Work, event: Event) -> None:
    """Do all that a fact asks for. Told twice, or by two agencies' copies, it is done once."""
    kind = registry.find(event.type, event.version)
    if kind is None:
        return
    data = kind.load(event.data)
    _move_clocks(work, event, data)
    for rule in rules_for(event.type):
        if rule.fits(data):
            _apply(work, rule, event, data)
    if event.type in CHANGES:
        _note_change(work, event, data)


def _move_clocks(work: Work, event: Event, data: Mapping[str, Any]) -> None:
    """Whatever this fact stops, ends, moves, pauses or lets go on."""
    at = event.occurred_at
    for entry, fact in catalogue.met_by(event.type):
        if fact.fits(data):
            clocks.meet(work, entry, data[fact.subject], at)
    for entry, fact in catalogue.ended_by(event.type):
        if fact.fits(data):
            clocks.end(work, entry, data[fact.subject], at)
    for entry, fact in catalogue.moved_by(event.type):
        if fact.fits(data):
            moving.follow(work, entry, data[fact.subject], fact.start(data, at), fact.until(data), at)
    for entry, fact in catalogue.paused_by(event.type):
        if fact.fits(data):
            moving.pause(work, clocks.locked(work, entry, data[fact.subject]))
    for entry, fact in catalogue.resumed_by(event.type):
        if fact.fits(data):
            moving.resume(work, clocks.locked(work, entry, data[fact.subject]), entry)


@service.on(SESSION_REVOKED)
def end_sessions(work: Work, event: Event) -> None:
    """An ended session, or a suspended person, opens no page here any more."""
    told = SESSION_REVOKED.load(event.data)
    for subject in (told["session_id"], told["person_id"]):
        if subject is not None:
            revocations.revoke(work.session, service.tables.revocation, subject, told["at"])
    look_again(work)


@service.on(DIRECTORY_CHANGED)
def read_people_again(work: Work, _event: Event) -> None:
    """Declared after the directory's own handler, so it runs after that has read on."""
    look_again(work)


def _apply(work: Work, rule: Rule, event: Event, data: Mapping[str, Any]) -> None:
    for closing in rule.closes:
        if data.get(closing.cause) is not None:
            whose = data[closing.person] if closing.person else None
            close_for_cause(work, closing.kind, str(data[closing.cause]), whose)
    if not event.people:
        # A copy for an agency that only keeps its own clocks: nobody here is concerned.
        return
    task = rule.task(event, data)
    who = named(event.people)
    beginning = rule.clocks(data)
    started = [entry for entry in beginning if _begins_here(work, entry, event, data)]
    if beginning and not started:
        return
    for entry in started:
        clocks.start(work, _beginning(entry, event, data), _of_entry(task, entry), who)
    done_before = task.subject_id is not None and clocks.was_met(work, rule.deadlines, task.subject_id)
    if not started and not done_before:
        tell(work, task, who)


def _begins_here(work: Work, entry: Entry, event: Event, data: Mapping[str, Any]) -> bool:
    """Some duties begin only where the area has sufficient staff on that day (PF-4.11, PF-4.13)."""
    if not entry.staffed or entry.starts is None or entry.starts.unit is None:
        return True
    return is_staffed(work, data[entry.starts.unit], london_day(event.occurred_at))


def _beginning(entry: Entry, event: Event, data: Mapping[str, Any]) -> clocks.Beginning:
    starts = entry.starts
    assert starts is not None and starts.unit is not None  # noqa: S101, PT018 - the catalogue was checked
    return clocks.Beginning(
        entry=entry,
        subject_id=data[starts.subject],
        started_at=starts.start(data, event.occurred_at),
        unit=data[starts.unit],
        jurisdiction=data["jurisdiction"],
        nominal_id=data.get("nominal_id"),
        told_at=event.occurred_at,
        until=starts.until(data),
        occasion_id=data[starts.subject] if entry.again else None,
    )


def _of_entry(task: Task, entry: Entry) -> Task:
    """Its clause is that of the clock behind it: one rule may start clocks of several."""
    return replace(task, clause=entry.clause) if entry.clause else task


def _note_change(work: Work, event: Event, data: Mapping[str, Any]) -> None:
    said = CHANGES[event.type]
    note_change(
        work,
        event_id=event.id,
        nominal_id=data["nominal_id"],
        what=said[1:] if said.startswith("=") else data[said],
        version=data["standing_version"],
        actor=event.actor,
        at=event.occurred_at,
    )
