"""Whoever declared a conflict of interest with a nominal hears of it only that something is there."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.notifications.service import service
from services.notifications.todo.models import ClosedRecord
from shared.events.records.access import CONFLICT_ENDED
from shared.events.records.activity_log import NOTIFY_MANAGER
from shared.events.records.nominals import NOMINAL_DELETED
from shared.ids import new_id
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_hand_over import LEEDS, asked, tell_picture
from tests.services.notifications.test_notifications_limited import HIDDEN, WORDS, said

AREA = "area-53"
FULL, CLOSED = [(WORDS, "full")], [(HIDDEN, "restricted")]


@pytest.mark.parametrize("closed", [False, True])
def test_who_stands_in_for_a_colleague_is_told_what_they_may_read(office: Office, *, closed: bool) -> None:
    mary, stan, nominal_id = office.person("Mary"), office.person("Stan", ("manager", LEEDS)), new_id()
    tell_picture(office, nominal_id, 1, {"manager": mary}, closed=[stan] if closed else [])
    office.suspend(mary)
    asked(office, nominal_id, (mary, "manager"))
    (item,) = office.items(stan)
    assert said([item]) == (CLOSED if closed else FULL)
    assert bool(item.link) is not closed


def test_whom_records_names_is_told_no_more_either_and_others_are_told_all(office: Office) -> None:
    mary, sue, nominal_id = office.person("Mary"), office.person("Sue"), new_id()
    tell_picture(office, nominal_id, 1, {"supervisor": sue}, closed=[mary])
    asked(office, nominal_id, (mary, "manager"), (sue, "supervisor"))
    asked(office, new_id(), (mary, "manager"))
    assert said(office.items(mary)) == CLOSED + FULL
    assert said(office.items(sue)) == FULL


@pytest.mark.clause("PF-7/LPC.2")
def test_a_deputy_finds_in_the_cpcs_queue_what_is_not_closed_to_them(office: Office) -> None:
    cass, lee, dan = (
        office.person("Cass", ("cpc", AREA), unit=AREA),
        office.person("Lee"),
        office.person("Dan"),
    )
    nominal_id = new_id()
    tell_picture(office, nominal_id, 1, {}, closed=[lee])
    for about in (nominal_id, new_id()):
        office.deliver(
            NOTIFY_MANAGER,
            {"nominal_id": about, "entry_id": new_id(), "for_attention": ["cpc"]},
            [(cass, "cpc", AREA)],
        )
    items = office.items(cass)

    def in_queue(person: UUID) -> set[UUID]:
        query = service.declarations.queries["todo.list"]
        everything = {**query.input().load({}), "closed": None}
        deputy = office.principal(person, deputy_for=frozenset({AREA}))
        return {one.id for one in office.runtime.ask(query, deputy, everything).items}

    assert in_queue(dan) == {one.id for one in items}
    assert in_queue(lee) == {one.id for one in items if one.nominal_id != nominal_id}


def test_what_is_open_already_says_no_more_once_it_is_declared(office: Office) -> None:
    mary, sue, nominal_id = office.person("Mary"), office.person("Sue"), new_id()
    tell_picture(office, nominal_id, 1, {"manager": mary, "supervisor": sue})
    asked(office, nominal_id, (mary, "manager"), (sue, "supervisor"))
    tell_picture(office, nominal_id, 2, {"supervisor": sue}, closed=[mary])
    assert (said(office.items(mary)), said(office.items(sue))) == (CLOSED, FULL)


def test_that_it_was_ended_is_said_in_full_and_so_is_what_comes_then(office: Office) -> None:
    mary, nominal_id = office.person("Mary"), new_id()
    tell_picture(office, nominal_id, 1, {}, closed=[mary])
    ended = {"nominal_id": nominal_id, "conflict_id": new_id(), "person_id": mary}
    office.deliver(CONFLICT_ENDED, ended, [(mary, "declarer", LEEDS)])
    assert [one.detail for one in office.items(mary)] == ["full"]
    tell_picture(office, nominal_id, 2, {"manager": mary})
    asked(office, nominal_id, (mary, "manager"))
    assert [one.detail for one in office.items(mary)] == ["full", "full"]


def test_a_deleted_nominal_is_forgotten_here_too(office: Office) -> None:
    nominal_id = new_id()
    tell_picture(office, nominal_id, 1, {}, closed=[new_id()])
    office.deliver(NOMINAL_DELETED, {"nominal_id": nominal_id})
    with office.runtime.database.session() as session:
        assert session.execute(select(func.count()).select_from(ClosedRecord)).scalar_one() == 0
