"""What waits at first sight for the people of the story: nothing that the ten steps of the README bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from deploy.demonstration.act import Act
from deploy.demonstration.nominal import InventedNominal
from deploy.demonstration.users import Staff
from services.records.demonstration import nominal_id
from shared.time.calendars import add_months

ADMINISTRATOR = "ruth.ackroyd"
_RAISED = "The screening found that several agencies must manage him together; the first meeting is tomorrow."
_NEW_TELEPHONE = "He has a new mobile telephone, seen at the home visit: a smartphone with two cards."


def waiting(caseload: Iterable[InventedNominal], staff: Staff, today: date) -> Iterator[Act]:
    """Of three of her records: minutes owed, minutes that came, and an attachment to be updated. None is overdue."""
    hers = (one for one in caseload if one.status == "live" and one.around.manager == ADMINISTRATOR)
    for number, nominal in enumerate(islice((one for one in hers if not one.limited_access), 3)):
        about = {"nominal_id": nominal_id(nominal.index)}
        if number == 1:
            yield from _new_telephone(nominal, staff, today)
            continue
        held_on = today - timedelta(days=3 + number)
        yield _raised(nominal, held_on, days_ago=4 + number)
        held = {**about, "level": 2, "held_on": held_on}
        came = Act(0, ADMINISTRATOR, "meetings.receive_minutes", {**about, "received_on": today})
        then = came if number else None
        yield Act(3 + number, ADMINISTRATOR, "meetings.record", held, then, "meeting_id")


def _raised(nominal: InventedNominal, review_on: date, *, days_ago: int) -> Act:
    """To level 2, at which the meeting was held."""
    given = {
        "nominal_id": nominal_id(nominal.index),
        "version": 1,
        "category": nominal.category,
        "level": 2,
        "statutory_supervision": nominal.supervised,
        "lead_agency": None,
        "authority": None,
        "review_on": add_months(review_on, 3),
        "effective_on": review_on - timedelta(days=1),
        "why": "assessment",
        "reason": _RAISED,
    }
    return Act(days_ago, ADMINISTRATOR, "nominals.categorise", given)


def _new_telephone(nominal: InventedNominal, staff: Staff, today: date) -> Iterator[Act]:
    for author in nominal.around.partners:
        if author != ADMINISTRATOR and staff.by_username[author].can_sign_in(today):
            entry = {"kind": "information", "text": _NEW_TELEPHONE, "attachments": ["telecoms"]}
            yield Act(1, author, "activity_log.add", {"nominal_id": nominal_id(nominal.index), **entry})
            return
