"""Turns an OpenAPI 3.1 document into what `visor/api_reference.html` shows: no script, no third party's page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
RULES = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "pattern": "matches {}",
    "default": "otherwise {}",
}


@dataclass(frozen=True)
class Property:
    name: str
    type: str
    rules: str
    description: str


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    properties: Sequence[Property]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    anchor: str
    summary: str
    description: str
    parameters: Sequence[Property]
    body: Sequence[Property]
    answers: Sequence[Answer]


@dataclass(frozen=True)
class Group:
    name: str
    operations: list[Operation] = field(default_factory=list)


@dataclass(frozen=True)
class Reference:
    title: str
    version: str
    description: str
    groups: Sequence[Group]


def reference(spec: Mapping[str, Any]) -> Reference:
    """Operations grouped by their first tag, in the document's order."""
    groups: dict[str, Group] = {}
    for path, methods in spec.get("paths", {}).items():
        for method in METHODS:
            if method in methods:
                shared = methods.get("parameters", [])
                name = (methods[method].get("tags") or ["Other"])[0]
                group = groups.setdefault(name, Group(name))
                group.operations.append(operation(spec, path, method, methods[method], shared))
    info = spec.get("info", {})
    return Reference(
        info.get("title", "API"),
        str(info.get("version", "")),
        info.get("description", ""),
        list(groups.values()),
    )


def operation(
    spec: Mapping[str, Any], path: str, method: str, described: Mapping[str, Any], shared: Sequence[Any]
) -> Operation:
    parameters = [resolved(spec, each) for each in (*shared, *described.get("parameters", []))]
    return Operation(
        method=method.upper(),
        path=path,
        anchor=re.sub(r"[^a-z0-9]+", "-", f"{method} {path}".lower()).strip("-"),
        summary=described.get("summary", ""),
        description=described.get("description", ""),
        parameters=[parameter(spec, each) for each in parameters],
        body=properties(spec, content_schema(resolved(spec, described.get("requestBody", {})))),
        answers=[answer(spec, status, each) for status, each in described.get("responses", {}).items()],
    )


def answer(spec: Mapping[str, Any], status: str, described: Mapping[str, Any]) -> Answer:
    made = resolved(spec, described)
    return Answer(str(status), made.get("description", ""), properties(spec, content_schema(made)))


def parameter(spec: Mapping[str, Any], described: Mapping[str, Any]) -> Property:
    schema = described.get("schema", {})
    rules = [f"in the {described.get('in', 'query')}", *(["required"] if described.get("required") else [])]
    return Property(
        described.get("name", ""),
        type_name(spec, schema),
        ", ".join([*rules, *constraints(schema)]),
        described.get("description") or schema.get("description", ""),
    )


def properties(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Property]:
    """The fields of an object, or of the objects in a list (named `[].field`)."""
    made = resolved(spec, schema)
    if made.get("type") == "array":
        return list(fields_of(spec, resolved(spec, made.get("items", {})), "[]."))
    return list(fields_of(spec, made, ""))


def fields_of(spec: Mapping[str, Any], schema: Mapping[str, Any], prefix: str) -> Iterator[Property]:
    required = schema.get("required", [])
    for name, given in schema.get("properties", {}).items():
        rules = [*(["required"] if name in required else []), *constraints(given)]
        yield Property(prefix + name, type_name(spec, given), ", ".join(rules), given.get("description", ""))


def content_schema(described: Mapping[str, Any]) -> Mapping[str, Any]:
    for media in described.get("content", {}).values():
        schema: Mapping[str, Any] = media.get("schema", {})
        return schema
    return {}


def resolved(spec: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` inside the document points to, else the thing itself."""
    if "$ref" not in described:
        return described
    found: Any = spec
    for step in str(described["$ref"]).removeprefix("#/").split("/"):
        found = found.get(step, {})
    return found if isinstance(found, Mapping) else {}


def type_name(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    kind = schema.get("type", "any")
    names = " or ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
    if "array" in names:
        return f"list of {type_name(spec, schema.get('items', {}))}"
    return f"{names} ({schema['format']})" if schema.get("format") else names


def constraints(schema: Mapping[str, Any]) -> list[str]:
    found = [text.format(schema[name]) for name, text in RULES.items() if name in schema]
    if schema.get("enum"):
        found.append("one of " + ", ".join(map(str, schema["enum"])))
    if schema.get("readOnly"):
        found.append("answer only")
    return found
