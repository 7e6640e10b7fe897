"""National policy values: which stands when, and how two people change one."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest

from services.notifications.deadlines.catalogue import catalogue
from shared.policy import (
    Change,
    Entry,
    NotInForce,
    UnknownPolicy,
    confirm,
    propose,
    published_entries,
    published_policy,
)
from shared.policy.kinds import in_words, typed
from shared.policy.published import read
from shared.policy.rules import why_not_change
from shared.policy.values import PolicyValue
from shared.refusals import Invalid, Refusal
from shared.time.periods import Period, Unit

TODAY = date(2026, 11, 21)
BEFORE_THE_FRAMEWORK = date(2012, 1, 1)
ANNE, BASIL = UUID(int=1), UUID(int=2)
POLICY = published_policy()


def change(
    key: str = "deadline.D-35",
    value: PolicyValue = "14 calendar days",
    in_force_from: date = TODAY,
    in_force_to: date | None = None,
    source: str = "National user group of October 2026, item 4",
) -> Change:
    return Change(key, value, in_force_from, source, ANNE, in_force_to)


def refused_fields(of: Change) -> set[str]:
    with pytest.raises(Invalid) as caught:
        propose(POLICY, of, TODAY)
    return set(caught.value.errors)


def test_every_conflict_of_sources_is_settled_by_a_value_that_stands() -> None:
    settled = {
        subject.conflict for subject in POLICY.subjects.values() if POLICY.is_in_force(subject.key, TODAY)
    }
    assert settled - {None} == {f"C-{number:02}" for number in range(1, 35)}


def test_every_value_says_what_it_decides_and_where_it_comes_from() -> None:
    assert all(len(subject.text) > 10 for subject in POLICY.subjects.values())
    assert all(entry.source for entry in published_entries())


def test_every_deadline_with_a_period_has_one() -> None:
    expected = {f"D-{number:02}" for number in range(1, 46)} - {
        *("D-19", "D-33", "D-42"),  # never used
        *("D-15", "D-24", "D-25", "D-26", "D-40", "D-41"),  # by a date or an event, without a period
    }
    # What another section proposes has one, unless the fact that starts it says by when.
    proposed = {code: one.starts for code, one in catalogue().items() if one.proposed_by}
    expected |= {code for code, starts in proposed.items() if not (starts and (starts.by or starts.ahead_of))}
    keys = (re.match(r"deadline\.(D-\d\d)", key) for key in POLICY.subjects)
    assert {found[1] for found in keys if found} == expected


def test_every_period_of_a_deadline_can_be_counted() -> None:
    for entry in published_entries():
        if entry.key.startswith("deadline."):
            assert str(Period.parse(str(entry.value))) == entry.value


@pytest.mark.clause("PI-3.9.1")
def test_the_vetting_scheme_is_one_or_the_other_never_both() -> None:
    assert POLICY.text("vetting.scheme", TODAY) == "nppv2023"
    assert POLICY.text("vetting.scheme", BEFORE_THE_FRAMEWORK) == "legacy2009"
    assert POLICY.text("vetting.scheme", date(2023, 1, 15)) == "legacy2009"
    assert POLICY.text("vetting.scheme", date(2023, 1, 16)) == "nppv2023"


@pytest.mark.clause("PI-3.5.1")
def test_probation_is_partner_to_category_1_level_1_only_under_the_framework() -> None:
    assert POLICY.flag("cat1_level1_probation_partner", TODAY) is True
    assert POLICY.flag("cat1_level1_probation_partner", BEFORE_THE_FRAMEWORK) is False


@pytest.mark.clause("PF-7/Central Support Token.2")
def test_central_support_has_four_standing_tasks() -> None:
    assert POLICY.texts("central_support.tasks", TODAY) == [
        "archive_account",
        "request_and_agree_transfer",
        "bulk_partner",
        "log_on_audit",
    ]
    assert POLICY.texts("central_support.never", TODAY) == ["approve_terminal"]


def test_deadlines_count_the_days_their_source_names() -> None:
    assert POLICY.period("deadline.D-01", TODAY) == Period(5, Unit.CALENDAR_DAYS)
    assert POLICY.period("deadline.D-04", TODAY) == Period(3, Unit.WORKING_DAYS)
    assert POLICY.period("deadline.D-07", TODAY) == Period(7, Unit.CALENDAR_DAYS)
    assert POLICY.period("deadline.D-10", TODAY) == Period(5, Unit.WORKING_DAYS)
    assert POLICY.numbers("vetting.expiry.reminders", TODAY) == [90, 60, 30, 7]


def test_the_older_deadlines_are_off_and_can_be_chosen_for_a_test() -> None:
    assert not POLICY.is_in_force("deadline.D-30", TODAY)
    with pytest.raises(NotInForce, match=r"deadline\.D-30"):
        POLICY.value("deadline.D-30", TODAY)
    switched_on = POLICY.with_entries(
        [Entry("deadline.D-30", "-6 calendar months", TODAY, None, "rehearsal")]
    )
    assert switched_on.period("deadline.D-30", TODAY) == Period(-6, Unit.CALENDAR_MONTHS)
    assert not POLICY.is_in_force("deadline.D-30", TODAY)


def test_an_unknown_key_is_an_error_and_not_a_default() -> None:
    with pytest.raises(UnknownPolicy):
        POLICY.value("vetting.shceme", TODAY)


def test_a_value_of_another_kind_is_not_read_as_the_one_wanted() -> None:
    with pytest.raises(TypeError, match="not a whole number"):
        POLICY.number("deletion.second_approver", TODAY)
    with pytest.raises(TypeError, match="not yes or no"):
        POLICY.flag("lead_checks.sample_fewest", TODAY)
    with pytest.raises(TypeError, match="not text"):
        POLICY.period("lead_checks.sample_fewest", TODAY)


@pytest.mark.parametrize(
    "values",
    [
        [
            {"value": 1, "from": date(2020, 1, 1), "source": "a"},
            {"value": 2, "from": date(2021, 1, 1), "source": "b"},
        ],
        [{"value": 1, "from": date(2020, 1, 1), "to": date(2019, 1, 1), "source": "a"}],
    ],
    ids=["two stand on one day", "ends before it begins"],
)
def test_a_file_that_contradicts_itself_is_refused(values: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=r"two values stand on 2021-01-01|ends before it begins"):
        read({"some.key": {"subject": "what it decides", "values": values}})


def test_two_people_change_a_value_from_a_day_on() -> None:
    monday = date(2026, 11, 23)
    entry = confirm(POLICY, change(in_force_from=monday), BASIL, TODAY)
    changed = POLICY.with_entries([entry])
    assert changed.period("deadline.D-35", TODAY) == Period(28, Unit.CALENDAR_DAYS)
    assert changed.period("deadline.D-35", monday) == Period(14, Unit.CALENDAR_DAYS)
    assert changed.entry("deadline.D-35", monday).source == "National user group of October 2026, item 4"


def test_nobody_approves_their_own_change() -> None:
    with pytest.raises(Refusal) as caught:
        confirm(POLICY, change(), ANNE, TODAY)
    assert caught.value.code == "R23"
    assert "policy change" in caught.value.message


def test_a_change_that_has_gone_stale_is_not_approved() -> None:
    with pytest.raises(Invalid) as caught:
        confirm(POLICY, change(in_force_from=TODAY), BASIL, date(2026, 11, 22))
    assert set(caught.value.errors) == {"in_force_from"}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (change(key="documents.resign"), {"key"}),
        (change(value=14), {"value"}),
        (change(value="a fortnight"), {"value"}),
        (change(value="28 calendar days"), {"value"}),
        (change(key="deletion.second_approver", value=1), {"value"}),
        (change(key="lead_checks.sample_fewest", value=-1), {"value"}),
        (change(key="vetting.expiry.reminders", value=["90", "30"]), {"value"}),
        (change(in_force_from=date(2026, 11, 20)), {"in_force_from"}),
        (change(source="   because   "), {"source"}),
        (change(value=14, source="", in_force_from=date(2020, 1, 1)), {"value", "source", "in_force_from"}),
        (change(in_force_to=date(2026, 11, 20)), {"in_force_to"}),
        (change(key="session.timeout", value="1 hour"), {"value"}),
        (change(key="session.timeout", value="0 minutes"), {"value"}),
        (change(key="deadline.D-10", value="-1 calendar months"), {"value"}),
        (change(key="deadlines.overdue_at", value="25:00"), {"value"}),
        (change(key="vetting.scheme", value="nppv2030"), {"value"}),
        (change(key="partnership.added_by", value=["manager", "anybody"]), {"value"}),
        (change(key="partnership.added_by", value=["manager", "manager"]), {"value"}),
        (change(key="labels.probation", value=""), {"value"}),
    ],
)
def test_a_change_that_cannot_stand_is_told_field_by_field(wrong: Change, fields: set[str]) -> None:
    assert refused_fields(wrong) == fields


@pytest.mark.parametrize(
    "good",
    [
        change(),
        change(in_force_to=TODAY),
        change(key="deadline.D-10", value="7 calendar days"),
        change(key="deadline.D-13", value="30 minutes"),
        change(key="deletion.second_approver", value=False),
        change(key="vetting.scheme", value="legacy2009"),
        change(key="partnership.added_by", value=["manager"]),
        change(key="labels.probation", value="HM Prison and Probation Service"),
        change(key="deadlines.overdue_at", value="23:59"),
    ],
    ids=lambda good: good.key,
)
def test_a_good_change_can_be_put_to_a_second_person(good: Change) -> None:
    assert propose(POLICY, good, TODAY) == good


def test_after_the_last_day_of_a_change_the_value_before_it_stands_again() -> None:
    entry = confirm(POLICY, change(in_force_to=date(2026, 11, 23)), BASIL, TODAY)
    changed = POLICY.with_entries([entry])
    assert changed.text("deadline.D-35", date(2026, 11, 23)) == "14 calendar days"
    assert changed.text("deadline.D-35", date(2026, 11, 24)) == "28 calendar days"


def test_every_value_of_the_file_is_of_its_own_kind_and_can_be_typed() -> None:
    for key, entries in POLICY.entries.items():
        of = typed(POLICY, key)
        for entry in entries:
            assert of.parse(in_words(entry.value)) == entry.value, key
            assert not in_words(entry.value).startswith("-"), key
            assert of.wrong(entry.value) is None, key


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("deletion.second_approver", " Yes", True),
        ("lead_checks.sample_fewest", "4", 4),
        ("vetting.expiry.reminders", "90,30 , 7", [90, 30, 7]),
        ("deadline.D-10", "6  working days ", "6 working days"),
        ("deadline.D-02", "8 calendar months before", "-8 calendar months"),
        ("deadline.D-02", "-8 calendar months", "-8 calendar months"),
    ],
)
def test_what_is_typed_is_read_by_its_kind(key: str, text: str, value: PolicyValue) -> None:
    assert typed(POLICY, key).parse(text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("deletion.second_approver", "perhaps"),
        ("lead_checks.sample_fewest", "four"),
        ("lead_checks.sample_fewest", "9999999999"),
        ("vetting.expiry.reminders", "90 30"),
    ],
)
def test_what_is_typed_and_is_no_such_value_is_said_so(key: str, text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        typed(POLICY, key).parse(text)


@pytest.mark.clause("PI-REIA.4")
def test_policy_is_changed_nationally_or_not_at_all() -> None:
    assert why_not_change(administrator=True, responsible_officer=False) is None
    assert why_not_change(administrator=False, responsible_officer=True) is None
    refused = why_not_change(administrator=False, responsible_officer=False)
    assert refused is not None
    assert refused.code == "R32"
