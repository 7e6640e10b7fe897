"""What a service declares once, and shared/web mounts twice: as a JSON endpoint and as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from marshmallow import Schema

Audience = Literal["signed_in", "onboarding", "integration", "anyone"]
Function = Callable[..., Any]


@dataclass(frozen=True)
class FormPage:
    """The page of a command: a form made from the command's input schema, with one green button.

    `done` is the message shown after it; `next` the page to go to, a path with the names of the path's own parameters
    or of the answer's fields in braces. `values(work, **path)` gives what the form is filled with at first (and
    `version`, where the command edits something, `intro`, where what is said above it depends on the record);
    `context` whatever the schema's option lists ask for. "Cancel" leads to `next`, or to `cancel`, where `next` names a
    field of the answer. With `drafts` what was typed can be kept and gone on with
    later; `values` then also says who may (shared/drafts).
    """

    title: str
    button: str
    done: str
    next: str
    path: str | None = None
    intro: str = ""
    values: Function | None = None
    template: str = "visor/form.html"
    drafts: bool = False
    cancel: str = ""


@dataclass(frozen=True)
class Page:
    """The page of a query: its template gets the answer as `answer` and the path's parameters by name.

    `opens`: a query with method POST also answers a plain GET, as if nothing had been asked for in particular.
    """

    title: str
    template: str
    path: str | None = None
    opens: bool = False


@dataclass(frozen=True)
class Command:
    """One thing a person can do. `function(work, **path, **input)` decides by rules, changes, audits and emits.

    `action` is its name in the access table and the audit; `audience` who may ask at all; `edits` says that the input
    carries the version the person saw (a `version` field, or If-Match). `apart`: it reads once, and writes only with
    `at_last`, `emit` and the audit, so that it needs no session; one that asks for a session after all has it, and its
    transaction, from then on.
    """

    name: str
    function: Function
    path: str
    input: type[Schema]
    answer: type[Schema]
    form: FormPage | None = None
    method: str = "POST"
    status: int = 200
    audience: Audience = "signed_in"
    recent_sign_in: bool = False
    edits: bool = False
    apart: bool = False


@dataclass(frozen=True)
class Query:
    """One thing a person can read. `function(work, **path, **input)`; its audit entry is committed before it is sent.

    A search has method POST, so that what was searched for stands in no address. `audited=False` only for the listed
    exemptions (polls, health). `apart`: its statements, the audit entry too, need no common transaction, which saves
    two of four rounds to the database; one that writes after all begins one with `work.together()`. `send` makes the
    whole response of its answer: a file, a picture; its page then has no template. `reads`: what is read, in words for
    who asks who looked; where left out, the page's title says it.
    """

    name: str
    function: Function
    path: str
    input: type[Schema]
    answer: type[Schema]
    page: Page | None = None
    method: str = "GET"
    audience: Audience = "signed_in"
    audited: bool = True
    apart: bool = False
    send: Callable[[Any], Any] | None = None
    reads: str = ""

    @property
    def words(self) -> str:
        """What is read, in words; nothing where neither its declaration nor a page says it."""
        return self.reads or (self.page.title if self.page else "")


@dataclass
class Declarations:
    """Every command and query of one service, by name."""

    commands: dict[str, Command] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)

    def all(self) -> Mapping[str, Command | Query]:
        return {**self.commands, **self.queries}

    def words(self, action: str) -> str:
        """What was read, by the name the audit has for it; the form of a command is read before it is sent."""
        if (query := self.queries.get(action)) is not None:
            return query.words
        command = self.commands.get(action.removesuffix(".form"))
        return command.form.title if command is not None and command.form is not None else ""
