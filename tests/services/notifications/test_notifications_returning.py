"""Whoever was suspended and comes back has their duties again, and nobody has them twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.notifications.service import service
from services.notifications.todo.models import TodoItem
from shared.directory.refresh import RETURNED, refresh
from shared.directory.tables import DIRECTORY
from shared.ids import new_id
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_hand_over import LEEDS, asked, handed


def page(office: Office, person_id: UUID, held: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
    """What identity's directory says of somebody who is there again, and of what they hold now."""
    with office.runtime.database.session() as session:
        row = session.execute(select(DIRECTORY.person).where(DIRECTORY.person.c.id == person_id)).one()
    grants = [{"name": name, "unit": unit, "kind": "role"} for name, unit in held]
    card = {**row._mapping, "id": str(person_id), "active": True, "grants": grants}
    return {"version": row.version + 1, "more": False, "units": [], "people": [card]}


def back(office: Office, person_id: UUID, *held: tuple[str, str]) -> int:
    """The directory says so, and what that asks for is done; returns how many tasks that were."""
    told = page(office, person_id, held)
    with office.runtime.system_work("test.refresh") as work:
        refresh(work, lambda _after, _limit: told)
    task = service.tables.messaging.task
    with office.runtime.system_work("test.task") as work:
        rows = work.session.execute(
            task.delete().where(task.c.name == RETURNED).returning(task.c.payload)
        ).all()
        for row in rows:
            service.tasks[RETURNED](work, row.payload)
    return len(rows)


def owed(office: Office, *people: UUID) -> list[set[UUID]]:
    """What each of them has open."""
    return [{one.subject_id for one in office.items(person) if one.subject_id} for person in people]


def test_what_is_still_open_goes_back_and_nothing_is_doubled(office: Office) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    office.suspend(mary)
    request_id = asked(office, new_id(), (mary, "manager"))
    assert owed(office, mary, stan) == [set(), {request_id}]
    assert back(office, mary) == 1
    assert owed(office, mary, stan) == [{request_id}, set()]
    (given_up,) = office.items(stan, state="done")
    assert given_up.outcome == "overtaken"
    assert back(office, mary) == 0  # she was there
    assert len(office.items(mary, state=None)) == 1
    assert len(office.audited("todo.give_back")) == 1


def test_what_she_had_before_stays_hers_and_the_stand_in_s_ends(office: Office) -> None:
    """Told before she was suspended; a reminder reached the stand-in meanwhile."""
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    request_id = asked(office, new_id(), (mary, "manager"))
    office.suspend(mary)
    office.later(days=4)
    office.tick()
    assert owed(office, mary, stan) == [{request_id}, {request_id}]
    back(office, mary)
    assert owed(office, mary, stan) == [{request_id}, set()]


def test_what_the_stand_in_has_done_stays_done_and_what_was_passed_on_stays(office: Office) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    office.suspend(mary)
    done, passed = (asked(office, new_id(), (mary, "manager")) for _ in range(2))
    acted = {"state": "done", "outcome": "actioned", "closed_at": office.clock.now()}
    with office.runtime.system_work("test.act") as work:
        work.session.execute(update(TodoItem).where(TodoItem.subject_id == done).values(acted))
        work.session.execute(
            update(TodoItem).where(TodoItem.subject_id == passed).values(passed_on_by=new_id())
        )
    back(office, mary)
    assert owed(office, mary, stan) == [set(), {passed}]
    assert {one.outcome for one in office.items(stan, state="done")} == {"actioned"}


def test_whoever_stands_in_for_another_goes_on(office: Office) -> None:
    mary, nora = office.person("Mary"), office.person("Nora")
    stan, sue = (office.person(name, ("manager", LEEDS)) for name in ("Stan", "Sue"))
    office.suspend(mary)
    office.suspend(nora)
    request_id = asked(office, new_id(), (mary, "manager"), (nora, "manager"))
    assert owed(office, stan, sue) == [{request_id}, {request_id}]
    back(office, mary)
    assert owed(office, mary) == [{request_id}]
    assert len([one for one in owed(office, stan, sue) if one]) == 1
    back(office, nora)
    assert owed(office, mary, nora, stan, sue) == [{request_id}, {request_id}, set(), set()]


def test_a_record_that_went_to_another_holder_stays_theirs(office: Office) -> None:
    mary, nora = office.person("Mary"), office.person("Nora")
    stan, nominal_id = office.person("Stan", ("manager", LEEDS)), new_id()
    office.suspend(mary)
    request_id = asked(office, nominal_id, (mary, "manager"))
    handed(office, nominal_id, "manager", mary, nora)
    back(office, mary)
    assert owed(office, mary, nora, stan) == [set(), {request_id}, set()]


def test_who_is_suspended_again_by_then_gets_nothing(office: Office) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    office.suspend(mary)
    request_id = asked(office, new_id(), (mary, "manager"))
    with office.runtime.system_work("test.task") as work:
        service.tasks[RETURNED](work, {"people": [str(mary)]})
    assert owed(office, mary, stan) == [set(), {request_id}]
