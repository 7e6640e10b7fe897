"""Which duty a registration brings, and from when it counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.reference import mappa
from shared.time.calendars import add_months

SCOTTISH = "SCT"
LONGEST_SENTENCE_AHEAD = 60
# Why a case is listed without a deadline, in words for the queue.
WITHOUT: Mapping[str, str] = {
    "not_staffed": "No deadline: the area has not declared sufficient staff",
    "no_release_date": "No deadline yet: no release date is recorded",
    "window": "No deadline yet: the window opens on {day}",
    "none": "No deadline: nothing sets one",
    "off": "No deadline: the policy is switched off",
}


@dataclass(frozen=True)
class Registration:
    """`community`: sentenced to a community order, which `sentenced_on` dates."""

    category: str
    level: int | None
    supervised: bool
    jurisdiction: str
    registered_on: date
    release_on: date | None = None
    sentenced_on: date | None = None


@dataclass(frozen=True)
class Practice:
    """What the area and national policy say: the switch for sufficient staff, and when the window opens (C-04)."""

    staffed: bool
    level_1_recorded: bool = True
    window_months: int = -8


@dataclass(frozen=True)
class Duty:
    """`code` of the deadline that runs and the day it counts from; without one, `why`, and perhaps from `when`."""

    code: str | None
    counts_from: date | None = None
    why: str | None = None
    when: date | None = None


def duty_of(one: Registration, practice: Practice, today: date) -> Duty:
    """Section 32: D-01 to D-04, and in Scotland at once.

    SC-17.9: in Scotland everybody under MAPPA is entered, with no switch. PF-4.10, 4.14: levels 2 and 3. PF-4.13: a
    community sentence; PF-4.11: category 2 level 1 before release; both only where there is enough staff.
    """
    if one.jurisdiction == SCOTTISH and mappa.categories()[one.category].is_mappa:
        return Duty("D-47", one.registered_on)
    if one.level in (2, 3) and one.category == "2":
        return Duty("D-01", one.registered_on)
    if one.level in (2, 3) and one.category == "3" and one.supervised:
        return Duty("D-04", one.registered_on)
    if one.category != "2":
        return Duty(None, why="none")
    return _when_staffed(one, practice, today)


def _when_staffed(one: Registration, practice: Practice, today: date) -> Duty:
    if not practice.level_1_recorded:
        return Duty(None, why="off")
    if not practice.staffed:
        return Duty(None, why="not_staffed")
    if one.sentenced_on is not None:
        return Duty("D-03", one.sentenced_on)
    if one.release_on is None:
        return Duty(None, why="no_release_date")
    opens = window_opens(one.release_on, practice)
    if opens > today:
        return Duty(None, why="window", when=opens)
    return Duty("D-02", one.release_on)


def window_opens(release_on: date, practice: Practice) -> date:
    """Eight months before release (C-04); at six it is late."""
    return add_months(release_on, practice.window_months)


def date_problems(one: Registration, today: date) -> dict[str, str]:
    """By field: impossible dates of registration, sentence and release."""
    wrong = {}
    if one.registered_on > today:
        wrong["registered_on"] = "The day of registration is in the future"
    if one.sentenced_on is not None and one.sentenced_on > today:
        wrong["sentenced_on"] = "The day of sentence is in the future"
    if one.release_on is not None and one.release_on.year > today.year + LONGEST_SENTENCE_AHEAD:
        wrong["release_on"] = "Check the year of release"
    if one.release_on is not None and one.sentenced_on is not None:
        wrong["sentenced_on"] = "Enter a release date or a community sentence, not both"
    return wrong
