"""A rung that says supervisor means the record's own, and no stranger who holds the token."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from services.notifications.deadlines import clocks
from services.notifications.deadlines.catalogue import Entry, catalogue
from services.notifications.deadlines.steps import kept_people
from services.notifications.deadlines.tasks import own_task
from services.notifications.delivery.models import VacantRole
from shared.ids import new_id
from tests.services.notifications.office import START, Office
from tests.services.notifications.test_notifications_hand_over import LEEDS, picture

LATE = date(2026, 3, 31)


def notified(office: Office, nominal_id: UUID) -> UUID:
    """The police are to confirm a notification (D-39): its manager is reminded, then its supervisor told."""
    return begin_with(office, catalogue()["D-39"], nominal_id)


def begin_with(office: Office, entry: Entry, nominal_id: UUID) -> UUID:
    subject = new_id()
    begin = clocks.Beginning(entry, subject, START, LEEDS, "ENG", nominal_id, variant="initial")
    with office.runtime.system_work("test.begin") as work:
        clocks.start(work, begin, own_task(entry, subject), ())
    return subject


def supervisor(office: Office, name: str) -> UUID:
    return office.person(name, ("supervisor", LEEDS))


def told(office: Office, *people: UUID) -> list[list[str]]:
    return [sorted(one.kind for one in office.items(person)) for person in people]


def test_the_records_own_supervisor_is_told_and_nobody_else(office: Office) -> None:
    sue, stranger, nominal_id = supervisor(office, "Sue"), supervisor(office, "Stan"), new_id()
    cara = office.person("Cara", ("cpc", "area-53"), unit="area-53")
    picture(office, nominal_id, 1, supervisor=sue)
    picture(office, new_id(), 1, supervisor=stranger)
    subject = notified(office, nominal_id)
    office.at(LATE)
    office.tick()
    assert told(office, sue, stranger) == [["escalation"], []]
    assert "escalation" not in {one.kind for one in office.items(cara)}
    assert [rung.told for rung in office.rungs(office.clock_of("D-39", subject))] == [1]


def test_whoever_follows_as_supervisor_is_told_and_who_went_before_is_not(office: Office) -> None:
    sue, nora, nominal_id = supervisor(office, "Sue"), supervisor(office, "Nora"), new_id()
    picture(office, nominal_id, 1, supervisor=sue)
    notified(office, nominal_id)
    picture(office, nominal_id, 2, supervisor=nora)
    office.at(LATE)
    office.tick()
    assert told(office, sue, nora) == [[], ["escalation"]]


@pytest.mark.parametrize("why", ["suspended", "shut out", "nobody"])
def test_where_the_record_has_no_supervisor_who_comes_next_hears_of_it(office: Office, why: str) -> None:
    sue, stranger, nominal_id = supervisor(office, "Sue"), supervisor(office, "Stan"), new_id()
    cara = office.person("Cara", ("cpc", "area-53"), unit="area-53")
    picture(office, nominal_id, 1, **({"supervisor": sue} if why != "nobody" else {"cpc": cara}))
    subject = notified(office, nominal_id)
    if why == "suspended":
        office.suspend(sue)
    elif why == "shut out":
        picture(office, nominal_id, 2, cpc=cara)
    office.at(LATE)
    office.tick()
    assert told(office, sue, stranger) == [[], []]
    missing = [one for one in office.items(cara) if one.nominal_id == nominal_id]
    assert [one.title for one in missing] == ["The record has no supervisor who is there"]
    assert [rung.told for rung in office.rungs(office.clock_of("D-39", subject))] == [0]
    with office.runtime.database.session() as session:
        roles = set(session.execute(select(VacantRole.role)).scalars())
    assert "supervisor" not in roles, "the unit has one: only the record has not"


def test_a_vacant_supervisor_passes_to_the_next_rung_and_a_unit_without_any_is_reported(
    office: Office,
) -> None:
    longer = replace(catalogue()["D-39"], ladder=(("supervisor",), ("lpc",)))
    lee = office.person("Lee", ("lpc", LEEDS))
    begin_with(office, longer, new_id())
    office.at(LATE)
    office.tick()
    assert told(office, lee) == [["escalation", "role_vacant"]]
    with office.runtime.database.session() as session:
        assert "supervisor" in set(session.execute(select(VacantRole.role)).scalars())


def test_the_records_own_manager_is_reminded_and_no_other(office: Office) -> None:
    mary, stranger = (office.person(name, ("manager", LEEDS)) for name in ("Mary", "Mike"))
    nominal_id = new_id()
    picture(office, nominal_id, 1, manager=mary)
    subject = notified(office, nominal_id)
    assert told(office, mary, stranger) == [["deadline_d-39"], []]
    with office.runtime.system_work("test") as work:
        people = kept_people(work, office.clock_of("D-39", subject))
    assert [one.person_id for one in people] == [mary]
