"""When deadlines fall, remind and climb, against a calendar written out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.appointments.table import roles
from services.identity.tokens.table import tokens
from services.notifications.deadlines import catalogue as catalogues
from services.notifications.deadlines.catalogue import CatalogueError, catalogue, read
from services.notifications.deadlines.rules import (
    Manner,
    Pause,
    Plan,
    Step,
    met_in_time,
    owed,
    plan,
    reminds,
    replan,
)
from services.notifications.delivery.rules import ROLES, TOKENS
from shared.policy import published_policy
from shared.time.periods import Period, Unit

LONDON = ZoneInfo("Europe/London")
LADDER = (("lpc",), ("cpc",))
MANNER = Manner(LADDER, morning=time(7))

# Easter 2026 as the law of each country has it: Scotland works on Easter Monday.
CLOSED = {
    "ENG": {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25)},
    "SCT": {date(2026, 4, 3), date(2026, 5, 4), date(2026, 5, 25)},
}


def by_hand(start: date, days: int, jurisdiction: str) -> list[date]:
    """The working days counted, by walking the calendar."""
    counted: list[date] = []
    day = start
    while len(counted) < days:
        day += timedelta(days=1)
        if day.isoweekday() <= 5 and day not in CLOSED[jurisdiction]:
            counted.append(day)
    return counted


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def planned(start: date, period: str, jurisdiction: str = "ENG", known: datetime | None = None) -> Plan:
    return plan(at(start), Period.parse(period), jurisdiction, MANNER, known or at(start))


def of_kind(steps: tuple[Step, ...], kind: str) -> list[datetime]:
    return [step.at for step in steps if step.kind == kind]


@pytest.mark.clause("PF-4.20.3")
@pytest.mark.parametrize(
    ("jurisdiction", "due"),
    [("ENG", date(2026, 4, 10)), ("SCT", date(2026, 4, 9))],
    ids=["England", "Scotland"],
)
def test_minutes_of_a_meeting_before_easter_count_the_working_days_of_the_jurisdiction(
    jurisdiction: str, due: date
) -> None:
    # Wednesday 1 April: Good Friday is left out in both, Easter Monday in England only.
    course = planned(date(2026, 4, 1), "5 working days", jurisdiction)

    assert course.due.day == due
    assert course.due.days_used == by_hand(date(2026, 4, 1), 5, jurisdiction)
    assert any(one.day == date(2026, 4, 3) and "Good Friday" in one.reason for one in course.due.left_out)


@pytest.mark.clause("PF-5.13.1")
def test_seven_unlabelled_days_from_reception_are_calendar_days() -> None:
    course = planned(date(2026, 4, 1), "7 calendar days")

    assert course.due.day == date(2026, 4, 8)
    assert course.late_from == at(date(2026, 4, 9), 7)


@pytest.mark.clause("PF-4.10.2")
def test_what_is_done_in_the_last_minute_of_the_due_day_is_in_time() -> None:
    course = planned(date(2026, 7, 1), "5 calendar days")

    # Midnight in London in summer is eleven at night in UTC.
    assert met_in_time(datetime(2026, 7, 6, 22, 59, tzinfo=UTC), course.due.at)
    assert not met_in_time(datetime(2026, 7, 6, 23, 0, tzinfo=UTC), course.due.at)


@pytest.mark.clause("PF-4.25.1", "PF-5.13.1")
@pytest.mark.parametrize(
    ("period", "reminded"),
    [
        ("1 calendar day", []),
        ("2 calendar days", []),
        ("3 calendar days", [date(2026, 3, 10), date(2026, 3, 11)]),
        ("7 calendar days", [date(2026, 3, 12), date(2026, 3, 15)]),
        ("2 working days", []),
        # From Monday 9 March; the due day is the Monday after, so the day before it is the Friday.
        ("5 working days", [date(2026, 3, 11), date(2026, 3, 13)]),
        ("2 hours", []),
    ],
)
def test_reminders_come_at_half_the_period_and_the_day_before_from_three_days_on(
    period: str, reminded: list[date]
) -> None:
    course = planned(date(2026, 3, 9), period)

    assert of_kind(course.steps, "reminder") == [at(day, 7) for day in reminded]


@pytest.mark.clause("PF-5.10.2")
def test_a_deadline_may_have_reminders_of_its_own() -> None:
    manner = Manner(LADDER, morning=time(7), before=(90, 60, 30, 7))
    course = plan(
        at(date(2026, 1, 1)), Period.parse("6 calendar months"), "ENG", manner, at(date(2026, 1, 1))
    )

    due = date(2026, 7, 1)
    assert of_kind(course.steps, "reminder") == [at(due - timedelta(days=n), 7) for n in (90, 60, 30, 7)]


@pytest.mark.parametrize(
    ("start", "period", "before", "reminded"),
    [
        # Recorded on a Thursday, due on Monday: the working day before it is the Friday.
        (date(2026, 3, 12), "2 working days", (1,), [date(2026, 3, 13)]),
        # Due on Wednesday 8 April: of three days before it, Easter Monday and Good Friday are none in England.
        (date(2026, 4, 1), "3 working days", (2,), [date(2026, 4, 2)]),
        (date(2026, 3, 12), "4 calendar days", (1,), [date(2026, 3, 15)]),
        (date(2026, 3, 12), "2 working days", (2,), []),
    ],
)
def test_days_before_are_counted_as_the_period_counts_its_own(
    start: date, period: str, before: tuple[int, ...], reminded: list[date]
) -> None:
    manner = Manner(LADDER, morning=time(7), before=before)
    course = plan(at(start), Period.parse(period), "ENG", manner, at(start))
    assert of_kind(course.steps, "reminder") == [at(day, 7) for day in reminded]


@given(
    start=st.dates(date(2026, 3, 9), date(2026, 4, 10)),
    days=st.integers(1, 12),
    before=st.integers(0, 14),
)
def test_a_reminder_comes_so_many_counted_days_before_or_not_at_all(
    start: date, days: int, before: int
) -> None:
    manner = Manner(LADDER, morning=time(7), before=(before,))
    course = plan(at(start), Period(days, Unit.WORKING_DAYS), "ENG", manner, at(start))
    counted = by_hand(start, days, "ENG")
    expected = [at(counted[-1 - before], 7)] if before < days else []
    assert of_kind(course.steps, "reminder") == expected


@pytest.mark.parametrize("before", [None, (), (0,), (1,), (2,), (5, 1), (30,)])
@pytest.mark.parametrize(
    "period",
    [
        *("1 working day", "2 working days", "3 working days", "10 working days", "2 calendar days"),
        *("3 calendar days", "15 calendar days", "1 hour", "24 hours", "2 calendar months"),
    ],
)
def test_what_is_said_to_have_no_reminder_has_none(period: str, before: tuple[int, ...] | None) -> None:
    start, length = at(date(2026, 3, 9)), Period.parse(period)
    course = plan(start, length, "ENG", Manner(LADDER, morning=time(7), before=before), start)
    assert reminds(length, before) == bool(of_kind(course.steps, "reminder"))


@pytest.mark.clause("PF-4.20.3")
def test_the_ladder_begins_as_it_goes_overdue_and_climbs_two_working_days_at_a_time() -> None:
    # Due on Thursday 2 April, overdue on Good Friday; the next two working days in England are the 7th and the 8th.
    course = planned(date(2026, 3, 30), "3 calendar days")

    assert of_kind(course.steps, "overdue") == [at(date(2026, 4, 3), 7)]
    assert of_kind(course.steps, "rung") == [at(date(2026, 4, 3), 7), at(date(2026, 4, 8), 7)]
    scottish = planned(date(2026, 3, 30), "3 calendar days", "SCT")
    assert of_kind(scottish.steps, "rung")[1] == at(date(2026, 4, 7), 7)


def test_a_clock_in_hours_is_late_to_the_minute_and_says_its_own_gap() -> None:
    start = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)
    manner = Manner((("lpc",), ("cpc",)), gap=Period.parse("1 hour"))
    course = plan(start, Period.parse("1 hour"), "ENG", manner, start)

    assert course.late_from == start + timedelta(hours=1)
    assert of_kind(course.steps, "rung") == [start + timedelta(hours=1), start + timedelta(hours=2)]


@pytest.mark.clause("PF-5.13.1")
def test_a_fact_that_arrives_years_late_is_overdue_at_once_without_old_reminders_and_climbs_from_now() -> (
    None
):
    known = at(date(2026, 3, 9))  # a Monday
    course = planned(date(2021, 6, 1), "7 calendar days", known=known)

    now = owed(course.steps, 0, known)
    assert (now.remind, now.overdue, now.rungs) == (False, True, ())
    assert of_kind(course.steps, "reminder") == []
    assert of_kind(course.steps, "rung") == [at(date(2026, 3, 11), 7), at(date(2026, 3, 13), 7)]


def test_catching_up_gives_the_newest_reminder_only_and_none_once_it_is_overdue() -> None:
    course = planned(date(2026, 3, 9), "7 calendar days")

    both = owed(course.steps, 0, at(date(2026, 3, 15)))
    assert (both.remind, both.overdue, both.reached) == (True, False, 2)
    late = owed(course.steps, 0, at(date(2026, 3, 17)))
    assert (late.remind, late.overdue, len(late.rungs)) == (False, True, 1)


@given(
    looks=st.lists(st.integers(0, 60 * 24 * 30), min_size=1, max_size=40),
    period=st.sampled_from(
        ["3 calendar days", "7 calendar days", "5 working days", "1 calendar month", "2 hours"]
    ),
    rungs=st.integers(1, 4),
)
def test_each_rung_is_climbed_exactly_once_whatever_the_ticking(
    looks: list[int], period: str, rungs: int
) -> None:
    manner = Manner(tuple((f"role {n}",) for n in range(rungs)), morning=time(7))
    start = at(date(2026, 3, 9))
    course = plan(start, Period.parse(period), "ENG", manner, start)
    last = course.steps[-1].at
    moments = sorted(start + timedelta(minutes=n) for n in looks)

    reached, climbed, overdue = 0, [], 0
    for now in [*moments, max(last, moments[-1])]:
        due_now = owed(course.steps, reached, now)
        assert all(step.at <= now for step in due_now.rungs)
        assert due_now.next_at is None or due_now.next_at > now
        reached = due_now.reached
        climbed += [step.number for step in due_now.rungs]
        overdue += due_now.overdue
    assert climbed == list(range(1, rungs + 1))
    assert overdue == 1


def test_days_on_which_the_clock_stood_still_are_not_counted() -> None:
    # Paused from Wednesday to the Monday after: three working days, five calendar days.
    pause = Pause(date(2026, 3, 11), date(2026, 3, 16))
    start = at(date(2026, 3, 9))

    def resumed(period: str) -> date:
        return replan(start, Period.parse(period), "ENG", MANNER, start, [pause]).due.day

    assert resumed("5 working days") == date(2026, 3, 19)
    assert resumed("7 calendar days") == date(2026, 3, 21)
    counted = replan(start, Period.parse("5 working days"), "ENG", MANNER, start, [pause]).due.days_used
    assert counted == [date(2026, 3, day) for day in (10, 16, 17, 18, 19)]


# ---- The catalogue ----

SECTION_32 = {f"D-{n:02}" for n in range(1, 46)} - {"D-19", "D-33", "D-42"}


def test_the_catalogue_has_every_deadline_of_section_32_and_whose_every_other_is() -> None:
    """Whatever another section asks for says which (`proposed_by`)."""
    own = {code for code, one in catalogue().items() if not one.proposed_by}
    assert own == SECTION_32, "say in its row, as proposed_by, which other section asks for it"


def test_every_clock_that_runs_has_a_period_in_national_policy_or_the_end_that_its_fact_carries() -> None:
    for entry in catalogue().values():
        if entry.on and entry.starts and not (entry.starts.by or entry.starts.ahead_of):
            # Nought is the day itself, below nought the time before a release.
            assert str(entry.period(published_policy(), date(2026, 11, 21)))


@pytest.mark.clause("PI-3.1.1", "PI-3.1.2", "PI-3.2.2", "PSI-5.2.2", "PSI-5.3")
def test_the_rules_of_2009_are_off() -> None:
    assert not any(catalogue()[code].on for code in ("D-30", "D-31", "D-32", "D-34"))


@pytest.mark.parametrize(
    ("code", "ladder"),
    [
        ("D-01", [["lpc"], ["cpc"]]),
        ("D-06", [["cpc"]]),
        ("D-07", [["visor_lead"], ["governor"], ["cpc"]]),
        ("D-10", [["lpc"], ["cpc"]]),
        ("D-13", [["lpc"], ["cpc"], ["head_of_public_protection"]]),
    ],
)
def test_ladders_are_those_of_section_32(code: str, ladder: list[list[str]]) -> None:
    assert [list(rung) for rung in catalogue()[code].ladder] == ladder


ROW: dict[str, Any] = {
    "duty": "x",
    "trigger": "x",
    "reminded": ["lpc"],
    "ladder": [["cpc"]],
    "clause": "x",
    "on": True,
    "note": "x",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"ladder": []},
        {"ladder": [[]]},
        {"note": ""},
        {"periods": "5"},
        {"starts": {"event": "a.b.c", "subject": "x", "unit": "u"}},
    ],
)
def test_a_row_that_contradicts_itself_stops_the_start(wrong: dict[str, Any]) -> None:
    assert read({"D-01": ROW})
    with pytest.raises(CatalogueError):
        read({"D-01": {**ROW, **wrong}})


STARTS = {"event": "records.meeting.held", "subject": "meeting_id", "unit": "managing_unit"}
RUNS: dict[str, Any] = {
    **ROW,
    "subject": "meeting",
    "starts": STARTS,
    "meets": [{"event": "records.minutes.added", "subject": "meeting_id"}],
}


@pytest.mark.parametrize(
    ("wrong", "name", "allowed"),
    [
        ({"ladder": [["suprvisor"]]}, "suprvisor", "supervisor"),
        ({"ladder": [["lpc"], ["cpc", "governer"]]}, "governer", "governor"),
        ({"reminded": ["mapa_administrator"]}, "mapa_administrator", "mappa_administrator"),
        ({"told_by": {"linemanager": "identity.e_learning.late"}}, "linemanager", "line_manager"),
        ({"starts": {**STARTS, "unit": "managing_unt"}}, "managing_unt", "managing_unit"),
        ({"starts": {**STARTS, "subject": "meting_id"}}, "meting_id", "meeting_id"),
        ({"starts": {**STARTS, "from": "held"}}, "held", "held_on"),
        ({"starts": {**STARTS, "by": "due"}}, "due", "held_on"),
        ({"starts": {**STARTS, "when": {"levl": ["2"]}}}, "levl", "level"),
        ({"meets": [{"event": "records.minutes.added", "subject": "minutes"}]}, "minutes", "meeting_id"),
        ({"ends": [{"event": "records.meeting.hold", "subject": "meeting_id"}]}, "records.meeting.hold", ""),
    ],
)
def test_a_name_that_there_is_not_stops_the_start_and_says_which_there_are(
    wrong: dict[str, Any], name: str, allowed: str
) -> None:
    assert read({"D-11": RUNS})
    with pytest.raises(CatalogueError) as said:
        read({"D-11": {**RUNS, **wrong}})
    text = str(said.value)
    assert text.startswith("D-11: ")
    assert f"“{name}”" in text
    assert allowed in text.partition("”")[2]


def test_the_names_that_a_row_may_say_are_those_that_identity_grants() -> None:
    assert set(tokens()) == TOKENS
    assert set(roles()) == ROLES


@pytest.mark.clause("PF-4.10.2", "PF-4.14")
@pytest.mark.parametrize(
    ("category", "level", "codes"),
    [("2", 2, ["D-01"]), ("2", 3, ["D-01"]), ("2", 1, []), ("3", 2, ["D-04"]), ("1", 3, []), ("2", None, [])],
)
def test_a_referral_starts_the_clock_of_its_category_and_level(
    category: str, level: int | None, codes: list[str]
) -> None:
    data = {"referral_id": "r", "category": category, "level": level}
    started = catalogues.started_by("records.referral.registered")
    assert [entry.code for entry in started if entry.starts and entry.starts.fits(data)] == codes
