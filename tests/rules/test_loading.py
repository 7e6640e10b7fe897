"""The short way in takes what marshmallow takes, makes the same of it, and refuses with marshmallow's own words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import (
    EXCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

import shared.events
from shared.events.registry import kinds
from shared.loading import loader


class Inner(Schema):
    id = fields.UUID(required=True)
    name = fields.String(allow_none=True)


class Whole(Schema):
    text = fields.String(required=True)
    short = fields.String(validate=validate.Length(max=3))
    number = fields.Integer(allow_none=True)
    exact = fields.Integer(strict=True)
    yes = fields.Boolean(load_default=False)
    id = fields.UUID(attribute="key")
    day = fields.Date(allow_none=True)
    other_day = fields.Date(format="%d/%m/%Y")
    at = fields.AwareDateTime()
    local = fields.AwareDateTime(default_timezone=UTC)
    share = fields.Float()
    inner = fields.Nested(Inner, allow_none=True)
    inners = fields.List(fields.Nested(Inner), load_default=list)
    several = fields.Nested(Inner, many=True)
    lax = fields.Nested(Inner, unknown=EXCLUDE)
    ids = fields.List(fields.UUID())
    texts = fields.List(fields.String(allow_none=True), validate=validate.Length(max=2))
    raw = fields.Raw()
    numbers = fields.Dict(keys=fields.String(), values=fields.Integer())
    renamed = fields.String(data_key="otherwise")
    said = fields.String(dump_only=True)


ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
)
TIMES = st.datetimes().map(datetime.isoformat) | st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
IDS = st.uuids().map(str)
INNERS = st.fixed_dictionaries({"id": IDS | ODD}, optional={"name": st.text() | st.none(), "more": st.text()})
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text() | ODD,
    "short": st.text(max_size=5),
    "number": st.integers() | st.just("7") | ODD,
    "exact": st.integers() | st.just(1.0),
    "yes": st.booleans() | st.just("on"),
    "id": IDS | st.uuids() | ODD,
    "day": st.dates().map(date.isoformat) | st.just("20260401") | ODD,
    "other_day": st.dates().map(lambda day: day.strftime("%d/%m/%Y")),
    "at": TIMES | ODD,
    "local": TIMES,
    "share": st.floats(allow_nan=False),
    "inner": INNERS | st.none(),
    "inners": st.lists(INNERS | st.none(), max_size=3),
    "several": st.lists(INNERS, max_size=2),
    "lax": INNERS,
    "ids": st.lists(IDS | ODD, max_size=3) | st.tuples(IDS),
    "texts": st.lists(st.text() | st.none(), max_size=3),
    "raw": ODD,
    "numbers": st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    "otherwise": st.text(),
    "said": st.text(),
    "unheard": st.text(),
}
ANY = st.fixed_dictionaries({}, optional=VALUES)
GOOD = st.fixed_dictionaries(
    {"text": st.text(), "id": IDS, "at": st.datetimes(timezones=st.just(UTC)).map(str)}
)


def outcome(load: Any, data: Any) -> Any:
    try:
        return load(data)
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize("unknown", [EXCLUDE, RAISE])
@given(data=ANY | ODD | GOOD)
def test_what_is_sent_comes_in_as_marshmallow_would_have_it(unknown: Any, data: Any) -> None:
    schema = Whole(unknown=unknown)
    ours, its = outcome(loader(schema), data), outcome(schema.load, data)
    assert ours == its
    assert repr(ours) == repr(its) or set(ours) == set(its)


def test_what_is_as_it_should_be_never_reaches_marshmallow(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = Whole(unknown=EXCLUDE)
    load = loader(schema)
    monkeypatch.setattr(schema, "load", None)
    at = "2026-11-30T09:00:00+00:00"
    key = "00000000-0000-4000-8000-000000000001"
    sent = {"text": "a", "id": key, "at": at, "inner": {"id": key}, "ids": [key], "short": "ab", "more": 1}
    assert load(sent) == {
        "text": "a",
        "yes": False,
        "key": UUID(key),
        "at": datetime(2026, 11, 30, 9, tzinfo=UTC),
        "inner": {"id": UUID(key)},
        "inners": [],
        "ids": [UUID(key)],
        "short": "ab",
    }


class Hooked(Schema):
    a = fields.Integer(load_default=0)

    @post_load
    def _more(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "more": True}


class Checked(Schema):
    a = fields.Integer()

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("a") == 1:
            raise ValidationError("not one")


class Shouted(fields.String):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs)).upper()


class Loud(Schema):
    a = Shouted()


def test_a_schema_that_does_more_keeps_doing_it() -> None:
    assert loader(Hooked())({}) == {"a": 0, "more": True}
    assert outcome(loader(Checked()), {"a": 1}) == {"_schema": ["not one"]}
    assert loader(Loud())({"a": "x"}) == {"a": "X"}


def test_lists_by_default_are_not_shared() -> None:
    load = loader(Whole())
    load({"text": ""})["inners"].append(1)
    assert load({"text": ""})["inners"] == []


def test_every_fact_but_the_one_that_reads_its_own_way_comes_in_by_the_short_one() -> None:
    for module in walk_packages(shared.events.__path__, "shared.events."):
        import_module(module.name)
    schemas = {one.name: one.schema(unknown=EXCLUDE) for one in kinds() if one.service != "test"}
    assert {name for name, one in schemas.items() if loader(one) == one.load} <= {"records.standing.added"}
    assert len(schemas) > 200
