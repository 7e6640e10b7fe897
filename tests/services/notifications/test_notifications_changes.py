"""What has changed in records a person stands to: one row a change, a mark for each reader."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.notifications.todo.changes import mark_read, unseen
from services.notifications.todo.models import Change
from shared.events.records.access import STANDING_CHANGED
from shared.events.records.activity_log import ACTIVITY_ADDED
from shared.events.records.nominals import NOMINAL_CHANGED
from shared.ids import new_id
from tests.services.notifications.office import Office

PARTNER = "partner"


def picture(
    office: Office,
    nominal: UUID,
    version: int,
    *people: UUID,
    chunk: int = 1,
    chunks: int = 1,
    agency: str = "probation-service",
) -> None:
    standings = [{"person_id": one, "standing": PARTNER} for one in people]
    data = {
        "nominal_id": nominal,
        "chunk": chunk,
        "chunks": chunks,
        "version": version,
        "standings": standings,
    }
    office.deliver(STANDING_CHANGED, data, agency=agency)


def changed(office: Office, nominal: UUID, version: int, by: UUID | None = None) -> None:
    data = {"nominal_id": nominal, "what": "address", "standing_version": version}
    office.deliver(NOMINAL_CHANGED, data, actor=by)


def news(office: Office, person: UUID) -> dict[UUID, int]:
    with office.runtime.database.session() as session:
        return {row[0]: row[1] for row in session.execute(unseen(person))}


def seen(office: Office, person: UUID, nominal: UUID, through: int) -> None:
    with office.runtime.system_work("test") as work:
        mark_read(work, person, nominal, through)


@pytest.mark.clause("PF-7/To do list.1")
def test_everybody_who_stands_to_a_record_is_told_of_its_changes_grouped_by_nominal(office: Office) -> None:
    ada, ben, stranger, nominal = new_id(), new_id(), new_id(), new_id()
    picture(office, nominal, 1, ada, ben)
    changed(office, nominal, 1)
    entry = {"nominal_id": nominal, "entry_id": new_id(), "standing_version": 1}
    office.deliver(ACTIVITY_ADDED, entry, actor=ben)

    assert news(office, ada) == {nominal: 2}
    assert news(office, ben) == {nominal: 1}, "nobody is told of what they did themselves"
    assert news(office, stranger) == {}
    with office.runtime.database.session() as session:
        assert session.execute(select(func.count()).select_from(Change)).scalar_one() == 2


def test_what_was_read_is_gone_and_only_later_changes_come(office: Office) -> None:
    ada, nominal = new_id(), new_id()
    picture(office, nominal, 1, ada)
    changed(office, nominal, 1)
    changed(office, nominal, 1)
    seen(office, ada, nominal, 2)
    seen(office, ada, nominal, 1)
    assert news(office, ada) == {}
    changed(office, nominal, 1)
    assert news(office, ada) == {nominal: 1}


def test_a_fact_that_comes_twice_is_one_change(office: Office) -> None:
    ada, nominal = new_id(), new_id()
    picture(office, nominal, 1, ada)
    data = {"nominal_id": nominal, "what": "address", "standing_version": 1}
    event = office.deliver(NOMINAL_CHANGED, data)
    office.redeliver(event)
    office.redeliver(office.fact(NOMINAL_CHANGED, data, id=event.id, agency="police-13"))
    assert news(office, ada) == {nominal: 1}


def test_a_new_partner_is_not_told_of_what_went_before_nor_a_former_one_of_anything(office: Office) -> None:
    ada, ben, nominal = new_id(), new_id(), new_id()
    picture(office, nominal, 1, ada)
    changed(office, nominal, 1)
    picture(office, nominal, 2, ben)
    changed(office, nominal, 2)

    assert news(office, ada) == {}
    assert news(office, ben) == {nominal: 1}


def test_who_stays_keeps_their_news_and_who_comes_back_begins_anew(office: Office) -> None:
    ada, ben, nominal = new_id(), new_id(), new_id()
    picture(office, nominal, 1, ada, ben)
    changed(office, nominal, 1)
    picture(office, nominal, 2, ada)
    picture(office, nominal, 3, ada, ben)
    changed(office, nominal, 3)
    assert news(office, ada) == {nominal: 2}
    assert news(office, ben) == {nominal: 1}


def test_a_change_may_arrive_before_the_picture_it_belongs_to(office: Office) -> None:
    ada, nominal = new_id(), new_id()
    changed(office, nominal, 5)
    picture(office, nominal, 5, ada)
    assert news(office, ada) == {nominal: 1}


def test_an_older_picture_is_ignored_whenever_it_comes(office: Office) -> None:
    ada, ben, nominal = new_id(), new_id(), new_id()
    picture(office, nominal, 7, ada)
    picture(office, nominal, 6, ben)
    changed(office, nominal, 7)
    assert news(office, ada) == {nominal: 1}
    assert news(office, ben) == {}


def test_chunks_come_in_any_order_and_an_agency_without_people_any_more_is_out(office: Office) -> None:
    ada, ben, pat, nominal = new_id(), new_id(), new_id(), new_id()
    picture(office, nominal, 1, ada, chunk=1, chunks=3)
    picture(office, nominal, 1, pat, chunk=3, chunks=3, agency="police-13")
    picture(office, nominal, 1, ben, chunk=2, chunks=3)
    changed(office, nominal, 1)
    assert [news(office, one) for one in (ada, ben, pat)] == [{nominal: 1}] * 3

    picture(office, nominal, 2, ben, chunk=2, chunks=2)
    picture(office, nominal, 2, ada, chunk=1, chunks=2)
    assert [news(office, one) for one in (ada, ben, pat)] == [{nominal: 1}, {nominal: 1}, {}]


def test_changes_at_the_same_moment_are_numbered_without_a_gap(office: Office) -> None:
    nominal, together = new_id(), threading.Barrier(8)

    def one() -> None:
        together.wait()
        changed(office, nominal, 1)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.runtime.database.session() as session:
        assert sorted(session.execute(select(Change.number)).scalars()) == list(range(1, 9))
