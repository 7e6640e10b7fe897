"""What the services declare, looked at before anybody asks for it: a mistake here would be a fault of ours there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from marshmallow import fields

import services.identity.capabilities
import services.notifications.capabilities
import services.records.capabilities  # noqa: F401 - each declares what its service can do
from services.identity.service import service as identity
from services.notifications.service import service as notifications
from services.records.service import service as records
from shared.declarations import Command, Declarations, FormPage, Page, Query
from shared.web.schemas import Answer, Input, Nothing

TOP = Path(__file__).resolve().parents[2]
SERVICES = (identity, notifications, records)
RECORDS = records.declarations


def without_words(declared: Declarations) -> list[str]:
    return [
        f"{name}: say what is read, with a page's title or reads=…"
        for name, one in declared.queries.items()
        if "<uuid:nominal_id>" in one.path and not one.words
    ]


def test_whoever_asks_who_looked_at_a_record_reads_what_they_looked_at() -> None:
    assert without_words(RECORDS) == []


def test_a_look_is_named_by_its_declaration_its_page_or_the_form_that_was_opened() -> None:
    assert RECORDS.words("nominals.summary") == "Summary"
    assert RECORDS.words("meetings.list") == "MAPP meetings"
    form = RECORDS.commands["meetings.record"].form
    assert form is not None
    assert RECORDS.words("meetings.record.form") == form.title
    assert RECORDS.words("meetings.of_long_ago") == ""


# ---- What a declaration names must be there ----


def wrong(one: Command | Query) -> Iterator[str]:
    """Each thing in a declaration that would end in an error once somebody asks."""
    place = f"{one.name} ({one.function.__module__})"
    path, taken = in_path(one.path), set(one.input().fields)
    if differ := _differing(one.function, path | taken):
        yield f"{place}: its function and its path with its input differ in {', '.join(differ)}"
    page = one.form if isinstance(one, Command) else one.page
    if page is None:
        return
    if page.path and in_path(page.path) != path:
        yield f"{place}: its page's path names other parameters than its own"
    if not (isinstance(one, Query) and one.send) and page.template not in templates():
        yield f"{place}: there is no template {page.template}"
    if isinstance(page, FormPage):
        yield from (f"{place}: {said}" for said in _wrong_form(page, path, set(one.answer().fields)))


def _wrong_form(form: FormPage, path: set[str], answered: set[str]) -> Iterator[str]:
    names = {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(form.next) if name}
    if unknown := names - path - answered:
        yield f"next names {', '.join(sorted(unknown))}, neither in its path nor in its answer"
    if form.values is not None and (differ := _differing(form.values, path)):
        yield f"values and the path differ in {', '.join(differ)}"


def in_path(path: str) -> set[str]:
    return set(re.findall(r"<(?:\w+:)?(\w+)>", path))


def _differing(function: Callable[..., Any], given: set[str]) -> list[str]:
    """What it is given and does not take, or must have and is not given; `**rest` takes whatever is left."""
    _work, *parameters = inspect.signature(function).parameters.values()
    rest = any(one.kind is one.VAR_KEYWORD for one in parameters)
    named = {one.name: one for one in parameters if one.kind is not one.VAR_KEYWORD}
    lacking = {name for name, one in named.items() if name not in given and one.default is one.empty}
    return sorted(lacking | (set() if rest else given - named.keys()))


@cache
def templates() -> frozenset[str]:
    folders = [*TOP.glob("services/*/*/templates"), TOP / "shared/web/templates"]
    return frozenset(
        str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.name)
def test_every_declaration_names_what_is_there(service: Any) -> None:
    declared = service.declarations.all()
    assert len(declared) > 20
    found = [said for one in declared.values() for said in wrong(one)]
    assert not found, "\n".join(found)


class _Given(Input):
    text = fields.String()


class _Made(Answer):
    made_id = fields.UUID()


def _takes(work: object, *, nominal_id: object, text: str) -> None: ...
def _takes_the_rest(work: object, *, nominal_id: object, **choices: str) -> None: ...
def _takes_another(work: object, *, nominal_id: object, words: str) -> None: ...
def _of_a_meeting(work: object, *, meeting_id: object) -> None: ...


def form(**given: Any) -> FormPage:
    return FormPage(**{"title": "T", "button": "B", "done": "D", "next": "/nominals/{nominal_id}", **given})


@pytest.mark.parametrize(
    ("function", "page", "found"),
    [
        (_takes, form(next="/made/{made_id}"), None),
        (_takes_the_rest, None, None),
        (_takes_another, None, "its function and its path with its input differ in text, words"),
        (_takes, form(next="/made/{id}"), "next names id, neither in its path nor in its answer"),
        (_takes, form(template="meetings/missing.html"), "there is no template meetings/missing.html"),
        (_takes, form(path="/new"), "its page's path names other parameters than its own"),
        (_takes, form(values=_of_a_meeting), "values and the path differ in meeting_id, nominal_id"),
    ],
)
def test_what_is_not_there_is_said(function: Any, page: FormPage | None, found: str | None) -> None:
    command = Command("a.b", function, "/nominals/<uuid:nominal_id>", _Given, _Made, page)
    assert list(wrong(command)) == ([f"a.b ({__name__}): {found}"] if found else [])


def test_a_page_of_a_query_has_its_template_unless_a_file_is_sent() -> None:
    def read(work: object) -> None: ...

    page = Page("T", "a/missing.html")
    assert len(list(wrong(Query("a.b", read, "/a", Nothing, Answer, page)))) == 1
    assert not list(wrong(Query("a.b", read, "/a", Nothing, Answer, page, send=str)))
