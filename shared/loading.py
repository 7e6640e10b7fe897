"""What `schema.load` gives, in a third of the time, where everything is as it should be.

Only plain fields without validators, with values of the very type in which they travel, go the short way. Whatever is
missing, too much or of another kind is left to marshmallow whole, so that results and refusals are always its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA

Load = Callable[[Any], dict[str, Any]]
Way = Callable[[Any], Any]


class _Unusual(Exception):
    """Something that marshmallow is to look at."""


def loader(schema: Schema) -> Load:
    """A function that does what `schema.load` does; raises ValidationError as it does."""
    quick = _whole(schema)
    if quick is None:
        return schema.load

    def load(data: Any) -> dict[str, Any]:
        try:
            return quick(data)
        except (_Unusual, ValidationError, ValueError, TypeError, AttributeError):
            loaded: dict[str, Any] = schema.load(data)
            return loaded

    return load


def _whole(schema: Schema) -> Load | None:
    """None for a schema that does more than load its fields."""
    hooks = (PRE_LOAD, POST_LOAD, VALIDATES, VALIDATES_SCHEMA)
    hooked = any(schema._hooks[one] for one in hooks)  # noqa: SLF001 - marshmallow has no other way to ask
    if hooked or schema.many or schema.partial or schema.unknown not in {EXCLUDE, RAISE}:
        return None
    keys = [one.attribute or name for name, one in schema.load_fields.items()]
    if schema.dict_class is not dict or any("." in key for key in keys):
        return None
    if any(type(one).__module__ != fields.__name__ for one in schema.load_fields.values()):
        return None
    steps = [
        (one.data_key or name, one.attribute or name, *_at_once(one), _missing(one), _way(one))
        for name, one in schema.load_fields.items()
    ]
    known = frozenset(step[0] for step in steps) if schema.unknown == RAISE else None

    def load(data: Any) -> dict[str, Any]:
        if type(data) is not dict or (known is not None and not data.keys() <= known):
            raise _Unusual
        found = {}
        for name, key, wanted, convert, absent, way in steps:
            value = data.get(name, missing)
            if type(value) is wanted:
                found[key] = value if convert is _same else convert(value)
            elif value is not missing:
                found[key] = way(value)
            elif (default := absent()) is not missing:
                found[key] = default
        return found

    return load


def _missing(field: fields.Field[Any]) -> Callable[[], Any]:
    if field.required:
        return _refuse
    default = field.load_default
    return default if callable(default) else lambda: default


def _refuse() -> Any:
    raise _Unusual


def _is_plain(field: fields.Field[Any]) -> bool:
    return not (field.validators or field.pre_load or field.post_load)


def _at_once(field: fields.Field[Any]) -> tuple[type | None, Way]:
    """The very type of value that comes in by a function of itself alone; None for a field of another kind."""
    usual = (
        getattr(field, "format", None) in {None, "iso"} and getattr(field, "default_timezone", None) is None
    )
    return _BY_TYPE.get(type(field), (None, _same)) if _is_plain(field) and usual else (None, _same)


def _way(field: fields.Field[Any]) -> Way:
    """How any other value comes in."""
    inner: Way | None = None
    if _is_plain(field) and type(field) is fields.List and isinstance(field, fields.List):
        inner = _listed(field)
    elif _is_plain(field) and type(field) is fields.Nested and isinstance(field, fields.Nested):
        inner = _nested(field)
    return field.deserialize if inner is None else _unless_none(inner, allowed=field.allow_none)


def _unless_none(way: Way, *, allowed: bool) -> Way:
    def load(value: Any) -> Any:
        if value is not None:
            return way(value)
        if not allowed:
            raise _Unusual
        return None

    return load


def _listed(field: fields.List[Any]) -> Way:
    wanted, convert = _at_once(field.inner)
    way = _way(field.inner)

    def load(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _Unusual
        return [convert(one) if type(one) is wanted else way(one) for one in value]

    return load


def _nested(field: fields.Nested) -> Way | None:
    if field.unknown is not None or field.many or not isinstance(field.schema, Schema):
        return None
    return _whole(field.schema)


def _same(value: Any) -> Any:
    return value


def _aware(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise _Unusual
    return moment


_BY_TYPE: Mapping[type, tuple[type, Callable[[Any], Any]]] = {
    fields.String: (str, _same),
    fields.Integer: (int, _same),
    fields.Boolean: (bool, _same),
    fields.UUID: (str, UUID),
    fields.Date: (str, date.fromisoformat),
    fields.DateTime: (str, datetime.fromisoformat),
    fields.AwareDateTime: (str, _aware),
}
