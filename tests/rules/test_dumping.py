"""The short way out of an answer gives what marshmallow gives."""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields, post_dump

from shared.dumping import dumper


class Inner(Schema):
    id = fields.UUID()
    name = fields.String(allow_none=True)


class Whole(Schema):
    text = fields.String()
    number = fields.Integer()
    written = fields.Integer(as_string=True)
    share = fields.Float()
    yes = fields.Boolean()
    id = fields.UUID(attribute="key")
    day = fields.Date()
    short = fields.Date(format="%d/%m")
    at = fields.AwareDateTime()
    inner = fields.Nested(Inner)
    inners = fields.List(fields.Nested(Inner))
    several = fields.Nested(Inner, many=True)
    named = fields.Nested(Inner, only=("name",))
    texts = fields.List(fields.String())
    raw = fields.Raw()
    numbers = fields.Dict(keys=fields.String(), values=fields.Integer())
    length = fields.Function(lambda obj: len(str(obj)) * 0)
    usual = fields.String(dump_default="as usual")
    renamed = fields.String(data_key="otherwise")
    secret = fields.String(load_only=True)


TIMES = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=1))]))
INNERS = st.fixed_dictionaries(
    {"id": st.uuids() | st.none(), "name": st.none() | st.text()}, optional={"more": st.text()}
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text() | st.integers() | st.none() | st.binary(max_size=0),
    "number": st.integers() | st.booleans() | st.none() | st.just("7"),
    "written": st.integers() | st.none(),
    "share": st.floats(allow_nan=False, allow_infinity=False),
    "yes": st.booleans() | st.none(),
    "key": st.uuids() | st.none() | st.uuids().map(str),
    "day": st.dates() | st.none() | st.datetimes(),
    "short": st.dates(),
    "at": TIMES | st.none(),
    "inner": INNERS | st.none(),
    "inners": st.lists(INNERS | st.none()) | st.none() | st.tuples(INNERS),
    "several": st.lists(INNERS) | st.none(),
    "named": INNERS,
    "texts": st.lists(st.text() | st.none() | st.integers()) | st.none(),
    "raw": st.text(),
    "numbers": st.dictionaries(st.text(), st.integers()),
    "usual": st.text() | st.none(),
    "renamed": st.text(),
    "secret": st.text(),
}
ANY = st.fixed_dictionaries({}, optional=VALUES)


@given(ANY)
def test_a_dict_leaves_as_marshmallow_would_have_it(values: dict[str, Any]) -> None:
    assert dumper(Whole)(values) == Whole().dump(values)


@given(ANY)
def test_a_mapping_of_another_kind_does_too(values: dict[str, Any]) -> None:
    given_ = UserDict(values)
    assert dumper(Whole)(given_) == Whole().dump(given_)


@dataclass
class Known:
    id: UUID | None
    name: str | None
    more: str = ""


@given(st.builds(Known))
def test_an_object_does_too(known: Known) -> None:
    assert {each.name for each in dataclass_fields(Known)} >= set(dumper(Inner)(known))
    assert dumper(Inner)(known) == Inner().dump(known)


class Hooked(Schema):
    day = fields.Date()

    @post_dump
    def _more(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "more": True}


def test_a_schema_with_a_hook_keeps_it() -> None:
    assert dumper(Hooked)({"day": date(2026, 4, 1)}) == {"day": "2026-04-01", "more": True}


def test_a_time_says_its_zone() -> None:
    assert dumper(Whole)({"at": datetime(2026, 4, 1, tzinfo=UTC)})["at"] == "2026-04-01T00:00:00+00:00"


@pytest.mark.parametrize("value", [[], {}, 7])
def test_what_marshmallow_refuses_is_refused(value: object) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)):
        Whole().dump({"at": value})
    with pytest.raises((TypeError, AttributeError, ValueError)):
        dumper(Whole)({"at": value})
