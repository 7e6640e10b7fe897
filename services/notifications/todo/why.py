"""Why an item is on somebody's list, in sentences."""

from __future__ import annotations

from services.notifications.todo.models import TodoItem
from services.notifications.todo.telling import role_words

# Capacities that are said as what somebody is to the record, or to the matter itself.
_AS = {
    "manager": "you manage the record",
    "supervisor": "you supervise the record",
    "partner": "you are a partner of the record",
    "requester": "you asked for it",
    "person": "it is about you",
    "user": "it is about your own account",
    "line_manager": "you are the person’s line manager",
    "signatory": "you must have read and signed it",
    "author": "you wrote what it is about",
    "police_counterpart": "you are the police counterpart who was told",
    "offender_manager": "you are the HMPPS Offender Manager of the record",
    "practitioner": "you entered the appointment",
    "approving_manager": "you entered the decision",
}


def because(item: TodoItem, unit_name: str, *, mine: bool) -> list[str]:
    """The capacity in which this person was told, and what else brought it here."""
    said = []
    if not mine:
        said.append("It is on the list of somebody for whom you cover or deputise.")
    if item.passed_on_by is not None:
        said.append("A colleague passed it on to you.")
    elif item.kind == "escalation":
        said.append(
            f"It was not done in time, and you hold the role “{role_words(item.role)}”{_at(unit_name)}, next in line."
        )
    elif item.role in _AS:
        said.append(f"It is here because {_AS[item.role]}.")
    elif item.role:
        said.append(f"It is here because you hold the role “{role_words(item.role)}”{_at(unit_name)}.")
    if item.clock_id is not None and item.kind != "escalation":
        said.append("A deadline runs for it: reminders bring it back until it is done.")
    return said


def _at(unit_name: str) -> str:
    return f" for {unit_name}" if unit_name else ""
