"""Clocks that open, move with a date, are counted anew by changed policy, stand still and come round."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.notifications.deadlines import clocks, moving
from services.notifications.deadlines.catalogue import Entry, catalogue, read
from services.notifications.deadlines.models import Clock, DueChange
from services.notifications.deadlines.recounting import recount_by_policy
from services.notifications.deadlines.rounds import begin_rounds
from services.notifications.deadlines.rules import Until
from services.notifications.deadlines.staffed import is_staffed
from services.notifications.deadlines.tasks import own_task
from services.notifications.delivery.rules import Named
from services.notifications.todo.task import Task
from shared.events.identity.policy import POLICY_CHANGED
from shared.events.identity.staffing import SUFFICIENT_STAFF
from shared.events.records.quality import ROUND_DONE, dataset_round
from shared.ids import new_id
from shared.time.calendars import start_of_day
from shared.work import Work
from tests.services.notifications.facts import meeting, request
from tests.services.notifications.office import Office

MONDAY = date(2026, 3, 9)
UNIT = "pdu-N55LEE"
# A duty that a fact would start and another move: its words, its end and its people are chosen by each test.
ROW: dict[str, Any] = {
    "duty": "Create the record",
    "trigger": "x",
    "reminded": ["tasked_with_creation"],
    "ladder": [["lpc"], ["cpc"]],
    "clause": "PF-4.11",
    "on": True,
    "subject": "referral",
    "starts": {"event": "records.referral.due", "subject": "referral_id", "unit": "unit"},
    "meets": [{"event": "records.nominal.created", "subject": "referral_id"}],
}


def entry(code: str, **more: Any) -> Entry:
    return read({code: {**ROW, **more}})[code]


def begin(
    office: Office, one: Entry, who: UUID, start: date, until: Until | None = None, **more: Any
) -> UUID:
    subject = new_id()
    task = Task(kind="create_record", title="Create the ViSOR record", cause=str(subject))
    made = clocks.Beginning(
        entry=one,
        subject_id=subject,
        started_at=start_of_day(start),
        unit=UNIT,
        jurisdiction="ENG",
        nominal_id=new_id(),
        told_at=office.clock.now(),
        until=until,
        **more,
    )
    with office.runtime.system_work("test.start") as work:
        clocks.start(work, made, task, [Named(who, "tasked_with_creation", UNIT)])
    return subject


def changes(office: Office, clock: Clock) -> list[DueChange]:
    found = select(DueChange).where(DueChange.deadline_id == clock.id).order_by(DueChange.at, DueChange.id)
    with office.runtime.database.session() as session:
        return list(session.execute(found).scalars())


def act(office: Office, what: Any) -> Any:
    with office.runtime.system_work("test.act") as work:
        return what(work)


LEVEL_1 = entry("D-02", opens="creation.level_1_window_opens")


@pytest.mark.clause("PF-4.11.2")
def test_a_level_1_record_comes_onto_lists_eight_months_before_release_and_is_late_after_six(
    office: Office,
) -> None:
    tess, lily = office.person("Tess"), office.person("Lily", ("lpc", UNIT))
    subject = begin(office, LEVEL_1, tess, date(2027, 3, 1))
    assert office.items(tess) == []

    office.at(date(2026, 6, 30), hour=12)
    office.tick()
    assert office.items(tess) == []
    office.at(date(2026, 7, 1))
    office.tick()
    (item,) = office.items(tess)
    assert item.due_on == date(2026, 9, 1)

    office.at(date(2026, 9, 1), hour=20)
    office.tick()
    assert office.clock_of("D-02", subject).overdue_at is None
    office.at(date(2026, 9, 2))
    office.tick()
    assert [one.kind for one in office.items(lily)] == ["escalation"]


@pytest.mark.clause("PF-4.11.2")
def test_a_release_date_that_moves_takes_the_deadline_with_it_and_says_so(office: Office) -> None:
    tess, lily = office.person("Tess"), office.person("Lily", ("lpc", UNIT))
    subject = begin(office, LEVEL_1, tess, date(2026, 10, 1))
    (item,) = office.items(tess)
    assert item.due_on == date(2026, 4, 1)
    office.at(date(2026, 4, 2))
    office.tick()
    assert [one.kind for one in office.items(lily)] == ["escalation"]

    # Release is put off by five months: it is late no more, and nobody above need look.
    office.later(hours=1)
    told = office.clock.now()
    act(
        office, lambda work: moving.follow(work, LEVEL_1, subject, start_of_day(date(2027, 3, 1)), None, told)
    )
    (item,) = office.items(tess)
    assert (item.due_on, item.due_was) == (date(2026, 9, 1), date(2026, 4, 1))
    assert office.items(lily) == []
    clock = office.clock_of("D-02", subject)
    assert clock.overdue_at is None
    assert [(one.why, one.due_was, one.due_now) for one in changes(office, clock)] == [
        ("moved", date(2026, 4, 1), date(2026, 9, 1))
    ]
    (fact,) = office.told("notifications.deadline.moved")
    assert (fact["due_was"], fact["due_on"], fact["why"]) == ("2026-04-01", "2026-09-01", "moved")

    # An older word that comes late changes nothing; late again, the ladder is climbed again.
    act(
        office,
        lambda work: moving.follow(
            work, LEVEL_1, subject, start_of_day(date(2030, 1, 1)), None, told - timedelta(days=1)
        ),
    )
    assert office.clock_of("D-02", subject).due_on == date(2026, 9, 1)
    office.at(date(2026, 9, 2))
    office.tick()
    assert [one.kind for one in office.items(lily)] == ["escalation"]
    assert len(office.audited("deadlines.move")) == 1


@pytest.mark.clause("PF-5.9.6")
def test_what_must_be_done_before_a_departure_is_late_the_minute_it_leaves(office: Office) -> None:
    pam, lead = office.person("Pam"), office.person("Leo", ("visor_lead", UNIT))
    transfer = entry("D-24", ladder=[["visor_lead"]])
    leaves = datetime(2026, 3, 12, 13, 30, tzinfo=UTC)
    subject = begin(office, transfer, pam, MONDAY, Until(leaves, exact=True))
    office.clock.at = leaves - timedelta(minutes=1)
    office.tick()
    assert office.items(lead) == []
    office.clock.at = leaves
    office.tick()
    (item,) = office.items(lead)
    assert item.raised_at == office.clock_of("D-24", subject).late_from == leaves


def changed_policy(office: Office, key: str, value: str, since: date) -> None:
    now = datetime.now(UTC)
    said = {
        "change_id": new_id(),
        "key": key,
        "value": value,
        "in_force_from": since,
        "in_force_to": None,
        "source": "a circular",
    }
    who = {"proposed_by": new_id(), "proposed_at": now, "confirmed_by": new_id(), "confirmed_at": now}
    office.deliver(POLICY_CHANGED, {**said, **who})
    office.runtime.policy._forget(None)  # type: ignore[arg-type]


def recount(office: Office) -> None:
    while act(office, recount_by_policy):
        pass


def test_a_changed_period_counts_anew_what_is_open_from_its_day_on(office: Office) -> None:
    tess = office.person("Tess")
    open_one = meeting(office, tess, level=3, held_on=MONDAY)
    recount(office)
    changed_policy(office, "deadline.D-10", "8 working days", date(2026, 3, 11))
    recount(office)
    assert office.clock_of("D-10", open_one).due_on == date(2026, 3, 16)

    office.at(date(2026, 3, 11))
    recount(office)
    clock = office.clock_of("D-10", open_one)
    assert (clock.due_on, clock.period) == (date(2026, 3, 19), "8 working days")
    (item,) = office.items(tess)
    assert (item.due_on, item.due_was) == (date(2026, 3, 19), date(2026, 3, 16))
    (change,) = changes(office, clock)
    assert (change.why, change.period_was, change.period_now) == (
        "policy",
        "5 working days",
        "8 working days",
    )
    assert len(office.audited("deadlines.recount")) == 1
    recount(office)
    assert len(changes(office, clock)) == 1


def test_a_shorter_period_makes_late_what_would_be_late_under_it_and_leaves_alone_what_was_met(
    office: Office,
) -> None:
    tess = office.person("Tess")
    asked = request(office, (tess, "manager"))
    office.at(date(2026, 3, 12))
    recount(office)
    changed_policy(office, "deadline.D-06", "1 calendar day", date(2026, 3, 1))
    recount(office)
    clock = office.clock_of("D-06", asked)
    assert clock.due_on == date(2026, 3, 10)
    assert clock.overdue_at is not None
    # Nobody could have climbed before the rule was known: the ladder begins from now.
    assert office.rungs(clock) == []


def test_two_who_count_anew_at_once_count_once(office: Office) -> None:
    tess = office.person("Tess")
    for _ in range(5):
        meeting(office, tess, level=3, held_on=MONDAY)
    changed_policy(office, "deadline.D-10", "8 working days", date(2026, 3, 1))
    with office.runtime.system_work("one") as one, office.runtime.system_work("two") as two:
        assert recount_by_policy(one)
        recount_by_policy(two)
    recount(office)
    assert len(office.told("notifications.deadline.moved")) == 5


# ---- Staffed areas ----


@pytest.mark.clause("PF-4.11.1")
def test_an_area_is_staffed_from_the_day_it_says_so_until_it_says_otherwise(office: Office) -> None:
    def declare(sufficient: bool, since: date) -> None:
        said = {"declaration_id": new_id(), "area": "area-53", "sufficient": sufficient, "from_day": since}
        office.deliver(SUFFICIENT_STAFF, said)

    def staffed(on: date) -> bool:
        return bool(act(office, lambda work: is_staffed(work, UNIT, on)))

    assert not staffed(MONDAY)
    declare(sufficient=True, since=date(2026, 4, 1))
    declare(sufficient=False, since=date(2026, 6, 1))
    assert [staffed(date(2026, month, 1)) for month in (3, 4, 5, 6)] == [False, True, True, False]
    assert not act(office, lambda work: is_staffed(work, "force-13", date(2026, 4, 1)))


# ---- What comes round ----


@pytest.mark.clause("PF-4.16/E.2")
def test_user_groups_come_round_for_every_area_and_begin_again_from_the_day_they_met(office: Office) -> None:
    cara = office.person("Cara", ("cpc", "area-53"))
    while act(office, begin_rounds):
        pass
    found = select(Clock).where(Clock.code == "D-16").order_by(Clock.unit)
    with office.runtime.database.session() as session:
        rounds = list(session.execute(found).scalars())
    assert [one.unit for one in rounds] == ["area-53", "group-YRK"]
    assert office.items(cara) == []

    # Three months from 9 March; on her list a month before.
    office.at(date(2026, 5, 9))
    office.tick()
    mine = office.items(cara, kind="deadline_d-16")
    assert [one.due_on for one in mine] == [date(2026, 6, 9)]
    clock = rounds[0]

    def met(work: Work) -> None:
        row = work.session.get(Clock, clock.id, with_for_update=True)
        assert row is not None
        clocks.meet_this(work, catalogue()["D-16"], row, office.clock.now())

    act(office, met)
    assert office.items(cara, kind="deadline_d-16") == []
    assert clock.occasion_id is not None
    with office.runtime.database.session() as session:
        again = list(
            session.execute(
                select(Clock).where(Clock.occasion_id == clock.occasion_id).order_by(Clock.round)
            ).scalars()
        )
    assert [(one.round, one.due_on) for one in again] == [(1, date(2026, 6, 9)), (2, date(2026, 8, 9))]
    # Another look at the calendar begins nothing twice.
    office.runtime.extras.clear()
    while act(office, begin_rounds):
        pass
    with office.runtime.database.session() as session:
        assert len(list(session.execute(found).scalars())) == 3


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 3, 9), date(2026, 6, 30)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2027, 6, 30)),
    ],
)
def test_the_annual_return_is_due_by_the_end_of_june(office: Office, today: date, due: date) -> None:
    office.at(today)
    while act(office, begin_rounds):
        pass
    with office.runtime.database.session() as session:
        (one,) = session.execute(select(Clock).where(Clock.code == "D-37")).scalars()
    assert (one.unit, one.due_on) == ("area-53", due)


@pytest.mark.clause("PF-5.15b")
def test_a_daily_check_is_owed_again_the_day_after_each_until_the_request_is_decided(office: Office) -> None:
    pam = office.person("Pam")
    daily = entry("D-09", again=True, ladder=[["visor_lead"]])
    asked = begin(office, daily, pam, MONDAY, occasion_id=(occasion := new_id()))
    assert asked != occasion
    for day in (10, 11, 12):
        (item,) = office.items(pam)
        assert item.due_on == date(2026, 3, day)
        office.at(date(2026, 3, day))
        act(office, lambda work: clocks.meet(work, daily, occasion, office.clock.now()))
    act(office, lambda work: clocks.end(work, daily, occasion, office.clock.now()))
    assert office.items(pam) == []
    with office.runtime.database.session() as session:
        rounds = list(session.execute(select(Clock).order_by(Clock.round)).scalars())
    assert [one.in_time for one in rounds] == [True, True, True, None]


def test_own_tasks_lead_to_their_deadline() -> None:
    subject = new_id()
    assert own_task(catalogue()["D-16"], subject).link.startswith("/notifications/deadlines/")


@pytest.mark.clause("PF-0.8", "PF-4.16e.1")
def test_an_audit_that_is_signed_off_ends_its_areas_round_and_the_next_begins(office: Office) -> None:
    cara = office.person("Cara", ("cpc", "area-53"))
    while act(office, begin_rounds):
        pass
    office.at(date(2026, 5, 9))
    office.tick()
    assert len(office.items(cara, kind="deadline_d-27")) == 1
    done = {"round_id": dataset_round("area-53"), "audit_id": new_id(), "unit": "area-53"}
    office.deliver(ROUND_DONE, done)
    assert office.items(cara, kind="deadline_d-27") == []
    found = select(Clock).where(Clock.code == "D-27", Clock.unit == "area-53").order_by(Clock.round)
    with office.runtime.database.session() as session:
        rounds = list(session.execute(found).scalars())
    assert [(one.round, one.due_on, one.in_time) for one in rounds] == [
        (1, date(2026, 6, 9), True),
        (2, date(2026, 8, 9), None),
    ]
    other = select(Clock.in_time).where(Clock.code == "D-27", Clock.unit == "group-YRK")
    with office.runtime.database.session() as session:
        assert list(session.execute(other).scalars()) == [None]
