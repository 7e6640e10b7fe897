"""What comes round again is compared at night, too: by the request itself, whichever day's round runs (D-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from services.notifications.deadlines.models import Clock, ClockPerson
from services.notifications.todo.models import TodoItem
from shared.events.records.partnership import PARTNERSHIP_GRANTED, PARTNERSHIP_PENDING
from shared.events.records.reconciliation import OCCASIONS_STATED
from shared.ids import new_id
from tests.services.notifications.office import START, Office
from tests.services.notifications.test_notifications_partnership import PRISON, look
from tests.services.notifications.test_reconciliation import differences

FACT = PARTNERSHIP_PENDING.name
pytestmark = pytest.mark.clause("PF-5.15")


def pending(office: Office, ada: UUID, request_id: UUID) -> None:
    data = {
        "request_id": request_id,
        "nominal_id": new_id(),
        "requesting_unit": PRISON,
        "jurisdiction": "ENG",
    }
    to = [(ada, "prison_administrator", PRISON)]
    office.deliver(PARTNERSHIP_PENDING, data, to, at=START, agency="prison-service")


def granted(office: Office, request_id: UUID) -> None:
    data = {"request_id": request_id, "nominal_id": new_id()}
    office.deliver(PARTNERSHIP_GRANTED, data, agency="prison-service")


def stated(office: Office, *waiting: UUID, **bounds: Any) -> None:
    """An hour after the last fact, so that none is on its way."""
    office.later(hours=1)
    said = {"fact": FACT, "stated_at": office.clock.now(), "after": None, "through": None}
    data = {**said, "subjects": list(waiting), **bounds}
    office.deliver(OCCASIONS_STATED, data, agency="prison-service")


def rounds(office: Office, request_id: UUID) -> list[str]:
    found = select(Clock.state).where(Clock.occasion_id == request_id).order_by(Clock.round)
    with office.runtime.database.session() as session:
        return list(session.execute(found).scalars())


def lose(office: Office, request_id: UUID) -> None:
    """As if its fact had never arrived."""
    with office.runtime.database.session() as session, session.begin():
        lost = list(session.execute(select(Clock.id).where(Clock.occasion_id == request_id)).scalars())
        session.execute(delete(TodoItem).where(TodoItem.clock_id.in_(lost)))
        session.execute(delete(ClockPerson).where(ClockPerson.deadline_id.in_(lost)))
        session.execute(delete(Clock).where(Clock.id.in_(lost)))


@pytest.mark.parametrize("looks", [0, 1, 3])
def test_a_request_that_waits_and_is_looked_at_each_day_agrees(office: Office, looks: int) -> None:
    ada, request_id = office.person("Ada", unit=PRISON), new_id()
    pending(office, ada, request_id)
    for day in range(looks):
        office.at(START.date() + timedelta(days=day + 1), 8)
        look(office, request_id)
    stated(office, request_id)
    assert differences(office) == []
    assert rounds(office, request_id) == ["met"] * looks + ["running"]


def test_one_whose_fact_was_lost_is_asked_for_and_runs_when_it_comes(office: Office) -> None:
    ada, request_id = office.person("Ada", unit=PRISON), new_id()
    pending(office, ada, request_id)
    lose(office, request_id)
    stated(office, request_id)
    assert differences(office) == [("missing", request_id, 1, False)]
    (asked,) = office.told("notifications.facts.missed")
    assert asked == {"kinds": [FACT], "field": "request_id", "subjects": [str(request_id)]}
    pending(office, ada, request_id)  # as records answers
    stated(office, request_id)
    assert differences(office) == [("missing", request_id, 1, True)]
    assert rounds(office, request_id) == ["running"]


def test_one_that_was_looked_at_before_it_was_heard_of_goes_on_the_day_after(office: Office) -> None:
    ada, request_id = office.person("Ada", unit=PRISON), new_id()
    office.at(START.date() + timedelta(days=1), 8)
    look(office, request_id)
    stated(office, request_id)
    assert differences(office) == [("missing", request_id, 1, False)]
    pending(office, ada, request_id)
    assert rounds(office, request_id) == ["met", "running"]
    (item,) = office.items(ada)
    assert item.due_on == START.date() + timedelta(days=2)


def test_one_that_was_looked_at_and_answered_before_it_was_heard_of_never_begins(office: Office) -> None:
    ada, request_id = office.person("Ada", unit=PRISON), new_id()
    look(office, request_id)
    granted(office, request_id)
    pending(office, ada, request_id)
    assert (rounds(office, request_id), office.items(ada)) == (["met"], [])
    stated(office)
    assert differences(office) == []


def test_one_whose_answer_was_lost_is_asked_after_by_its_ends_alone(office: Office) -> None:
    """The looks told anew would meet the day that runs."""
    ada, request_id = office.person("Ada", unit=PRISON), new_id()
    pending(office, ada, request_id)
    office.at(START.date() + timedelta(days=1), 8)
    look(office, request_id)
    for night in (1, 2):
        stated(office)
        assert differences(office) == [("stale", request_id, night, False)]
    (asked, _) = office.told("notifications.facts.missed")
    assert asked["kinds"] == ["records.partnership.granted", "records.partnership.refused"]
    assert asked["subjects"] == [str(request_id)]
    assert (rounds(office, request_id), office.items(ada)) == (["met", "met"], [])


def test_what_lies_outside_of_a_part_is_not_compared_with_it(office: Office) -> None:
    ada = office.person("Ada", unit=PRISON)
    first, second = sorted([new_id(), new_id()])
    for one in (first, second):
        pending(office, ada, one)
    stated(office, through=first)
    assert [one[1] for one in differences(office)] == [first]
