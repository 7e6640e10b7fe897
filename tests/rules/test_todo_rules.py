"""How near an item is to its due date, in words, and who gets it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.delivery.rules import CAPACITIES, PERSONAL, Named, recipients
from services.notifications.todo.rules import SOON_DAYS, age, due_state, is_still_theirs, note_problem
from shared.time.words import lasting

DUE = date(2026, 7, 10)  # in summer: London's morning is an hour before UTC's
LATE_FROM = datetime(2026, 7, 11, 6, tzinfo=UTC)


@pytest.mark.clause("PF-4.29.3")
@pytest.mark.parametrize(
    ("now", "code", "words"),
    [
        (datetime(2026, 6, 1, 9, tzinfo=UTC), "planned", "Due in 39 days"),
        (datetime(2026, 7, 2, 9, tzinfo=UTC), "planned", "Due in 8 days"),
        (datetime(2026, 7, 3, 9, tzinfo=UTC), "soon", "Due in 7 days"),
        (datetime(2026, 7, 8, 22, 59, tzinfo=UTC), "soon", "Due in 2 days"),
        # A minute later it is the next day in London.
        (datetime(2026, 7, 8, 23, 0, tzinfo=UTC), "soon", "Due tomorrow"),
        (datetime(2026, 7, 10, 22, 59, tzinfo=UTC), "today", "Due today"),
        (datetime(2026, 7, 11, 5, 59, tzinfo=UTC), "today", "Due yesterday"),
        (datetime(2026, 7, 11, 6, 0, tzinfo=UTC), "overdue", "Overdue by 1 day"),
        (datetime(2026, 7, 20, 9, tzinfo=UTC), "overdue", "Overdue by 10 days"),
    ],
)
def test_the_state_of_a_due_date_is_said_in_words(now: datetime, code: str, words: str) -> None:
    state = due_state(DUE, LATE_FROM, now)
    assert (state.code, state.words) == (code, words)


@pytest.mark.clause("PF-4.30.2")
def test_a_clock_in_hours_is_overdue_on_its_own_day() -> None:
    at = datetime(2026, 7, 10, 12, tzinfo=UTC)
    assert due_state(DUE, at, at).words == "Overdue since today"
    assert due_state(DUE, at, at - timedelta(seconds=1)).words == "Due today"


def test_without_a_due_date_nothing_is_ever_overdue() -> None:
    assert due_state(None, None, datetime(2100, 1, 1, tzinfo=UTC)).code == "none"


@given(st.integers(-40, 40), st.integers(0, 23))
def test_the_code_and_the_words_agree(days: int, hour: int) -> None:
    now = datetime(2026, 7, 10, hour, tzinfo=UTC) + timedelta(days=days)
    state = due_state(DUE, LATE_FROM, now)
    assert state.words.startswith("Overdue") == (state.code == "overdue") == (now >= LATE_FROM)
    if state.code in {"soon", "planned"}:
        left = (DUE - (now + timedelta(hours=1)).date()).days  # London in July
        assert left > 0
        assert (state.code == "soon") == (left <= SOON_DAYS)


@pytest.mark.clause("PF-4.29.3")
@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (datetime(2026, 7, 10, 8, tzinfo=UTC), "Today"),
        (datetime(2026, 7, 9, 23, 30, tzinfo=UTC), "Today"),
        (datetime(2026, 7, 9, 12, tzinfo=UTC), "Yesterday"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "9 days ago"),
    ],
)
def test_the_age_of_an_item_is_counted_in_london_days(raised: datetime, words: str) -> None:
    assert age(raised, datetime(2026, 7, 10, 12, tzinfo=UTC)) == words


@pytest.mark.clause("PF-4.30.1")
@pytest.mark.parametrize(
    ("outcome", "note", "wrong"),
    [
        ("actioned", "", False),
        ("no_action", "", True),
        ("no_action", " \n", True),
        ("no_action", "Moved", False),
    ],
)
def test_leaving_something_undone_needs_a_reason(outcome: str, note: str, wrong: bool) -> None:
    assert bool(note_problem(outcome, note)) is wrong


# ---- Who gets it ----

ADA, BEN, CAT, DAN = (UUID(int=number) for number in range(1, 5))
MANAGER = ("manager", "pdu-N55LEE")


def told(
    named: list[Named], there: set[UUID], holders: dict[tuple[str, str], list[UUID]]
) -> tuple[list[UUID], bool]:
    found = recipients(named, there.__contains__, lambda role, unit: holders.get((role, unit), []))
    return [one.person_id for one in found.people], bool(found.vacant)


def test_those_named_and_there_get_it_and_nobody_is_looked_up() -> None:
    named = [Named(ADA, *MANAGER), Named(BEN, "supervisor", "pdu-N55LEE")]
    found = recipients(named, {ADA, BEN}.__contains__, lambda role, unit: 1 / 0)  # type: ignore[arg-type, return-value]
    assert [one.person_id for one in found.people] == [ADA, BEN]


@pytest.mark.parametrize(
    ("named", "there", "holding", "people", "vacant"),
    [
        ([ADA], set(), [BEN, CAT], [BEN], False),
        ([ADA], set(), [], [], True),
        ([None], set(), [BEN], [BEN], False),
        ([None], set(), [], [], True),
        ([ADA, BEN], {BEN}, [BEN], [BEN], False),
        ([ADA, BEN], {BEN}, [BEN, CAT], [BEN, CAT], False),
        ([ADA, DAN], set(), [BEN, CAT], [BEN, CAT], False),
        ([ADA, DAN], set(), [BEN], [BEN], False),
        ([ADA, ADA], {ADA}, [], [ADA], False),
    ],
)
def test_whoever_is_away_is_replaced_by_the_next_holder(
    named: list[UUID | None], there: set[UUID], holding: list[UUID], people: list[UUID], vacant: bool
) -> None:
    asked = [Named(one, *MANAGER) for one in named]
    assert told(asked, there, {MANAGER: holding}) == (people, vacant)


def test_who_stands_in_knows_for_whom() -> None:
    """For nobody where the place is vacant; and whoever was named themselves stands in for nobody."""
    named = [Named(ADA, *MANAGER), Named(None, *MANAGER), Named(DAN, *MANAGER)]
    found = recipients(named, {DAN}.__contains__, lambda _role, _unit: [BEN, CAT])
    assert {one.person_id: one.stands_in_for for one in found.people} == {DAN: None, BEN: ADA, CAT: None}


@pytest.mark.clause("PF-4.38.3")
@pytest.mark.parametrize("role", sorted(CAPACITIES))
@pytest.mark.parametrize("another_has_it", [False, True])
@pytest.mark.parametrize("holds_it", [False, True])
def test_who_comes_back_has_what_is_theirs_still(role: str, another_has_it: bool, holds_it: bool) -> None:
    """A part of one record is theirs until records tells of another; all else goes with the role."""
    of_record = role in ("manager", "supervisor", "partner")
    expected = not another_has_it if of_record else holds_it
    assert is_still_theirs(role, another_has_it=another_has_it, holds_it=holds_it) is expected


@pytest.mark.parametrize("capacity", sorted(PERSONAL))
def test_what_belongs_to_a_person_passes_to_nobody(capacity: str) -> None:
    unit = "pdu-N55LEE"
    assert told([Named(ADA, capacity, unit)], set(), {(capacity, unit): [BEN]}) == ([], False)


@given(
    named=st.lists(
        st.tuples(st.sampled_from([ADA, BEN, CAT, DAN, None]), st.sampled_from(["manager", "lpc"]))
    ),
    there=st.sets(st.sampled_from([ADA, BEN, CAT, DAN])),
    holding=st.lists(st.sampled_from([ADA, BEN, CAT, DAN]), unique=True),
)
def test_nobody_who_is_away_is_told_and_nobody_twice(
    named: list[tuple[UUID | None, str]], there: set[UUID], holding: list[UUID]
) -> None:
    asked = [Named(one, role, "pdu-N55LEE") for one, role in named]
    found = recipients(
        asked, there.__contains__, lambda _role, _unit: [one for one in holding if one in there]
    )
    people = [one.person_id for one in found.people]
    assert len(people) == len(set(people))
    assert set(people) <= there
    assert {one for one, _ in named if one in there} <= set(people)
    if found.vacant:
        assert not set(holding) & there


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1.9, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (93_600, "26 hours"),
        (172_800, "2 days"),
    ],
)
def test_how_long_something_lasts_is_said_in_the_largest_unit_of_which_it_has_two(
    seconds: float, words: str
) -> None:
    assert lasting(seconds) == words
