"""What counts as training, who may be booked, and what follows from a result."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.identity.staffing.rules import PRISON, PROBATION, Target, shortfall, state, wrong_target
from services.identity.training.choices import told_apart
from services.identity.training.rules import (
    Approval,
    Listed,
    approval_on,
    not_yet,
    owes_e_learning,
    wrong_approval,
    wrong_award,
    wrong_completion,
    wrong_listing,
    wrong_result,
    wrong_session,
)

DAY = date(2026, 3, 2)
ONE = timedelta(days=1)
STANDS = Approval("NVTWG-1", DAY)
ENDED = Approval("NVTWG-0", DAY - 10 * ONE, DAY - ONE)
LISTED = Listed(DAY, DAY + 10 * ONE)


@pytest.mark.clause("PF-6.2.2")
@pytest.mark.parametrize(
    ("day", "reference"),
    [
        (DAY - 11 * ONE, None),
        (DAY - 10 * ONE, "NVTWG-0"),
        (DAY - ONE, "NVTWG-0"),
        (DAY, "NVTWG-1"),
        (DAY + 9999 * ONE, "NVTWG-1"),
    ],
)
def test_a_course_counts_under_the_approval_of_its_day(day: date, reference: str | None) -> None:
    assert approval_on([STANDS, ENDED], day) == reference


@pytest.mark.clause("PF-6.2.2")
def test_one_day_has_one_approval() -> None:
    assert wrong_approval(Approval("X", DAY - 12 * ONE, DAY - 11 * ONE), [STANDS, ENDED]) == {}
    assert wrong_approval(Approval("X", DAY - 12 * ONE, DAY - 10 * ONE), [STANDS, ENDED])
    assert wrong_approval(Approval("X", DAY - 12 * ONE), [ENDED])
    assert wrong_approval(Approval("X", DAY + 99 * ONE, DAY + 100 * ONE), [STANDS])
    assert set(wrong_approval(Approval("X", DAY, DAY - ONE), [])) == {"last_day"}


@pytest.mark.clause("PF-6.2.3")
def test_a_trainer_counts_from_the_first_to_the_last_day_on_the_list() -> None:
    assert [LISTED.holds(DAY + number * ONE) for number in (-1, 0, 10, 11)] == [False, True, True, False]
    removed = Listed(DAY, DAY + 10 * ONE, removed_on=DAY + ONE)
    assert [removed.holds(DAY), removed.holds(DAY + ONE)] == [True, False]


@pytest.mark.clause("PF-4.5.1")
def test_nobody_is_on_the_list_before_train_the_trainer() -> None:
    assert wrong_listing(DAY, LISTED, DAY) == {}
    assert set(wrong_listing(DAY + ONE, LISTED, DAY)) == {"trained_on", "first_day"}
    assert set(wrong_listing(DAY, Listed(DAY, DAY - ONE), DAY)) == {"last_day"}


@pytest.mark.clause("PF-6.2.2", "PF-6.2.3")
def test_a_session_needs_an_approved_course_and_a_listed_trainer_on_each_of_its_days() -> None:
    assert wrong_session(DAY, DAY + ONE, DAY, LISTED, [STANDS]) == {}
    assert set(wrong_session(DAY, DAY + 11 * ONE, DAY, LISTED, [STANDS])) == {"trainer_id"}
    assert set(wrong_session(DAY, DAY, DAY, LISTED, [ENDED])) == {"course_id"}
    assert set(wrong_session(DAY, DAY - ONE, DAY, LISTED, [STANDS])) == {"ends_on"}
    assert set(wrong_session(DAY, DAY, DAY + ONE, LISTED, [STANDS])) == {"starts_on"}
    off_in_the_middle = Listed(DAY, DAY + 10 * ONE, removed_on=DAY + ONE)
    assert set(wrong_session(DAY, DAY + 2 * ONE, DAY, off_in_the_middle, [STANDS])) == {"trainer_id"}
    on_from_the_second_day = Listed(DAY + ONE, DAY + 10 * ONE)
    assert set(wrong_session(DAY, DAY + 2 * ONE, DAY, on_from_the_second_day, [STANDS])) == {"trainer_id"}


@pytest.mark.clause("PF-4.3.3", "PF-6.3")
def test_vetting_comes_first_then_syops_then_training() -> None:
    assert not_yet(vetted=False, syops_signed=False) == "vetting is cleared"
    assert not_yet(vetted=False, syops_signed=True) == "vetting is cleared"
    assert not_yet(vetted=True, syops_signed=False) == "SyOPs is signed"
    assert not_yet(vetted=True, syops_signed=True) is None


@pytest.mark.clause("PF-6.2.1")
def test_a_result_comes_after_the_session_and_with_its_score() -> None:
    assert wrong_result("passed", 80, DAY, DAY) == {}
    assert wrong_result("failed", 0, DAY, DAY) == {}
    assert wrong_result("absent", None, DAY, DAY) == {}
    assert set(wrong_result("passed", None, DAY, DAY)) == {"score"}
    assert set(wrong_result("absent", 10, DAY, DAY)) == {"score"}
    assert set(wrong_result("passed", 80, DAY + ONE, DAY)) == {"outcome"}


@pytest.mark.clause("PF-4.6")
def test_an_earlier_college_course_counts_if_it_was_approved_then() -> None:
    assert wrong_award(DAY, "NVTWG-1", DAY) == {}
    assert set(wrong_award(DAY, None, DAY)) == {"course_id"}
    assert set(wrong_award(DAY + ONE, "NVTWG-1", DAY)) == {"awarded_on"}


@pytest.mark.clause("PF-4.7.1", "PF-4.7.2")
@pytest.mark.parametrize(
    ("agency_kind", "course_kind", "before", "owes"),
    [
        ("probation", "user", False, True),
        ("probation", "user", True, False),
        ("probation", "cpc", False, False),
        ("police", "user", False, False),
        ("prison", "user", False, False),
        ("national", "user", False, False),
    ],
)
def test_only_probation_owes_the_e_learning(
    agency_kind: str, course_kind: str, before: bool, owes: bool
) -> None:
    assert owes_e_learning(agency_kind, course_kind, owed_before=before) is owes


@pytest.mark.clause("PF-4.7.1")
def test_the_e_learning_follows_the_training() -> None:
    assert wrong_completion(DAY, DAY, DAY) == {}
    assert wrong_completion(DAY - ONE, DAY, DAY)
    assert wrong_completion(DAY + ONE, DAY, DAY)


@pytest.mark.clause("PF-7/Sufficient numbers.1")
def test_ideally_everybody_in_the_listed_posts_uses_visor() -> None:
    target = Target({"probation_officer": 20, "case_administrator": 5})
    assert (target.ideal, target.needed) == (25, 25)
    assert {"probation_officer", "case_administrator", "senior_probation_officer"} <= set(PROBATION)


@pytest.mark.clause("PF-7/sufficient numbers of Prison staff")
def test_a_prisons_posts_are_those_of_the_omu_and_security() -> None:
    assert set(PRISON) == {
        "homd",
        "homs",
        "prison_offender_manager",
        "prison_case_administrator",
        "security_staff",
    }


@pytest.mark.clause("PF-7/Sufficient numbers.2")
def test_a_lower_number_is_agreed_only_where_something_keeps_people_from_it() -> None:
    posts = {"homd": 1, "security_staff": 9}
    assert wrong_target(posts, None, None) == {}
    assert wrong_target(posts, 4, "No LAN in one building") == {}
    assert set(wrong_target(posts, 4, None)) == {"factor"}
    assert set(wrong_target(posts, None, "No LAN")) == {"agreed"}
    assert set(wrong_target(posts, 10, "No LAN")) == {"agreed"}
    assert Target(posts, 4).needed == 4


@pytest.mark.clause("PF-4.2", "PF-5.3")
def test_what_is_missing() -> None:
    assert [shortfall(10, 7), shortfall(10, 12), shortfall(None, 3)] == [3, 0, None]
    assert [state(10, 7), state(10, 10), state(None, 10), state(0, 0)] == [
        "Short",
        "Sufficient",
        "No target",
        "Sufficient",
    ]


def test_a_region_and_a_prison_group_of_one_name_are_told_apart() -> None:
    units = [("region-N53", "East Midlands", "region"), ("group-EM", "East Midlands", "prison_group")]
    assert told_apart([*units, ("region-N55", "Yorkshire", "region")]) == [
        ("region-N53", "East Midlands (probation region)"),
        ("group-EM", "East Midlands (prison group)"),
        ("region-N55", "Yorkshire"),
    ]
