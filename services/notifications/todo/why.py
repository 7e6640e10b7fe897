"""Why an item is on somebody's list, in sentences."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.notifications.todo.models import TodoItem
from services.notifications.todo.standings import is_somebody_else
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
    "auditor": "you were asked to audit the records",
    "declarer": "you said that you had a conflict of interest",
    "deputy": "you act for a CPC",
}


# What whoever stands in for somebody does in their stead.
_IN_STEAD = {"manager": "manages", "supervisor": "supervises"}


def stands_in(session: Session, item: TodoItem) -> bool:
    """Whether it came here as to the next holder of a part that somebody else has, or nobody, on the record (8)."""
    if item.nominal_id is None or item.role not in _IN_STEAD or item.state != "open":
        return False
    return is_somebody_else(session, item.nominal_id, item.person_id, item.role)


def because(item: TodoItem, unit_name: str, *, mine: bool, in_stead: bool = False) -> list[str]:
    """The capacity in which this person was told, and what else brought it here; `in_stead`: see `stands_in`."""
    said = []
    if not mine:
        said.append("It is on the list of somebody for whom you cover or deputise.")
    if item.passed_on_by is not None:
        said.append("A colleague passed it on to you.")
    elif in_stead:
        said.append(
            f"It is here because you hold the role “{role_words(item.role)}”{_at(unit_name)} and stand in:"
            f" nobody who {_IN_STEAD[item.role]} the record is there."
        )
    elif item.kind == "escalation" and item.role in _IN_STEAD:
        said.append(f"It was not done in time, and {_AS[item.role]}: you are next in line.")
    elif item.kind == "escalation":
        said.append(
            f"It was not done in time, and you hold the role “{role_words(item.role)}”{_at(unit_name)}, next in line."
        )
    elif item.stands_in_for is not None and item.role not in _IN_STEAD:
        said.append(
            f"It is here because you hold the role “{role_words(item.role)}”{_at(unit_name)} and stand in for a"
            " colleague who was away."
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
