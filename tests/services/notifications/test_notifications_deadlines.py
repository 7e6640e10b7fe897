"""Clocks from their starting fact to their last rung."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from services.notifications.deadlines import moving
from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.jobs import take_due_steps
from services.notifications.deadlines.models import Clock
from shared.events.identity.staffing import REGION_PLAN_KEPT, REGION_PLAN_REPLACED
from shared.events.records.attachments import TRANSFER_DATED
from shared.events.records.meetings import MINUTES_ADDED, MINUTES_OWED_AGAIN, MINUTES_RECEIVED
from shared.events.records.minimum_dataset import DATASET_SETTLED
from shared.events.records.nominals import NOMINAL_CREATED
from shared.events.records.partnership import (
    PARTNERSHIP_BEGAN,
    PARTNERSHIP_GRANTED,
    PARTNERSHIP_REQUESTED,
)
from shared.events.records.prison_moves import MOVE_BOOKED, MOVE_ENDED
from shared.ids import new_id
from tests.services.notifications.facts import leave, meeting, reception, referral_event, request
from tests.services.notifications.office import START, Office

MONDAY = START.date()


def created(office: Office, referral_id: UUID | None) -> None:
    data = {
        "nominal_id": new_id(),
        "referral_id": referral_id,
        "category": "2",
        "level": 2,
        "owner_unit": "area-53",
    }
    office.deliver(NOMINAL_CREATED, data)


@pytest.mark.clause("PF-5.13.1")
def test_a_reception_puts_request_partnership_on_the_administrators_list_due_in_seven_days(
    office: Office,
) -> None:
    ada, ben = office.person("Ada", unit="prison-LEI"), office.person("Ben", unit="prison-LEI")
    received = reception(office, ada, ben)

    for person in (ada, ben):
        (item,) = office.items(person)
        assert (item.kind, item.title, item.clause) == (
            "request_partnership",
            "Request partnership",
            "PF-5.13",
        )
        assert item.due_on == MONDAY + timedelta(days=7)
        assert not item.important
    assert office.clock_of("D-07", received).state == "running"
    assert [one["code"] for one in office.told("notifications.deadline.started")] == ["D-07"]
    (entry,) = office.audited("deadlines.start")
    assert entry.facts["due_on"] == "2026-03-16"


@pytest.mark.clause("PF-5.9.6")
@pytest.mark.parametrize(("state", "in_time"), [("ready", True), ("overridden", True), ("cancelled", None)])
def test_a_record_is_brought_up_to_date_before_the_person_leaves(
    office: Office, state: str, in_time: bool | None
) -> None:
    ada, move, nominal = office.person("Ada", unit="prison-LEI"), new_id(), new_id()
    leaves = START + timedelta(days=3)
    data = {"move_id": move, "nominal_id": nominal, "prison": "prison-LEI", "jurisdiction": "ENG"}
    office.deliver(MOVE_BOOKED, data | {"departs_at": leaves}, [(ada, "prison_administrator", "prison-LEI")])
    (item,) = office.items(ada)
    assert (item.kind, item.late_from) == ("prepare_move", leaves)
    office.deliver(MOVE_ENDED, {"move_id": move, "nominal_id": nominal, "state": state})
    assert (office.clock_of("D-24", move).state, office.clock_of("D-24", move).in_time) == ("met", in_time)
    assert office.items(ada) == []


@pytest.mark.clause("PF-5.16")
@pytest.mark.parametrize(("state", "in_time"), [("complete", True), ("overtaken", None)])
def test_a_prison_has_seven_days_for_its_minimum_dataset(
    office: Office, state: str, in_time: bool | None
) -> None:
    ada, task, nominal = office.person("Ada", unit="prison-LEI"), new_id(), new_id()
    data = {"task_id": task, "nominal_id": nominal, "unit": "prison-LEI", "jurisdiction": "ENG"}
    office.deliver(
        PARTNERSHIP_BEGAN, data | {"agency_kind": "prison"}, [(ada, "prison_administrator", "prison-LEI")]
    )
    (item,) = office.items(ada)
    assert (item.kind, item.due_on) == ("fill_minimum_dataset", MONDAY + timedelta(days=7))
    office.deliver(DATASET_SETTLED, {"task_id": task, "nominal_id": nominal, "state": state})
    assert (office.clock_of("D-50", task).state, office.clock_of("D-50", task).in_time) == ("met", in_time)
    assert office.items(ada) == []


@pytest.mark.clause("PF-5.13.1")
def test_a_prisoner_who_leaves_takes_the_prisons_deadline_along(office: Office) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    received = reception(office, ada)
    office.later(days=2)
    leave(office, received)
    stopped = office.clock_of("D-07", received)
    assert (stopped.state, stopped.met_at, stopped.in_time, stopped.next_at) == ("met", None, None, None)
    (done,) = office.items(ada, state="done")
    assert done.outcome == "overtaken"
    assert office.told("notifications.deadline.met") == []
    (entry,) = office.audited("deadlines.end")
    assert entry.facts["code"] == "D-07"
    office.later(days=30)
    assert office.items(ada) == []


@pytest.mark.clause("PF-5.18")
def test_a_prisoner_who_leaves_starts_the_clock_of_the_transfer_date(office: Office) -> None:
    ada, received = office.person("Ada", unit="prison-LEI"), new_id()
    leave(office, received, ada)
    (item,) = office.items(ada)
    assert (item.kind, item.clause, item.due_on) == ("enter_transfer_date", "PF-5.18", MONDAY)
    office.deliver(
        TRANSFER_DATED, {"nominal_id": new_id(), "reception_id": received}, agency="prison-service"
    )
    assert office.clock_of("D-22", received).in_time is True
    assert office.items(ada) == []


def test_a_leaving_that_is_heard_of_first_leaves_no_deadline_behind(office: Office) -> None:
    ada, received = office.person("Ada", unit="prison-LEI"), new_id()
    leave(office, received)
    reception(office, ada, reception_id=received)
    assert office.clock_of("D-07", received).state == "met"
    assert office.items(ada) == []


@pytest.mark.clause("PF-5.13.1")
def test_a_prison_that_is_partnered_already_gets_no_deadline(office: Office) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    reception(office, ada, already_partnered=True)
    assert office.items(ada) == []
    assert office.told("notifications.deadline.started") == []


@pytest.mark.clause("PF-5.13.1", "PF-4.25.1", "PI-3.2.4")
def test_the_request_for_partnership_stops_the_prisons_clock_and_starts_the_owners(office: Office) -> None:
    ada, mel = office.person("Ada", unit="prison-LEI"), office.person("Mel")
    received = reception(office, ada)
    office.later(days=7, hours=5)

    asked = request(office, (mel, "manager"), reception=received)

    stopped = office.clock_of("D-07", received)
    assert (stopped.state, stopped.in_time, stopped.next_at) == ("met", True, None)
    assert office.items(ada) == []
    (done,) = office.items(ada, state="done")
    assert done.outcome == "met"
    (item,) = office.items(mel)
    assert (item.kind, item.due_on) == ("partnership_requested", MONDAY + timedelta(days=10))
    assert office.clock_of("D-06", asked).state == "running"


@pytest.mark.clause("PF-4.25.1")
def test_another_agencys_copy_adds_its_people_and_one_without_people_starts_nothing(office: Office) -> None:
    mel, pat = office.person("Mel"), office.person("Pat", unit="force-13")
    first = office.fact(PARTNERSHIP_REQUESTED, _request_data(), [(mel, "manager", "pdu-N55LEE")])
    second = office.fact(
        PARTNERSHIP_REQUESTED, first.data, [(pat, "lpc", "force-13")], id=first.id, agency="police-13"
    )
    bare = office.fact(PARTNERSHIP_REQUESTED, _request_data(), agency="prison-service")
    for event in (first, second, bare, first):
        office.redeliver(event)

    assert len(office.items(mel)) == len(office.items(pat)) == 1
    assert len(office.audited("deadlines.start")) == 1
    assert len(office.told("notifications.deadline.started")) == 1


def _request_data() -> dict[str, object]:
    asked = {"request_id": new_id(), "nominal_id": new_id(), "requesting_unit": "prison-LEI", "users": 1}
    return {**asked, "owner_unit": "pdu-N55LEE", "jurisdiction": "ENG", "for_reception": None}


@pytest.mark.clause("PF-4.10.2")
@pytest.mark.parametrize("closing_first", [False, True], ids=["in order", "closing fact first"])
def test_a_record_created_for_the_referral_meets_it_whichever_fact_comes_first(
    office: Office, closing_first: bool
) -> None:
    tess = office.person("Tess")
    registered = referral_event(office, tess)
    referral_id = registered.data["referral_id"]
    office.later(days=4)
    steps = [partial(office.redeliver, registered), partial(created, office, UUID(referral_id))]
    for step in reversed(steps) if closing_first else steps:
        step()

    clock = office.clock_of("D-01", UUID(referral_id))
    assert (clock.state, clock.in_time, clock.due_on) == ("met", True, MONDAY + timedelta(days=5))
    assert office.items(tess) == []
    assert len(office.told("notifications.deadline.met")) == 1
    assert len(office.audited("deadlines.start")) == len(office.audited("deadlines.meet")) == 1


@pytest.mark.clause("PF-4.10.2")
def test_a_clock_is_never_reset_by_its_fact_coming_again(office: Office) -> None:
    tess = office.person("Tess")
    registered = referral_event(office, tess)
    office.redeliver(registered)
    before = office.clock_of("D-01", UUID(registered.data["referral_id"]))
    office.later(days=3)
    office.redeliver(registered)

    after = office.clock_of("D-01", UUID(registered.data["referral_id"]))
    assert (after.due_on, after.started_at, after.reached) == (
        before.due_on,
        before.started_at,
        before.reached,
    )
    assert len(office.items(tess)) == 1


@pytest.mark.clause("PF-4.20.3", "PF-4.20.4")
@pytest.mark.parametrize(
    ("level", "jurisdiction", "code", "due"),
    [
        (3, "ENG", "D-10", date(2026, 4, 10)),
        (3, "SCT", "D-10", date(2026, 4, 9)),
        (2, "ENG", "D-11", date(2026, 4, 17)),
        (2, "SCT", "D-11", date(2026, 4, 16)),
    ],
)
def test_minutes_of_a_meeting_before_easter_are_due_by_working_days_of_the_jurisdiction(
    office: Office, level: int, jurisdiction: str, code: str, due: date
) -> None:
    tess = office.person("Tess")
    office.at(date(2026, 4, 1))
    held = meeting(office, tess, level=level, held_on=date(2026, 4, 1), jurisdiction=jurisdiction)

    clock = office.clock_of(code, held)
    assert clock.due_on == office.items(tess)[0].due_on == due
    left_out = dict(clock.days["left_out"])
    assert left_out["2026-04-03"] == "Good Friday"
    assert ("2026-04-06" in left_out) == (jurisdiction == "ENG")
    assert len(clock.days["used"]) == (5 if level == 3 else 10)


@pytest.mark.clause("PF-4.20.3")
def test_reminders_overdue_and_rungs_each_once_then_the_minutes_stop_it_all(office: Office) -> None:
    tess = office.person("Tess")
    lee, cass = (
        office.person("Lee", ("lpc", "pdu-N55LEE")),
        office.person("Cass", ("cpc", "area-53"), unit="area-53"),
    )
    held = meeting(office, tess, level=3, held_on=MONDAY)
    # Five working days from Monday the 9th: due on Monday the 16th.
    seen = []
    for hour in range(24 * 15):
        office.clock.at = START + timedelta(hours=hour)
        office.tick()
        office.tick()
        seen.append((office.clock.at, len(office.items(lee)), len(office.items(cass))))

    assert len(office.told("notifications.deadline.due_soon")) == 2
    assert len(office.told("notifications.deadline.overdue")) == 1
    assert [one["rung"] for one in office.told("notifications.deadline.escalated")] == [1, 2]
    first_lpc = next(at for at, at_lpc, _ in seen if at_lpc)
    first_cpc = next(at for at, _, at_cpc in seen if at_cpc)
    assert first_lpc == datetime(2026, 3, 17, 7, tzinfo=UTC)  # the morning after
    assert first_cpc == datetime(2026, 3, 19, 7, tzinfo=UTC)  # two working days later
    assert seen[-1][1:] == (1, 1)
    (item,) = office.items(tess)
    assert item.important
    assert item.reminded_at is not None

    office.deliver(MINUTES_ADDED, {"meeting_id": held, "nominal_id": new_id()})
    office.later(days=30)
    office.tick()
    assert office.items(tess) == office.items(lee) == office.items(cass) == []
    assert office.clock_of("D-10", held).in_time is False
    assert len(office.told("notifications.deadline.escalated")) == 2


@pytest.mark.clause("PF-5.13.1")
def test_a_reception_told_years_late_is_one_overdue_item_and_no_pile_of_old_reminders(office: Office) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    lead = office.person("Lea", ("visor_lead", "prison-LEI"), unit="prison-LEI")
    received = reception(office, ada, at=datetime(2020, 3, 2, 8, tzinfo=UTC))
    for _ in range(3):
        office.tick()

    (item,) = office.items(ada)
    assert (item.due_on, item.important) == (date(2020, 3, 9), True)
    assert item.late_from is not None
    assert item.late_from < office.clock.now()
    assert office.items(lead) == []
    assert office.told("notifications.deadline.due_soon") == []
    assert len(office.told("notifications.deadline.overdue")) == 1

    # Its ladder begins from when it was learned of: two working days later.
    office.at(date(2026, 3, 11), 8)
    office.tick()
    assert [one.kind for one in office.items(lead)] == ["escalation"]
    assert [rung.number for rung in office.rungs(office.clock_of("D-07", received))] == [1]


@pytest.mark.clause("PF-5.13.1")
def test_a_tick_that_was_down_catches_up_to_the_newest_state(office: Office) -> None:
    ada = office.person("Ada", unit="prison-LEI")
    people = {
        role: office.person(role, (role, unit), unit=unit)
        for role, unit in (("visor_lead", "prison-LEI"), ("governor", "prison-LEI"), ("cpc", "group-YRK"))
    }
    received = reception(office, ada)
    office.at(date(2026, 4, 30))
    office.tick()

    assert len(office.items(ada)) == 1
    assert [len(office.items(person)) for person in people.values()] == [1, 1, 1]
    assert [rung.number for rung in office.rungs(office.clock_of("D-07", received))] == [1, 2, 3]
    assert office.told("notifications.deadline.due_soon") == []


@pytest.mark.clause("PF-4.25.1")
def test_two_tickers_at_the_same_moment_double_nothing(office: Office) -> None:
    mel = office.person("Mel")
    cass = office.person("Cass", ("cpc", "area-53"), unit="area-53")
    for _ in range(12):
        request(office, (mel, "manager"))
    office.at(date(2026, 3, 20))

    together = threading.Barrier(4)
    failures: list[BaseException] = []

    def ticker() -> None:
        together.wait()
        try:
            office.tick()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=ticker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert len(office.items(cass)) == 12
    assert len(office.told("notifications.deadline.overdue")) == 12
    assert len(office.told("notifications.deadline.escalated")) == 12


@pytest.mark.clause("PF-4.10.2")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=st.lists(st.integers(0, 24 * 21), max_size=8), ends=st.integers(24 * 10, 24 * 21))
def test_each_rung_is_climbed_once_whatever_the_ticking_pattern(
    office: Office, looks: list[int], ends: int
) -> None:
    office.clock.at = START
    referral = referral_event(office, None)
    office.redeliver(referral)
    clock = office.clock_of("D-01", UUID(referral.data["referral_id"]))
    for hour in [*sorted(looks), 24 * 21 + ends]:
        office.clock.at = START + timedelta(hours=hour)
        office.tick()

    rungs = office.rungs(clock)
    assert [rung.number for rung in rungs] == [1, 2]
    assert all(rung.climbed_at >= rung.planned_for for rung in rungs)
    told = [
        one for one in office.told("notifications.deadline.escalated") if one["deadline_id"] == str(clock.id)
    ]
    assert [one["rung"] for one in told] == [1, 2]


def test_a_paused_clock_owes_nothing_and_counts_no_day_until_it_goes_on(office: Office) -> None:
    tess = office.person("Tess")
    held = meeting(office, tess, level=3, held_on=MONDAY)
    office.at(date(2026, 3, 11))
    _with(office, held, moving.pause)
    office.at(date(2026, 3, 30))
    office.tick()
    assert office.told("notifications.deadline.overdue") == []

    _with(office, held, lambda work, clock: moving.resume(work, clock, catalogue()["D-10"]))
    # One working day (the 10th) was counted before; four more from Monday the 30th: Thursday 2 April.
    assert office.clock_of("D-10", held).due_on == office.items(tess)[0].due_on == date(2026, 4, 2)
    assert len(office.audited("deadlines.pause")) == len(office.audited("deadlines.resume")) == 1


def _with(office: Office, subject_id: UUID, act: object) -> None:
    with office.runtime.system_work("test") as work:
        clock = work.session.get(Clock, office.clock_of("D-10", subject_id).id, with_for_update=True)
        act(work, clock)  # type: ignore[operator]


@pytest.mark.clause("PF-4.30.1")
def test_an_item_put_aside_while_its_clock_runs_comes_back_with_the_reminder(office: Office) -> None:
    mel = office.person("Mel")
    request(office, (mel, "manager"))
    (item,) = office.items(mel)
    with office.runtime.system_work("test") as work:
        mine = work.session.get(type(item), item.id)
        assert mine is not None
        mine.state, mine.outcome = "done", "no_action"
    assert office.items(mel) == []

    office.later(days=1)
    office.tick()
    assert [one.id for one in office.items(mel)] == [item.id]


@pytest.mark.clause("PF-4.25.1")
def test_a_request_granted_meets_its_deadline(office: Office) -> None:
    mel, ada = office.person("Mel"), office.person("Ada", unit="prison-LEI")
    asked = request(office, (mel, "manager"))
    office.deliver(
        PARTNERSHIP_GRANTED, {"request_id": asked, "nominal_id": new_id()}, [(ada, "partner", "prison-LEI")]
    )

    assert office.items(mel) == []
    (item,) = office.items(ada)
    assert (item.kind, item.title, item.clause) == (
        "partnership_granted",
        "You have been partnered",
        "PF-7/To do list.5",
    )
    assert office.clock_of("D-06", asked).state == "met"


def test_a_batch_holds_up_no_fact_about_the_clocks_that_come_after_it(office: Office) -> None:
    mel, cass = office.person("Mel"), office.person("Cass", ("cpc", "area-53"), unit="area-53")
    for _ in range(21):
        request(office, (mel, "manager"))
    office.at(date(2026, 3, 20))

    with office.runtime.system_work("tick") as work:
        assert take_due_steps(work) is True
        with office.runtime.database.session() as another:
            free = select(Clock.subject_id).where(Clock.state == "running").with_for_update(skip_locked=True)
            left = another.execute(free).scalar_one()
        office.deliver(
            PARTNERSHIP_GRANTED, {"request_id": left, "nominal_id": new_id()}
        )  # while the batch still holds its twenty
    assert len(office.items(cass)) == 20
    assert office.clock_of("D-06", left).state == "met"

    with office.runtime.system_work("tick") as work:
        assert take_due_steps(work) is False
    assert len(office.items(cass)) == 20


def test_clocks_that_cannot_be_advanced_do_not_stand_before_the_others(office: Office) -> None:
    mel, cass = office.person("Mel"), office.person("Cass", ("cpc", "area-53"), unit="area-53")
    for _ in range(20):
        request(office, (mel, "manager"))
    with office.runtime.system_work("test") as work:
        broken = {"steps": [{"kind": "reminder"}], "next_at": START - timedelta(days=1)}
        work.session.execute(update(Clock).values(broken))
    request(office, (mel, "manager"))
    office.at(date(2026, 3, 20))

    office.tick()

    assert len(office.items(cass)) == 1
    office.later(minutes=2)
    with office.runtime.system_work("tick") as work:
        assert take_due_steps(work) is True  # they are tried again


@pytest.mark.clause("PF-4.20.2")
def test_minutes_that_are_off_the_record_again_run_under_a_clock_of_their_own(office: Office) -> None:
    """The meeting's own clock was met by them, and runs once for ever."""
    tess, meeting_id, nominal_id = office.person("Tess"), new_id(), new_id()
    about = {"meeting_id": meeting_id, "nominal_id": nominal_id}
    office.deliver(MINUTES_ADDED, about)
    for owed_again_id in (new_id(), new_id()):
        gone = {"owed_again_id": owed_again_id, "owed_by": MONDAY + timedelta(days=1)}
        place = {"managing_unit": "pdu-N55LEE", "jurisdiction": "ENG"}
        office.deliver(
            MINUTES_OWED_AGAIN, about | gone | place, [(tess, "mappa_administrator", "pdu-N55LEE")]
        )
        (item,) = office.items(tess)
        assert item.title == "Add the minutes again: what held them was removed"
        assert item.due_on == MONDAY + timedelta(days=1)
        office.deliver(MINUTES_ADDED, about | {"owed_again_id": owed_again_id})
        assert office.clock_of("D-54", owed_again_id).in_time is True
        assert office.items(tess) == []


