"""What differs from what records states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import services.records.capabilities  # noqa: F401 - registers what waits
from services.identity.reconciliation.occasions import occasions as of_identity
from services.notifications.deadlines.catalogue import catalogue
from services.notifications.reconciliation.rules import ON_THE_WAY, Stated, occasions_differ, standings_differ
from services.records.nominals.occasions import occasion, occasions
from shared.events.records.reconciliation import closed_digest, standing_digest
from shared.ids import new_id

AT = datetime(2026, 3, 9, 2, tzinfo=UTC)
ONE, NOBODY = standing_digest([(new_id(), "manager")]), standing_digest([])
BEN = closed_digest([new_id()])


def test_a_digest_knows_who_stands_how_and_not_in_which_order() -> None:
    ada, ben = new_id(), new_id()
    stands = [(ada, "manager"), (ben, "partner")]
    assert standing_digest(stands) == standing_digest([*reversed(stands), stands[0]])
    assert standing_digest(stands) != standing_digest([(ada, "partner"), (ben, "manager")])
    assert standing_digest([]) != standing_digest(stands)
    assert closed_digest([ada, ben]) == closed_digest([ben, ada, ben]) != closed_digest([ada])
    assert closed_digest([]) == ""


@pytest.mark.parametrize(
    ("known", "stated", "differ"),
    [
        (None, Stated(1, 1, ONE), True),
        (None, Stated(1, 0, NOBODY), False),
        (Stated(4, 1, ONE), Stated(4, 1, ONE), False),
        (
            Stated(3, 1, ONE),
            Stated(4, 1, ONE),
            False,
        ),  # another agency's change: of this one's people nothing did
        (Stated(4, 0, NOBODY), Stated(4, 1, ONE), True),
        (Stated(3, 0, NOBODY), Stated(4, 1, ONE), True),
        (Stated(5, 0, NOBODY), Stated(4, 1, ONE), False),  # newer than what was stated
        (Stated(4, 1, ONE), Stated(4, 1, ONE, limited=True), True),  # Limited Access was not told, or is over
        (Stated(4, 1, ONE, limited=True), Stated(4, 1, ONE), True),
        (Stated(4, 1, ONE, limited=True), Stated(4, 1, ONE, limited=True), False),
        (
            Stated(4, 1, ONE),
            Stated(4, 1, ONE, closed=BEN),
            True,
        ),  # a conflict of interest was not told, or is over
        (Stated(4, 1, ONE, closed=BEN), Stated(4, 1, ONE), True),
        (Stated(4, 1, ONE, closed=BEN), Stated(4, 1, ONE, closed=BEN), False),
        (
            Stated(4, 1, ONE, closed=BEN),
            Stated(4, 1, ONE, closed=None),
            False,
        ),  # an older release says nothing of it
        (Stated(5, 1, ONE), Stated(4, 1, ONE, closed=BEN), False),
        (None, Stated(1, 0, NOBODY, closed=BEN), True),
    ],
)
def test_standings_differ_by_who_stands_unless_ours_are_newer(
    known: Stated | None, stated: Stated, differ: bool
) -> None:
    assert standings_differ(known, stated) is differ


def test_what_waits_without_a_clock_is_missing_and_what_runs_for_nothing_is_stale() -> None:
    waits, lost, met, stale, fresh = (new_id() for _ in range(5))
    running = {waits: AT - timedelta(days=1), stale: AT - ON_THE_WAY, fresh: AT - timedelta(seconds=1)}
    found = occasions_differ([waits, lost, met], [waits, met], running, AT)
    assert (found.missing, found.stale) == (frozenset({lost}), frozenset({stale}))
    moved = occasions_differ([waits, lost, met], [waits, met], running, AT, [stale])
    assert (moved.missing, moved.stale) == (frozenset({lost}), frozenset())


STARTING = {one.starts.event for one in catalogue().values() if one.on and one.starts}


def test_whatever_is_stated_starts_a_deadline_by_the_subject_that_it_names() -> None:
    """Else a statement would be compared with nothing."""
    assert {one.fact for one in (*occasions(), *of_identity())} <= STARTING


def test_every_fact_of_records_that_starts_a_deadline_is_stated_at_night() -> None:
    """Else one that is lost is never told anew, and nobody is reminded."""
    stated = {one.fact for one in occasions()}
    starting = {event for event in STARTING if event.startswith("records.")}
    missing = starting - stated
    assert not missing, (
        f"register occasion(…) in the capability's keeping.py for {', '.join(sorted(missing))}"
    )


def test_every_fact_of_identity_that_starts_a_deadline_is_stated_at_night() -> None:
    """A new one gets its line in services/identity/reconciliation/occasions.py."""
    assert {one.fact for one in of_identity()} == {one for one in STARTING if one.startswith("identity.")}


def test_a_fact_starts_only_what_comes_round_again_or_only_what_does_not() -> None:
    """A statement names subjects of one sort: of what comes round again those of its first round."""
    for fact in STARTING:
        assert (
            len({one.again for one in catalogue().values() if one.starts and one.starts.event == fact}) == 1
        )


def test_a_fact_has_one_occasion() -> None:
    with pytest.raises(ValueError, match=r"records\.meeting\.held"):
        occasion("records.meeting.held", None, None)
