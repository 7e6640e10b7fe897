"""What schemas are called in the OpenAPI document: by capability and class, and apart where only some fields count."""

from __future__ import annotations

from typing import Any

from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema


def schema_name(schema: Any) -> str:
    """`activity_log.NewEntry`; an edit whose version may come in If-Match is `….NewEntry.Partial`."""
    found = resolve_schema_cls(schema)
    one = found[0] if isinstance(found, list) else found
    capability = one.__module__.split(".")[-2]
    partial = isinstance(schema, Schema) and bool(schema.partial or schema.only or schema.exclude)
    return f"{capability}.{one.__name__}" + (".Partial" if partial else "")
