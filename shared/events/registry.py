"""The kinds of facts that services tell each other. A kind is declared once, where its service's facts are
listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from shared.dumping import dumper
from shared.loading import Load, loader

_PART = r"[a-z][a-z0-9_]*"
_NAME = re.compile(rf"{_PART}\.{_PART}\.{_PART}")
_kinds: dict[tuple[str, int], EventKind] = {}


class EventDataError(ValueError):
    """The data do not fit the kind's schema; the message names the kind and the fields."""


@dataclass(frozen=True)
class EventKind:
    """A fact, named `<service>.<capability>.<fact>`, and the schema of its data in one major version.

    A new optional field needs no new version, since readers ignore fields they do not know. Any other change
    is a new major: declare it beside the old one and, for one release, emit both under one event id, the old
    one first, since agencies upgrade at different times. `urgent` facts have queues and connections of their
    own. With `needs_subscriber` false it is no fault when no queue is bound for it anywhere; otherwise the
    fact waits in the outbox until one is. What is `for_good` is never swept from the outbox, since a service
    that begins later needs all of it; its handlers must know by themselves what they had.
    """

    name: str
    version: int
    schema: type[Schema]
    urgent: bool = False
    needs_subscriber: bool = True
    for_good: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            parts = "<service>.<capability>.<fact>, each of small letters, digits and underscores"
            raise ValueError(f"{self.name} is not {parts}")

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def _writer(self) -> Schema:
        return self.schema()

    @cached_property
    def _reader(self) -> Load:
        return loader(self.schema(unknown=EXCLUDE))

    def dump(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Python to JSON values; raises EventDataError for what the schema refuses or does not know."""
        if unknown := data.keys() - self._writer.fields.keys():
            raise EventDataError(f"{self.name} v{self.version} has no {', '.join(sorted(unknown))}")
        dumped: dict[str, Any] = dumper(self.schema)(data)
        if errors := self._writer.validate(dumped):
            raise EventDataError(f"{self.name} v{self.version}: {errors}")
        return dumped

    def load(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """JSON values to Python values, unknown fields ignored; raises EventDataError."""
        try:
            return self._reader(data)
        except ValidationError as error:
            raise EventDataError(f"{self.name} v{self.version}: {error.messages}") from error


def register(kind: EventKind) -> EventKind:
    """Declares a kind; the same name and version twice is a mistake."""
    key = (kind.name, kind.version)
    if _kinds.setdefault(key, kind) is not kind:
        raise ValueError(f"{kind.name} v{kind.version} is declared twice")
    return kind


def find(name: str, version: int) -> EventKind | None:
    """None for a kind that this release does not know, perhaps because another agency runs a newer one."""
    return _kinds.get((name, version))


def kinds() -> Iterator[EventKind]:
    return iter(tuple(_kinds.values()))
