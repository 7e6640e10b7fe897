"""The bytes that hashes run over: no two different entries share them, and the database changes none of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.audit import AuditEntry
from shared.audit.canonical import FIELDS, HEAD, canonical, microseconds, values_of
from shared.ids import new_id

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
FACTS = st.dictionaries(
    TEXT, st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)),
    max_size=3,
)  # fmt: skip
ENTRIES = st.builds(
    AuditEntry,
    id=st.uuids(),
    at=st.datetimes(timezones=st.just(UTC)),
    service=TEXT,
    actor=st.uuids(),
    session_id=st.none() | st.uuids(),
    terminal=st.none() | TEXT,
    action=TEXT,
    outcome=st.sampled_from(["done", "viewed", "refused", "failed"]),
    refusal_code=st.none() | TEXT,
    subject_kind=st.none() | TEXT,
    subject_id=st.none() | st.uuids(),
    nominal_id=st.none() | st.uuids(),
    origin_ids=st.lists(st.uuids(), max_size=3).map(tuple),
    facts=FACTS,
    private=st.none() | st.binary(max_size=8),
    correlation_id=st.none() | st.uuids(),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def encoded(entry: AuditEntry) -> bytes:
    identity, at, *others = values_of(entry)
    return canonical(identity, microseconds(at), *others)


def decoded(data: bytes) -> AuditEntry:
    """Reads the documented layout back. That this is possible at all is why no two entries share their bytes."""
    assert data.startswith(HEAD)
    at = len(HEAD)
    fields: list[bytes | None] = []
    for _ in FIELDS:
        length = data[at : at + 4]
        at += 4
        if length == b"\xff\xff\xff\xff":
            fields.append(None)
            continue
        end = at + int.from_bytes(length, "big")
        assert end <= len(data)
        fields.append(data[at:end])
        at = end
    assert at == len(data)
    raw: dict[str, Any] = dict(zip(FIELDS, fields, strict=True))
    for name in ("id", "actor", "session_id", "subject_id", "nominal_id", "correlation_id"):
        raw[name] = None if raw[name] is None else UUID(bytes=raw[name])
    for name in ("service", "terminal", "action", "outcome", "refusal_code", "subject_kind"):
        raw[name] = None if raw[name] is None else raw[name].decode()
    raw["at"] = EPOCH + timedelta(microseconds=int.from_bytes(raw["at"], "big", signed=True))
    many = raw["origin_ids"]
    raw["origin_ids"] = tuple(UUID(bytes=many[start : start + 16]) for start in range(0, len(many), 16))
    raw["facts"] = json.loads(raw["facts"])
    return AuditEntry(**raw)


def same(one: Any, other: Any) -> bool:
    """Equal and of equal type all the way down: in Python 1 == True."""
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(same(one[k], other[k]) for k in one)
        )
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


@given(ENTRIES)
@settings(max_examples=300, deadline=None)
def test_the_bytes_can_be_read_back(entry: AuditEntry) -> None:
    again = decoded(encoded(entry))
    assert again == entry
    assert same(again.facts, entry.facts)


@given(ENTRIES, ENTRIES, st.sampled_from(FIELDS))
@settings(max_examples=300, deadline=None)
def test_entries_that_differ_in_one_field_differ_in_their_bytes(
    one: AuditEntry, two: AuditEntry, field: str
) -> None:
    other = replace(one, **{field: getattr(two, field)})
    assert (encoded(one) == encoded(other)) == same(getattr(one, field), getattr(other, field))


@given(st.lists(TEXT, min_size=2, max_size=2), st.lists(TEXT, min_size=2, max_size=2))
def test_text_cannot_slip_from_one_field_into_the_next(one: list[str], other: list[str]) -> None:
    first, second = [
        entry(terminal=terminal, action=action) for terminal, action in (tuple(one), tuple(other))
    ]
    assert (encoded(first) == encoded(second)) == (one == other)


def entry(**given: Any) -> AuditEntry:
    fixed: dict[str, Any] = {
        "id": UUID(int=1),
        "at": EPOCH,
        "service": "records",
        "actor": UUID(int=2),
        "action": "records.nominals.open",
    }
    return AuditEntry(**(fixed | given))


def test_the_layout_never_changes() -> None:
    """Written out by hand. If this fails, every hash ever stored is worthless: mend the code, not the test."""
    absent = "ffffffff"
    expected = (
        b"visor-audit-entry-1\n".hex() + "10"
        "00000010" + "00" * 15 + "01"
        "00000008" + "00" * 8 +
        "00000007" + b"records".hex() +
        "00000010" + "00" * 15 + "02"
        + absent + absent +
        "00000015" + b"records.nominals.open".hex() +
        "00000004" + b"done".hex()
        + absent + absent + absent + absent +
        "00000000"
        "00000002" + b"{}".hex()
        + absent + absent
    )  # fmt: skip
    assert encoded(entry()).hex() == expected


def test_absent_and_empty_differ() -> None:
    assert encoded(entry(terminal="")) != encoded(entry(terminal=None))
    assert encoded(entry(private=b"")) != encoded(entry(private=None))


def test_the_same_moment_is_the_same_whatever_its_zone() -> None:
    summer = timezone(timedelta(hours=1))
    assert encoded(entry(at=EPOCH.astimezone(summer))) == encoded(entry())


def test_the_order_of_facts_does_not_matter() -> None:
    assert encoded(entry(facts={"a": 1, "b": 2})) == encoded(entry(facts={"b": 2, "a": 1}))


class Kind(StrEnum):
    POLICE = "police"


class Level(str, Enum):  # noqa: UP042 - the older kind too, whose str() is its name
    TWO = "level-2"


@pytest.mark.parametrize(
    ("given_fact", "kept"),
    [
        (UUID(int=3), str(UUID(int=3))),
        (date(2026, 4, 7), "2026-04-07"),
        (EPOCH, "1970-01-01T00:00:00+00:00"),
        (("a", 1), ["a", 1]),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Kind.POLICE, "police"),
        (Level.TWO, "level-2"),
        ({"a": (True, None)}, {"a": [True, None]}),
    ],
)
def test_facts_become_what_the_database_gives_back(given_fact: Any, kept: Any) -> None:
    found = entry(facts={"fact": given_fact}).facts["fact"]
    assert found == kept
    assert json.loads(json.dumps(found)) == kept


@pytest.mark.parametrize("bad", [1.0, float("nan"), b"x", object(), {1: 2}, [0.5], {"a": {2.0}}])
def test_facts_that_would_not_come_back_the_same_are_refused(bad: Any) -> None:
    with pytest.raises(TypeError):
        entry(facts={"fact": bad})


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", 2**63, -(2**63) - 1])
def test_facts_that_cannot_be_written_are_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match="fact"):
        entry(facts={"fact": bad})
    with pytest.raises(ValueError, match="written"):
        entry(terminal="a\0b")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        entry(at=datetime(2026, 4, 7, 12, 0))  # noqa: DTZ001 - this is what must be refused


def test_an_entry_does_not_change_with_what_it_was_made_of() -> None:
    facts = {"list": [1]}
    made = entry(id=new_id(), facts=facts)
    facts["list"].append(2)
    assert made.facts == {"list": [1]}
