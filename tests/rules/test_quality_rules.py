"""How samples are drawn, what checks say, and who may sign."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from services.records.quality import rules
from services.records.quality.rules import Held, Known
from shared.events.records.quality import dataset_round
from shared.ids import derived_id

IDS = [UUID(int=number * 7919) for number in range(1, 61)]
TODAY = date(2026, 4, 1)


@pytest.mark.clause("PF-5.10.9", "PF-4.16e.1")
def test_postgresql_draws_the_same_sample_from_the_seed(fresh_database: Callable[..., str]) -> None:
    """Another program, in another language, that knows the rule in words alone."""
    draw = text(
        "SELECT id FROM unnest(CAST(:ids AS uuid[])) AS given (id)"
        " ORDER BY sha256(convert_to(:seed || ':' || id::text, 'UTF8')) LIMIT :size"
    )
    engine = create_engine(fresh_database("sampling"))
    with engine.connect() as connection:
        for seed in (0, 1, 2**62 - 1, 20_260_401):
            values = {"ids": IDS, "seed": str(seed), "size": 9}
            assert list(connection.execute(draw, values).scalars()) == rules.sample(IDS, seed, 9)
    engine.dispose()


@given(st.integers(0, 2**62), st.integers(1, 80), st.randoms())
def test_a_sample_depends_on_seed_and_records_alone(seed: int, size: int, random: object) -> None:
    mixed = list(IDS)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    drawn = rules.sample(mixed, seed, size)
    assert drawn == rules.sample(IDS, seed, size)
    assert len(set(drawn)) == min(size, len(IDS))
    keys = [hashlib.sha256(f"{seed}:{one}".encode()).hexdigest() for one in drawn]
    assert keys == sorted(keys)


def test_each_record_is_drawn_about_as_often_as_the_others() -> None:
    counts = dict.fromkeys(IDS, 0)
    for seed in range(2_000):
        for one in rules.sample(IDS, seed, 6):
            counts[one] += 1
    assert 140 < min(counts.values()) <= max(counts.values()) < 260  # 200 each, on average


@pytest.mark.clause("PF-5.10.9")
@pytest.mark.parametrize(
    ("checked", "size"), [(1, 1), (2, 2), (3, 3), (4, 3), (30, 3), (31, 4), (40, 4), (41, 5), (100, 10)]
)
def test_a_tenth_and_three_at_least(checked: int, size: int) -> None:
    assert rules.recheck_size(checked, 10, 3) == size


@pytest.mark.clause("PF-5.9.2.1")
@pytest.mark.parametrize(("days", "verdict"), [(None, "missing"), (0, "ok"), (90, "ok"), (91, "stale")])
def test_what_the_register_would_say(days: int | None, verdict: str) -> None:
    held = Held(None if days is None else TODAY - timedelta(days=days))
    assert rules.suggested(held, TODAY, timedelta(days=90)) == verdict


@pytest.mark.parametrize(("days", "verdict"), [(None, "ok"), (90, "ok"), (91, "stale")])
def test_rows_of_the_register_answer_for_their_folder(days: int | None, verdict: str) -> None:
    held = Held(None if days is None else TODAY - timedelta(days=days), own=True)
    assert rules.suggested(held, TODAY, timedelta(days=90)) == verdict


def test_days_at_their_edges() -> None:
    before, after = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert [set(rules.wrong_due(day, TODAY)) for day in (None, TODAY, before)] == [set(), set(), {"due_on"}]
    assert rules.wrong_days(TODAY, TODAY, TODAY) == rules.wrong_days(None, None, TODAY) == {}
    assert set(rules.wrong_days(before, after, TODAY)) == {"supervision_on", "oasys"}


def test_every_question_is_answered_and_nothing_else_is() -> None:
    asked = ["a", "b"]
    assert rules.wrong_answers({"a": "ok", "b": "stale"}, asked) == {}
    for answers in ({"a": "ok"}, {}, {"a": "ok", "b": "yes"}, {"a": "ok", "b": "ok", "c": "ok"}):
        assert set(rules.wrong_answers(answers, asked)) == {"answers"}


@pytest.mark.clause("PF-5.10.9")
def test_what_differs_is_counted_question_by_question() -> None:
    theirs = {"a": "ok", "b": "ok", "c": "missing"}
    assert rules.differences(theirs, dict(theirs)) == 0
    assert rules.differences(theirs, {"a": "stale", "b": "ok", "c": "ok"}) == 2


@pytest.mark.clause("PF-0.9.1")
def test_nobody_signs_their_own_and_a_leads_only_after_a_sample() -> None:
    def why(
        state: str = "submitted", *, own: bool = False, kind: str = "audit", rechecked: bool = False
    ) -> object:
        return rules.may_sign(state, own=own, kind=kind, rechecked=rechecked)

    assert why() is None
    assert why(own=True) == "R23"
    assert [why(state) for state in ("assigned", "returned", "signed")] == ["R34"] * 3
    assert why(kind="lead_check") == "recheck"
    assert why(kind="lead_check", rechecked=True) is None


@pytest.mark.clause("PF-5.10.9")
def test_what_was_handed_in_again_was_not_looked_at() -> None:
    assert rules.looks_at(1, 1)
    assert not rules.looks_at(1, 2)


@pytest.mark.clause("PF-5.10.9")
def test_only_anothers_check_that_was_handed_in_is_looked_at_again() -> None:
    assert rules.may_recheck("submitted", own=False, kind="lead_check") is None
    assert rules.may_recheck("submitted", own=True, kind="lead_check") == "R23"
    assert [
        rules.may_recheck(state, own=False, kind="lead_check") for state in ("assigned", "returned", "signed")
    ] == ["R34"] * 3
    assert [rules.may_recheck("submitted", own=False, kind=kind) for kind in ("audit", "recheck")] == [
        "R34"
    ] * 2


@pytest.mark.clause("PF-7/QA checks.2")
def test_the_four_items_are_compared() -> None:
    mine = Known("high", "12 Elm Row, Leeds LS1 4AP", 2, date(2026, 3, 20))
    assert set(rules.compared(mine, mine).values()) == {"same"}
    assert rules.compared(mine, Known("high", "ls1 4ap", 2, date(2026, 3, 20)))["address"] == "same"
    assert rules.compared(mine, Known("high", "4AP", 2, date(2026, 3, 20)))["address"] == "differs"
    other = Known("very_high", "9 Oak Way, Leeds LS2 8AA", 3, date(2026, 3, 30))
    assert set(rules.compared(mine, other).values()) == {"differs"}
    empty = Known(None, None, None, None)
    assert set(rules.compared(empty, other).values()) == {"not_on_record"}
    assert set(rules.compared(mine, empty).values()) == {"differs"}
    assert set(rules.compared(empty, empty).values()) == {"same"}


@pytest.mark.clause("PF-0.8")
def test_the_round_is_the_one_that_notifications_runs_by_the_calendar() -> None:
    assert dataset_round("area-53") == derived_id("calendar", "D-27", "area-53")
