"""What was to be done on a record goes along when another manager or supervisor takes it over within its area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from services.notifications.deadlines.models import ClockPerson
from services.notifications.todo.models import TodoItem
from shared.events.envelope import Event
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.hand_over import HANDED_OVER, HOLDER_CHANGED
from shared.events.records.partnership import PARTNERSHIP_REQUESTED
from shared.ids import new_id
from tests.services.notifications.office import Office

LEEDS = "pdu-N55LEE"


def picture(office: Office, nominal_id: UUID, version: int, **stands: UUID) -> None:
    """As records tells who stands how to a nominal."""
    tell_picture(office, nominal_id, version, stands)


def tell_picture(
    office: Office,
    nominal_id: UUID,
    version: int,
    stands: Mapping[str, UUID],
    *,
    limited: bool = False,
    closed: Sequence[UUID] = (),
) -> None:
    """The same, whether it is under Limited Access, and to whom it is closed by a conflict of interest."""
    told = [{"person_id": person, "standing": standing} for standing, person in stands.items()]
    data = {"nominal_id": nominal_id, "chunk": 1, "chunks": 1, "version": version, "standings": told}
    office.deliver(STANDING_CHANGED, {**data, "limited": limited, "closed": list(closed)})


def asked(office: Office, nominal_id: UUID, *to: tuple[UUID | None, str]) -> UUID:
    """A request for partnership, which manager and supervisor must answer (D-06); its id."""
    request_id = new_id()
    data = {
        "request_id": request_id,
        "nominal_id": nominal_id,
        "requesting_unit": "prison-LEI",
        "owner_unit": "area-53",
        "jurisdiction": "ENG",
        "users": 3,
        "for_reception": None,
    }
    office.deliver(PARTNERSHIP_REQUESTED, data, [(who, role, LEEDS) for who, role in to])
    return request_id


def handed(
    office: Office, nominal_id: UUID, role: str, previous: UUID | None, holder: UUID, version: int = 2
) -> Event:
    data: dict[str, Any] = {
        "nominal_id": nominal_id,
        "role": role,
        "holder_id": holder,
        "previous_id": previous,
        "managing_unit": LEEDS,
        "standing_version": version,
    }
    return office.deliver(HOLDER_CHANGED, data)


def reminded(office: Office, request_id: UUID) -> set[tuple[UUID, str]]:
    clock = office.clock_of("D-06", request_id)
    with office.runtime.database.session() as session:
        kept = session.execute(select(ClockPerson).where(ClockPerson.deadline_id == clock.id)).scalars()
        return {(one.person_id, one.role) for one in kept}


@pytest.mark.parametrize("role", ["manager", "supervisor"])
def test_open_duties_and_reminders_go_to_who_takes_over_and_the_other_keeps_theirs(
    office: Office, role: str
) -> None:
    mary, sue, nora = office.person("Mary"), office.person("Sue"), office.person("Nora")
    held = {"manager": mary, "supervisor": sue}
    nominal_id = new_id()
    request_id = asked(office, nominal_id, (mary, "manager"), (sue, "supervisor"))
    elsewhere = asked(office, new_id(), (mary, "manager"), (sue, "supervisor"))
    picture(office, nominal_id, 2, **(held | {role: nora}))
    fact = handed(office, nominal_id, role, held[role], nora)
    office.redeliver(fact)  # told twice, it is once

    (other,) = {"manager", "supervisor"} - {role}
    (item,) = office.items(nora)
    assert (item.kind, item.role, item.unit) == ("partnership_requested", role, LEEDS)
    assert item.due_on == office.clock_of("D-06", request_id).due_on is not None
    assert [one.subject_id for one in office.items(held[role])] == [elsewhere]
    assert [one.outcome for one in office.items(held[role], state="done")] == ["overtaken"]
    assert {one.subject_id for one in office.items(held[other])} == {request_id, elsewhere}
    assert reminded(office, request_id) == {(nora, role), (held[other], other)}
    assert reminded(office, elsewhere) == {(mary, "manager"), (sue, "supervisor")}

    due_on = office.clock_of("D-06", request_id).due_on
    assert due_on is not None
    office.at(due_on + timedelta(days=1))
    office.tick()
    assert [one.subject_id for one in office.items(held[role], kind="partnership_requested")] == [elsewhere]
    assert [one.important for one in office.items(nora)] == [True]


def test_a_record_that_comes_back_brings_its_duties_back(office: Office) -> None:
    mary, nora, nominal_id = office.person("Mary"), office.person("Nora"), new_id()
    request_id = asked(office, nominal_id, (mary, "manager"))
    handed(office, nominal_id, "manager", mary, nora)
    handed(office, nominal_id, "manager", nora, mary, version=3)
    assert [one.subject_id for one in office.items(mary)] == [request_id]
    assert office.items(nora) == []
    assert reminded(office, request_id) == {(mary, "manager")}


def test_who_is_reminded_already_is_reminded_once(office: Office) -> None:
    mary, nora, nominal_id = office.person("Mary"), office.person("Nora"), new_id()
    request_id = asked(office, nominal_id, (mary, "manager"), (nora, "manager"))
    handed(office, nominal_id, "manager", mary, nora)
    assert reminded(office, request_id) == {(nora, "manager")}
    assert len(office.items(nora)) == 1


def test_who_stood_in_for_somebody_suspended_gives_it_up_and_what_was_passed_on_stays(office: Office) -> None:
    mary, nora = office.person("Mary"), office.person("Nora")
    stan, nominal_id = office.person("Stan", ("manager", LEEDS)), new_id()
    office.suspend(mary)
    request_id = asked(office, nominal_id, (mary, "manager"))
    passed = asked(office, nominal_id, (mary, "manager"))
    assert {one.subject_id for one in office.items(stan)} == {request_id, passed}
    with office.runtime.system_work("test.passed_on") as work:
        mine = (TodoItem.person_id == stan) & (TodoItem.subject_id == passed)
        work.session.execute(update(TodoItem).where(mine).values(passed_on_by=new_id()))
    handed(office, nominal_id, "manager", mary, nora)
    assert [one.subject_id for one in office.items(stan)] == [passed]
    assert [one.subject_id for one in office.items(nora)] == [request_id]
    assert reminded(office, request_id) == {(nora, "manager")}


def test_a_part_that_nobody_had_is_filled(office: Office) -> None:
    nora, nominal_id = office.person("Nora"), new_id()
    request_id = asked(office, nominal_id, (None, "manager"))
    handed(office, nominal_id, "manager", None, nora)
    assert reminded(office, request_id) == {(nora, "manager")}


def test_nothing_goes_to_whom_the_record_is_closed_by_then(office: Office) -> None:
    mary, nora, nominal_id = office.person("Mary"), office.person("Nora"), new_id()
    request_id = asked(office, nominal_id, (mary, "manager"))
    picture(office, nominal_id, 3, cpc=office.person("Cara"))
    handed(office, nominal_id, "manager", mary, nora)
    assert office.items(nora) == []
    assert reminded(office, request_id) == {(mary, "manager")}


def test_of_two_hand_overs_told_in_the_wrong_order_the_last_holder_has_it(office: Office) -> None:
    mary, nora, olga = office.person("Mary"), office.person("Nora"), office.person("Olga")
    nominal_id = new_id()
    request_id = asked(office, nominal_id, (mary, "manager"))
    picture(office, nominal_id, 3, manager=olga)
    handed(office, nominal_id, "manager", nora, olga, version=3)
    handed(office, nominal_id, "manager", mary, nora, version=2)
    assert office.items(mary) == office.items(nora) == []
    assert len(office.items(olga)) == 1
    assert reminded(office, request_id) == {(olga, "manager")}


def test_that_somebody_took_it_over_is_news_for_them_alone(office: Office) -> None:
    mary, nora, nominal_id = office.person("Mary"), office.person("Nora"), new_id()
    data = {"hand_over_id": new_id(), "role": "manager", "count": 1, "several": False}
    office.deliver(HANDED_OVER, {**data, "nominal_id": nominal_id}, [(mary, "manager", LEEDS)])
    assert [one.kind for one in office.items(mary)] == ["handed_over"]
    handed(office, nominal_id, "manager", mary, nora)
    assert office.items(mary) == office.items(nora) == []