@pytest.mark.clause("PF-4.20.2")
def test_minutes_that_came_on_a_monday_are_due_on_tuesday(office: Office) -> None:
    tess, meeting_id = office.person("Tess"), new_id()
    data = {"meeting_id": meeting_id, "nominal_id": new_id(), "received_on": MONDAY}
    place = {"managing_unit": "pdu-N55LEE", "jurisdiction": "ENG"}
    office.deliver(MINUTES_RECEIVED, data | place, [(tess, "mappa_administrator", "pdu-N55LEE")])
    (item,) = office.items(tess)
    assert (item.title, item.due_on) == ("Upload the minutes that came", MONDAY + timedelta(days=1))
    office.deliver(MINUTES_ADDED, {"meeting_id": meeting_id, "nominal_id": data["nominal_id"]})
    assert office.clock_of("D-12", meeting_id).in_time is True
    assert office.items(tess) == []


@pytest.mark.clause("PF-4.11.4")
def test_a_regions_plan_comes_onto_its_directors_list_a_month_before_its_review(office: Office) -> None:
    rita, plan, review = office.person("Rita"), new_id(), MONDAY + timedelta(days=60)
    data = {"plan_id": plan, "region": "region-N55"}
    said = data | {"review_on": review, "jurisdiction": "ENG"}
    office.deliver(REGION_PLAN_KEPT, said, [(rita, "regional_probation_director", "region-N55")])
    assert office.items(rita) == []
    office.at(review - timedelta(days=20))
    office.tick()
    (item,) = office.items(rita)
    assert (item.title, item.due_on) == ("Review the region’s plan for enough staff", review)
    office.deliver(REGION_PLAN_REPLACED, data)
    assert office.clock_of("D-53", plan).in_time is True
    assert office.items(rita) == []
