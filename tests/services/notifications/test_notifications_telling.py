"""Who gets an item: whoever is there, the next holder otherwise, and what a vacant role means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from services.notifications.delivery.models import VacantRole
from services.notifications.delivery.people import rung_holders
from shared.directory.tables import DIRECTORY
from shared.events.envelope import Event
from shared.events.identity.sign_in import SESSION_REFUSED, SESSION_REVOKED
from shared.events.identity.vetting import VETTING_EXPIRED
from shared.events.records.activity_log import NOTIFY_MANAGER
from shared.events.records.custody import CUSTODY_RECEIVED
from shared.events.records.nominals import NOMINAL_ACCESSED_UNPARTNERED, NOMINAL_DELETED
from shared.events.records.partnership import PARTNERSHIP_GRANTED
from shared.ids import new_id
from shared.work import NOBODY
from tests.services.notifications.facts import reception, referral_event, request
from tests.services.notifications.office import Office

ROLE, PRISON, PDU = "prison_administrator", "prison-LEI", "pdu-N55LEE"


def vacancies(office: Office) -> list[VacantRole]:
    with office.runtime.database.session() as session:
        return list(session.execute(select(VacantRole).order_by(VacantRole.id)).scalars())


@pytest.mark.clause("PF-4.19.2", "PF-7/To do list.6")
def test_notify_manager_is_an_important_item(office: Office) -> None:
    mel = office.person("Mel")
    entry, nominal = new_id(), new_id()
    data = {"nominal_id": nominal, "entry_id": entry, "for_attention": ["manager"]}
    office.redeliver(office.deliver(NOTIFY_MANAGER, data, [(mel, "manager", PDU)]))

    (item,) = office.items(mel)
    assert (item.kind, item.important, item.cause) == ("notify_manager", True, str(entry))
    assert item.link == f"/records/nominals/{nominal}/activity-log"
    assert len(office.told("notifications.todo.created")) == 1


def test_somebody_suspended_gets_nothing_and_the_next_holder_does(office: Office) -> None:
    ada = office.person("Ada", (ROLE, PRISON), unit=PRISON)
    ben = office.person("Ben", (ROLE, PRISON), unit=PRISON)
    office.suspend(ada)
    reception(office, ada)

    assert office.items(ada) == []
    assert len(office.items(ben)) == 1
    assert vacancies(office) == []


@pytest.mark.clause("PF-4.16/A.1")
def test_a_revocation_counts_before_the_directory_says_so(office: Office) -> None:
    ada = office.person("Ada", (ROLE, PRISON), unit=PRISON)
    ben = office.person("Ben", (ROLE, PRISON), unit=PRISON)
    now = office.runtime.clocks.system.now()
    data = {"session_id": None, "person_id": ada, "at": now, "reason_code": "vetting_revoked"}
    office.deliver(SESSION_REVOKED, data)
    reception(office, ada)

    assert office.items(ada) == []
    assert len(office.items(ben)) == 1


def test_who_is_named_already_is_not_called_in_twice(office: Office) -> None:
    ada = office.person("Ada", (ROLE, PRISON), unit=PRISON)
    ben = office.person("Ben", (ROLE, PRISON), unit=PRISON)
    office.suspend(ada)
    reception(office, ada, ben)

    assert len(office.items(ben)) == 1
    assert vacancies(office) == []


def test_somebody_suspended_before_the_reminder_is_replaced_by_the_next_holder(office: Office) -> None:
    ada = office.person("Ada", (ROLE, PRISON), unit=PRISON)
    reception(office, ada)
    office.suspend(ada)
    cleo = office.person("Cleo", (ROLE, PRISON), unit=PRISON)
    office.later(days=3)
    office.tick()

    (item,) = office.items(cleo)
    assert (item.kind, item.due_on) == ("request_partnership", date(2026, 3, 16))


def test_a_vacant_role_is_reported_once_and_told_to_the_next_rung(office: Office) -> None:
    cpc = office.person("Cass", ("cpc", "group-YRK"), unit="group-YRK")
    for _ in range(3):
        reception(office, NOBODY)

    (vacancy,) = vacancies(office)
    assert (vacancy.role, vacancy.unit, vacancy.missed, vacancy.filled_at) == (ROLE, PRISON, 3, None)
    assert office.told("notifications.role.vacant") == [{"role": ROLE, "unit": PRISON}]
    (item,) = office.items(cpc)
    assert (item.kind, item.important) == ("role_vacant", True)
    assert "prison administrator" in item.title


@pytest.mark.clause("PF-4.10.2")
def test_a_rung_that_nobody_holds_escalates_past_itself_and_is_reported(office: Office) -> None:
    tess = office.person("Tess")
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    office.redeliver(referral_event(office, tess))
    # Due on Saturday the 14th; the LPC's rung is owed on Sunday morning, the CPC's two working days later.
    office.at(date(2026, 3, 15))
    office.tick()
    office.tick()

    assert {one.kind for one in office.items(cass)} == {"role_vacant", "escalation"}
    told = [(one["rung"], one["told"]) for one in office.told("notifications.deadline.escalated")]
    assert told == [(1, 0), (2, 1)]
    assert [(one.role, one.missed) for one in vacancies(office)] == [("lpc", 1)]
    office.at(date(2026, 3, 18))
    office.tick()
    assert len(office.items(cass)) == 2
    assert len(office.told("notifications.deadline.escalated")) == 2


@pytest.mark.clause("PF-4.10.2")
def test_where_nobody_holds_any_rung_each_waits_for_its_time_and_whoever_holds_it_then(
    office: Office,
) -> None:
    office.redeliver(referral_event(office, office.person("Tess")))
    office.at(date(2026, 3, 15))
    office.tick()
    assert [one["rung"] for one in office.told("notifications.deadline.escalated")] == [1]
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    office.at(date(2026, 3, 18))
    office.tick()
    assert "escalation" in {one.kind for one in office.items(cass)}


def test_of_two_directors_the_one_whose_unit_it_is_is_told_and_the_other_not_missed(office: Office) -> None:
    rita = office.person("Rita", ("regional_probation_director", "region-N55"), unit="region-N55")
    piers = office.person("Piers", ("prison_group_director", "group-YRK"), unit="group-YRK")
    roles = ["regional_probation_director", "prison_group_director"]
    with office.runtime.system_work("test") as work:
        area = rung_holders(work, roles, "area-53")
        prison = rung_holders(work, roles, "prison-LEI")
        police = rung_holders(work, roles, "force-13")
    assert ([one.person_id for one in area.people], area.vacant) == ([rita], ())
    assert ([one.person_id for one in prison.people], prison.vacant) == ([piers], ())
    assert (police.people, len(police.vacant)) == ((), 2)


def test_the_senior_responsible_officer_is_found_for_every_unit(office: Office) -> None:
    with office.runtime.system_work("test") as work:
        row = {"code": "hmpps", "name": "HMPPS", "kind": "national", "parent": None, "version": 1}
        work.session.execute(
            DIRECTORY.unit.insert().values(**row, agency="probation-service", jurisdiction="ENG")
        )
    sally = office.person("Sally", ("sro", "hmpps"))
    with office.runtime.system_work("test") as work:
        assert [one.person_id for one in rung_holders(work, ["sro"], "prison-LEI").people] == [sally]


def test_a_vacancy_is_over_once_the_directory_shows_a_holder(office: Office) -> None:
    reception(office, NOBODY)
    ada = office.person("Ada", (ROLE, PRISON), unit=PRISON)
    office.tick()
    (vacancy,) = vacancies(office)
    assert vacancy.filled_at is not None

    # The reminder finds her: a role that was vacant at the event is looked up again.
    office.later(days=3)
    office.tick()
    assert len(office.items(ada)) == 1

    # Vacant again, it is reported again.
    office.resign(ada, ROLE)
    reception(office, NOBODY)
    assert [one.filled_at is None for one in vacancies(office)] == [False, True]
    assert len(office.told("notifications.role.vacant")) == 2


def test_what_stands_vacant_is_not_asked_for_with_each_tick(office: Office) -> None:
    """A list of hundreds that nobody fills costs what one costs: the directory has not changed."""
    with office.runtime.system_work("test.vacancies") as work:
        for number in range(250):
            work.session.add(VacantRole(role=f"role_{number}", unit=PRISON, found_at=work.now))
    ada = office.person("Ada", ("role_249", PRISON), unit=PRISON)

    office.tick()
    assert [one.role for one in vacancies(office) if one.filled_at] == ["role_249"], "the last in the row"
    office.tick()  # the look that finds none
    asked: list[str] = []
    engine = office.runtime.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    office.tick()
    assert [one for one in asked if "RECURSIVE" in one] == []

    office.resign(ada, "role_249")
    with office.runtime.system_work("test.vacancies") as work:
        work.session.add(VacantRole(role="role_249", unit=PRISON, found_at=work.now))
    office.person("Ben", ("role_249", PRISON), unit=PRISON)
    office.tick()
    assert len([one for one in vacancies(office) if one.filled_at]) == 2


@pytest.mark.parametrize(
    ("role", "holds", "where", "closes"),
    [
        ("cpc", "cpc", "area-53", True),  # held for the area above the unit
        ("cpc", "cpc_deputy", "area-53", True),
        ("lpc", "cpc_deputy", "area-53", False),
        ("cpc", "cpc", PRISON, False),  # of another line
    ],
)
def test_a_vacancy_is_over_where_the_role_is_found_to_be_held(
    office: Office, role: str, holds: str, where: str, closes: bool
) -> None:
    with office.runtime.system_work("test.vacancies") as work:
        work.session.add(VacantRole(role=role, unit=PDU, found_at=work.now))
    office.person("Ada", (holds, where))
    office.tick()
    (vacancy,) = vacancies(office)
    assert (vacancy.filled_at is not None) is closes


def test_a_national_role_that_is_filled_is_no_units_vacancy_any_more(office: Office) -> None:
    with office.runtime.system_work("test.vacancies") as work:
        work.session.add(VacantRole(role="sro", unit=PDU, found_at=work.now))
        row = {"code": "hmpps", "name": "HMPPS", "kind": "national", "parent": None, "version": 1}
        work.session.execute(
            DIRECTORY.unit.insert().values(**row, agency="probation-service", jurisdiction="ENG")
        )
    office.person("Sally", ("sro", "hmpps"))
    office.tick()
    (vacancy,) = vacancies(office)
    assert vacancy.filled_at is not None


def test_a_partner_who_has_left_is_nobodys_vacancy(office: Office) -> None:
    ada = office.person("Ada", ("partner", PDU))
    office.person("Ben", ("partner", PDU))
    office.suspend(ada)
    office.deliver(
        PARTNERSHIP_GRANTED, {"request_id": new_id(), "nominal_id": new_id()}, [(ada, "partner", PDU)]
    )

    assert vacancies(office) == []
    assert office.told("notifications.todo.created") == []


def test_somebody_the_directory_has_not_told_of_yet_still_gets_the_item(office: Office) -> None:
    stranger = new_id()
    reception(office, stranger)
    assert len(office.items(stranger)) == 1


@pytest.mark.clause("PF-4.25.1")
def test_a_rung_goes_to_whoever_holds_it_at_that_moment(office: Office) -> None:
    mel = office.person("Mel")
    before = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    request(office, (mel, "manager"))
    office.resign(before, "cpc")
    now = office.person("Dora", ("cpc", "area-53"), unit="area-53")
    office.later(days=4)
    office.tick()

    assert office.items(before) == []
    assert [one.kind for one in office.items(now)] == ["escalation"]


@pytest.mark.clause("PF-7/Accessing.3")
def test_the_owning_cpc_gets_an_item_for_each_opening_by_somebody_unpartnered(office: Office) -> None:
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    nominal = new_id()
    accesses = [new_id(), new_id()]
    for access in accesses:
        data = {"nominal_id": nominal, "access_id": access, "refused": False}
        office.deliver(NOMINAL_ACCESSED_UNPARTNERED, data, [(cass, "cpc", "area-53")])
    refused = {"nominal_id": nominal, "access_id": new_id(), "refused": True}
    office.deliver(NOMINAL_ACCESSED_UNPARTNERED, refused, [(cass, "cpc", "area-53")])

    items = office.items(cass)
    assert [one.important for one in items] == [False, False, True]
    assert [one.link for one in items[:2]] == [f"/records/nominals/{nominal}/access-history"] * 2


def test_a_refused_sign_in_is_told_to_the_cpc(office: Office) -> None:
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    data = {"refusal_code": "R09", "person_id": None, "terminal": "LEI-017"}
    office.deliver(SESSION_REFUSED, data, [(cass, "cpc", "area-53")])
    office.deliver(SESSION_REFUSED, {**data, "person_id": cass}, [(cass, "cpc", "area-53")])
    unknown, known = office.items(cass)
    assert (unknown.title, unknown.link) == ("A sign-in was refused (R09)", "")
    assert known.link == f"/identity/people/{cass}"


@pytest.mark.clause("PF-4.16/A.2")
def test_expired_vetting_is_told_to_those_it_names(office: Office) -> None:
    ada, boss = office.person("Ada"), office.person("Bo")
    expired = office.fact(
        VETTING_EXPIRED,
        {
            "person_id": ada,
            "expired_on": office.clock.today() - timedelta(days=1),
            "expiry_id": new_id(),
            "end_id": None,
        },
        [(ada, "person", PDU), (boss, "line_manager", PDU), (None, "cpc", "area-53")],
    )
    office.redeliver(expired)
    assert [len(office.items(one)) for one in (ada, boss)] == [1, 1]
    assert [(one.role, one.unit) for one in vacancies(office)] == [("cpc", "area-53")]


def test_a_restricted_fact_shows_no_way_to_its_subject(office: Office) -> None:
    mel = office.person("Mel")
    data = {"nominal_id": new_id(), "entry_id": new_id(), "for_attention": ["manager"]}
    office.deliver(NOTIFY_MANAGER, data, [(mel, "manager", PDU)], detail="restricted")
    (item,) = office.items(mel)
    assert (item.detail, item.link) == ("restricted", "")


@pytest.mark.clause("PF-4.16i.1")
def test_a_deleted_nominal_is_forgotten(office: Office) -> None:
    ada, mel = office.person("Ada", unit=PRISON), office.person("Mel")
    gone, kept = new_id(), new_id()
    received = reception(office, ada, nominal_id=gone)
    request(office, (mel, "manager"), nominal_id=kept)
    office.deliver(NOMINAL_DELETED, {"nominal_id": gone})
    office.later(days=60)
    office.tick()

    assert office.items(ada, state=None) == []
    assert len(office.items(mel)) == 1
    assert office.clock_of("D-07", received).nominal_id is None
    assert not office.rungs(office.clock_of("D-07", received))


def test_a_suspension_counts_for_the_facts_after_it_in_the_same_batch(office: Office) -> None:
    ada = office.person("Ada", (ROLE, PRISON), unit=PRISON)
    ben = office.person("Ben", (ROLE, PRISON), unit=PRISON)

    def received() -> Event:
        data = {"reception_id": new_id(), "nominal_id": new_id(), "prison": PRISON, "owner_unit": "force-13"}
        more = {"received_at": office.clock.now(), "jurisdiction": "ENG"}
        return office.fact(CUSTODY_RECEIVED, {**data, **more}, [(ada, ROLE, PRISON)])

    ended = {
        "session_id": None,
        "person_id": ada,
        "at": office.runtime.clocks.system.now(),
        "reason_code": "x",
    }
    office.redeliver(received(), office.fact(SESSION_REVOKED, ended), received())

    assert len(office.items(ada)) == len(office.items(ben)) == 1


def test_a_batch_of_facts_is_written_in_few_statements(office: Office) -> None:
    people = [office.person(str(number)) for number in range(5)]
    facts = [
        office.fact(
            NOTIFY_MANAGER,
            {"nominal_id": new_id(), "entry_id": new_id(), "for_attention": ["manager"]},
            [(people[number % 5], "manager", PDU)],
        )
        for number in range(200)
    ]
    statements: list[str] = []
    engine = office.runtime.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    office.redeliver(*facts)

    assert sum(len(office.items(person)) for person in people) == 200
    assert sum("INSERT INTO todo_item" in one for one in statements) == 1
    assert len(statements) < 40
