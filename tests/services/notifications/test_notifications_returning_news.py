"""Whoever comes back reads what they were to be told meanwhile, though no deadline stands behind it."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.events.records.merging import MERGE_WITHDRAWN, NOMINAL_MERGED
from shared.ids import new_id
from tests.services.notifications.office import Office
from tests.services.notifications.test_notifications_hand_over import LEEDS, handed, picture
from tests.services.notifications.test_notifications_returning import back, owed

AREA = "area-53"
pytestmark = pytest.mark.clause("PF-4.38.3")


def merged(office: Office, nominal_id: UUID, *to: tuple[UUID | None, str, str]) -> UUID:
    """Two records became one: news for its manager, and no deadline; returns the merge's id."""
    merge_id = new_id()
    office.deliver(NOMINAL_MERGED, {"nominal_id": nominal_id, "gone_id": new_id(), "merge_id": merge_id}, to)
    return merge_id


def merge_withdrawn(office: Office, nominal_id: UUID, *to: tuple[UUID | None, str, str]) -> UUID:
    merge_id = new_id()
    office.deliver(MERGE_WITHDRAWN, {"nominal_id": nominal_id, "gone_id": new_id(), "merge_id": merge_id}, to)
    return merge_id


def test_it_goes_back_and_nobody_has_it_twice(office: Office) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    office.suspend(mary)
    merge_id = merged(office, new_id(), (mary, "manager", LEEDS))
    assert owed(office, mary, stan) == [set(), {merge_id}]
    assert back(office, mary) == 1
    assert owed(office, mary, stan) == [{merge_id}, set()]
    (given_up,) = office.items(stan, state="done")
    assert given_up.outcome == "overtaken"
    assert len(office.audited("todo.give_back")) == 1


def test_what_the_stand_in_has_of_their_own_or_for_another_stays(office: Office) -> None:
    mary, nora = office.person("Mary"), office.person("Nora")
    stan, sue = (office.person(name, ("manager", LEEDS)) for name in ("Stan", "Sue"))
    office.suspend(mary)
    office.suspend(nora)
    own = merged(office, new_id(), (stan, "manager", LEEDS))
    both = merged(office, new_id(), (mary, "manager", LEEDS), (nora, "manager", LEEDS))
    back(office, mary)
    assert owed(office, mary) == [{both}]
    assert sorted(map(len, owed(office, stan, sue))) in ([0, 2], [1, 1])
    assert {own, both} == set().union(*owed(office, stan, sue))
    back(office, nora)
    assert owed(office, mary, nora, stan, sue) == [{both}, {both}, {own}, set()]


def test_what_was_passed_on_stays_with_whom_it_was_given(office: Office) -> None:
    mary, stan = office.person("Mary"), office.person("Stan", ("manager", LEEDS))
    office.suspend(mary)
    merge_id = merged(office, new_id(), (mary, "manager", LEEDS))
    with office.runtime.system_work("test.pass_on") as work:
        (item,) = office.items(stan)
        item.passed_on_by = new_id()
        work.session.merge(item)
    back(office, mary)
    assert owed(office, mary, stan) == [set(), {merge_id}]


@pytest.mark.parametrize("records_says", ["nobody yet", "Mary", "Nora"])
def test_news_of_a_record_is_given_back_to_who_has_that_record_still(
    office: Office, records_says: str
) -> None:
    people = {name: office.person(name) for name in ("Mary", "Nora")}
    stan, nominal_id = office.person("Stan", ("manager", LEEDS)), new_id()
    office.suspend(people["Mary"])
    merge_id = merged(office, nominal_id, (people["Mary"], "manager", LEEDS))
    if records_says in people:
        picture(office, nominal_id, 1, manager=people[records_says])
    back(office, people["Mary"])
    hers = {merge_id} if records_says != "Nora" else set()
    assert owed(office, people["Mary"], stan) == [hers, {merge_id} - hers]


def test_a_record_that_went_to_another_holder_takes_its_news_along(office: Office) -> None:
    mary, nora = office.person("Mary"), office.person("Nora")
    stan, nominal_id = office.person("Stan", ("manager", LEEDS)), new_id()
    office.suspend(mary)
    merge_id = merged(office, nominal_id, (mary, "manager", LEEDS))
    handed(office, nominal_id, "manager", mary, nora)
    back(office, mary)
    assert owed(office, mary, nora, stan) == [set(), {merge_id}, set()]


@pytest.mark.parametrize("still", [True, False])
def test_news_of_a_role_is_given_back_to_who_holds_it_still(office: Office, still: bool) -> None:
    cora, dan = office.person("Cora", ("cpc", AREA)), office.person("Dan", ("cpc", AREA))
    office.suspend(cora)
    merge_id = merge_withdrawn(office, new_id(), (cora, "cpc", AREA))
    back(office, cora, *([("cpc", AREA)] if still else []))
    assert owed(office, cora, dan) == ([{merge_id}, set()] if still else [set(), {merge_id}])
