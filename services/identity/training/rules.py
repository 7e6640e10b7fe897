"""What counts as training, who may be booked, and what follows from a result. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# PF-4.7.1, PF-4.7.2: police and prison users never see it.
OWES_E_LEARNING = "probation"
MOST_PLACES = 200


@dataclass(frozen=True)
class Approval:
    """Both days included; without a last day it stands."""

    reference: str
    first_day: date
    last_day: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Listed:
    """A trainer's time on the approved list: both days included, but not from `removed_on`."""

    first_day: date
    last_day: date
    removed_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day and (self.removed_on is None or day < self.removed_on)


def approval_on(approvals: Iterable[Approval], day: date) -> str | None:
    """The reference under which a course counts when it is delivered on that day (PF-6.2.2); None: it does not."""
    return next((one.reference for one in approvals if one.holds(day)), None)


def wrong_approval(new: Approval, others: Iterable[Approval]) -> dict[str, list[str]]:
    """One day has one approval."""
    if new.last_day is not None and new.last_day < new.first_day:
        return {"last_day": ["The last day must not be before the first."]}
    for other in others:
        starts_before = new.last_day is None or other.first_day <= new.last_day
        if starts_before and (other.last_day is None or other.last_day >= new.first_day):
            return {"first_day": [f"Approval {other.reference} already covers some of these days."]}
    return {}


def wrong_listing(trained_on: date, listed: Listed, today: date) -> dict[str, list[str]]:
    """Nobody is on the list before Train the Trainer (PF-4.5.1)."""
    wrong = {}
    if trained_on > today:
        wrong["trained_on"] = ["The day of Train the Trainer must not be in the future."]
    if listed.first_day < trained_on:
        wrong["first_day"] = ["Nobody is on the list before their Train the Trainer."]
    if listed.last_day < listed.first_day:
        wrong["last_day"] = ["The last day must not be before the first."]
    return wrong


def wrong_session(
    starts_on: date, ends_on: date, today: date, listed: Listed, approvals: Iterable[Approval]
) -> dict[str, list[str]]:
    """PF-6.2.2, PF-6.2.3: an approved course, by a trainer who is on the list, on every day of it."""
    wrong = {}
    if starts_on < today:
        wrong["starts_on"] = ["The first day must not be in the past."]
    if ends_on < starts_on:
        return wrong | {"ends_on": ["The last day must not be before the first."]}
    days = [starts_on + timedelta(days=number) for number in range((ends_on - starts_on).days + 1)]
    if not all(listed.holds(day) for day in days):
        wrong["trainer_id"] = ["This trainer is not on the approved list on these days."]
    known = list(approvals)
    if approval_on(known, ends_on) is None:
        wrong["course_id"] = [
            "The National ViSOR Training Working Group has not approved this course for these days."
        ]
    return wrong


def not_yet(*, vetted: bool, syops_signed: bool) -> str | None:
    """What must come before training, in the words of R05 (PF-4.3.3, PF-6.3)."""
    if not vetted:
        return "vetting is cleared"
    return None if syops_signed else "SyOPs is signed"


def wrong_result(outcome: str, score: int | None, ends_on: date, today: date) -> dict[str, list[str]]:
    wrong = {}
    if ends_on > today:
        wrong["outcome"] = ["The session is not over yet."]
    if outcome == "absent" and score is not None:
        wrong["score"] = ["Somebody who was absent has no score."]
    if outcome != "absent" and score is None:
        wrong["score"] = ["Give the score, in per cent."]
    return wrong


def wrong_award(awarded_on: date, approved: str | None, today: date) -> dict[str, list[str]]:
    """PF-4.6: a College of Policing course taken before counts if it was approved then."""
    if awarded_on > today:
        return {"awarded_on": ["The day of the award must not be in the future."]}
    if approved is None:
        return {
            "course_id": ["This course was not approved by the National ViSOR Training Working Group then."]
        }
    return {}


def owes_e_learning(agency_kind: str, course_kind: str, *, owed_before: bool) -> bool:
    """PF-4.7.1: probation staff, after the user course, once."""
    return agency_kind == OWES_E_LEARNING and course_kind == "user" and not owed_before


def wrong_completion(completed_on: date, owed_from: date, today: date) -> dict[str, list[str]]:
    if completed_on > today:
        return {"completed_on": ["The day it was completed must not be in the future."]}
    if completed_on < owed_from:
        return {"completed_on": ["The e-learning follows the training, so it cannot be completed before it."]}
    return {}
