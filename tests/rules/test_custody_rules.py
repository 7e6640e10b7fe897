"""What a prison's message says, and whether it can be taken."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.custody.rules import (
    Before,
    SetAside,
    Told,
    counts_as_reception,
    is_transfer,
    read,
    storable,
    text_of,
    wrong_moment,
)

SAMPLES = Path(__file__).parents[1] / "journeys" / "samples"
NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def sample(name: str, **changes: Any) -> dict[str, Any]:
    inner: dict[str, Any] = json.loads(json.loads((SAMPLES / name).read_text())["Message"])
    return inner | changes


@pytest.mark.clause("PF-5.13.1")
def test_the_sample_of_a_reception() -> None:
    told = read(sample("prisoner-received.json"), NOW)
    assert isinstance(told, Told)
    assert (told.kind, told.noms, told.prison, told.reason) == (
        "received",
        "A0002AA",
        "prison-WSI",
        "ADMISSION",
    )
    assert told.at == datetime(2022, 5, 4, 7, 9, 36, 649098, tzinfo=UTC)


def test_the_sample_of_a_release() -> None:
    told = read(sample("prisoner-released.json"), NOW)
    assert isinstance(told, Told)
    assert (told.kind, told.reason_code) == ("released", "NCS")


def test_the_same_moment_in_another_zone_is_the_same_fact() -> None:
    zones = (
        "2022-05-04T08:09:36.649098+01:00",
        "2022-05-04T07:09:36.649098Z",
        "2022-05-04T07:09:36.6490987654Z",
    )
    told = [read(sample("prisoner-received.json", occurredAt=at), NOW) for at in zones]
    assert len({one.fact for one in told if isinstance(one, Told)}) == 1
    assert all(isinstance(one, Told) for one in told)


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (NOW + timedelta(minutes=5), True),
        (NOW + timedelta(minutes=5, seconds=1), False),
        (datetime(1900, 1, 1, tzinfo=UTC), True),
        (datetime(1899, 12, 31, 23, 59, tzinfo=UTC), False),
    ],
)
def test_a_message_from_tomorrow_or_from_before_anybody_was_born(at: datetime, taken: bool) -> None:
    told = read(sample("prisoner-received.json", occurredAt=at.isoformat()), NOW)
    assert isinstance(told, Told) is taken


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\ud800", "\x00"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(["eventType", "additionalInformation", "occurredAt"])


@given(changes=st.dictionaries(NAMES, ANYTHING))
def test_whatever_stands_in_it_is_told_or_set_aside(changes: dict[str, Any]) -> None:
    told = read(sample("prisoner-received.json") | changes, NOW)
    assert isinstance(told, Told | SetAside)
    assert len(told.event_type) <= 200
    told.event_type.encode()


@given(value=st.text(alphabet=st.characters()) | st.text(alphabet="\ud800\x00 \r\n"))
def test_text_can_be_kept(value: str) -> None:
    storable(value).encode()
    kept = text_of(value)
    assert kept is None or (kept and "\x00" not in kept and len(kept) <= 200)


@pytest.mark.parametrize(
    ("kind", "for_a_while", "held_here", "counts"),
    [
        ("received", False, False, True),
        ("received", False, True, True),
        ("received", True, False, True),
        ("received", True, True, False),
        ("released", False, True, False),
    ],
)
def test_a_return_from_court_is_no_reception(
    kind: str, for_a_while: bool, held_here: bool, counts: bool
) -> None:
    assert counts_as_reception(kind, for_a_while=for_a_while, held_here=held_here) is counts


def test_a_moment_by_hand() -> None:
    assert wrong_moment(NOW, NOW) == {}
    assert set(wrong_moment(NOW + timedelta(hours=1), NOW)) == {"at"}
    assert set(wrong_moment(datetime(1066, 10, 14, tzinfo=UTC), NOW)) == {"at"}


@pytest.mark.clause("PF-5.19.1")
@pytest.mark.parametrize(
    ("kind", "prison", "before", "moved"),
    [
        ("received", "prison-WSI", Before("received", "prison-LEI", None, timedelta(days=90)), True),
        ("received", "prison-LEI", Before("received", "prison-LEI", None, timedelta(days=90)), False),
        ("received", "prison-WSI", Before("released", "prison-LEI", "TRANSFERRED", timedelta(days=3)), True),
        ("received", "prison-WSI", Before("released", "prison-LEI", None, timedelta(days=1)), True),
        (
            "received",
            "prison-WSI",
            Before("released", "prison-LEI", None, timedelta(days=1, seconds=1)),
            False,
        ),
        ("released", "prison-WSI", Before("received", "prison-LEI", None, timedelta(days=1)), False),
    ],
)
def test_when_a_reception_is_a_move_from_another_prison(
    kind: str, prison: str, before: Before, moved: bool
) -> None:
    assert is_transfer(kind, prison, before) is moved
