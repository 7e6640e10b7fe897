"""The to-do list, one item of it, and what has changed in records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from flask import has_request_context
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.service import service
from services.notifications.todo import landing, shown
from services.notifications.todo.cards import NominalCard, lines
from services.notifications.todo.changes import ChangedRecord, unseen
from services.notifications.todo.colleagues import who_may_have
from services.notifications.todo.counting import Counts, counts, of_long_list
from services.notifications.todo.filtering import Wanted
from services.notifications.todo.kinds import called_alike, label
from services.notifications.todo.landing import Landing
from services.notifications.todo.models import TodoItem
from services.notifications.todo.opened import note_opening
from services.notifications.todo.schemas import (
    ChangesAnswer,
    OutcomeInput,
    PageInput,
    TodoAnswer,
    TodoFilter,
    TodoListAnswer,
)
from services.notifications.todo.shown import PAGE, ShownItem
from services.notifications.todo.why import because, stands_in
from shared.declarations import Page
from shared.directory import read_model
from shared.ids import new_id
from shared.keys import KeyProblem
from shared.refusals import NotFound
from shared.runtime import Runtime
from shared.web import guard
from shared.web.forms import FormView, form_view
from shared.web.schemas import Nothing
from shared.web.tables import Column, Table
from shared.work import Work

NOTE = "todo.note"
_COLUMNS = (
    Column("task", "Task", sortable=True),
    Column("nominal", "Nominal", sortable=True),
    Column("due", "Due", sortable=True, nowrap=True),
    Column("status", "Status"),
    Column("raised", "Raised", sortable=True, nowrap=True),
)


@dataclass
class TodoPage:
    """The list with what its page needs, made when the page asks: the nominals' lines and the filter's form."""

    items: list[ShownItem]
    total: int
    open: int
    overdue: int
    put_off: int
    counted_at: datetime | None
    last_opened: date | None
    closed: Sequence[UUID]
    names: Mapping[UUID, read_model.PersonCard]
    changed_records: int
    page: int
    pages: int
    table: Table
    show: str
    in_prison: bool
    runtime: Runtime
    asked: Mapping[str, Any]
    kinds: Sequence[str]

    @cached_property
    def cards(self) -> Mapping[UUID, NominalCard]:
        return lines(
            self.runtime,
            [each.nominal_id for each in self.items if each.detail == "full"],
            guard.credential() if has_request_context() else None,
        )

    @cached_property
    def filters(self) -> FormView:
        no_kinds = () if self.kinds else ("kind",)  # a heading above nothing to choose
        schema = TodoFilter(exclude=("sort", "page", "closed", *no_kinds))
        return form_view(schema, self.asked, context={"kinds": _choices(self.kinds, self.asked["kind"])})


@service.query(
    "todo.list",
    path="/todo",
    input=TodoFilter,
    answer=TodoListAnswer,
    page=Page("To-do list", "todo/list.html"),
    apart=True,
)
def todo_list(
    work: Work,
    *,
    due: str,
    show: str,
    important: bool,
    kind: list[str],
    sort: str,
    page: int,
    closed: Sequence[UUID],
) -> TodoPage:
    """What this person is to do (PF-7/To do list.1)."""
    who, wanted = work.principal, Wanted(due, show, called_alike(kind), sort, page, important)
    begun = landing.first(work)
    last_opened = note_opening(work, begun.opened)
    counted, items = _read(work, begun, wanted)
    kinds = sorted({*counted.kinds, *kind})
    work.concerns(items=len(items), total=counted.total)
    pages = max(1, ceil(counted.total / PAGE))
    asked = {"due": due, "show": show, "important": important, "kind": kind}
    return TodoPage(
        items=items,
        total=counted.total,
        open=counted.open,
        overdue=counted.overdue,
        put_off=counted.put_off,
        counted_at=counted.counted_at,
        last_opened=last_opened,
        closed=closed,
        names=_names_of(work, items),
        changed_records=begun.unseen,
        page=page,
        pages=pages,
        table=Table(
            _caption(show, counted.total),
            _COLUMNS,
            (),
            sort,
            page,
            pages,
            "/notifications/todo",
            _given(asked),
        ),
        show=show,
        in_prison=who.agency_kind == "prison",
        runtime=work.runtime,
        asked=asked,
        kinds=kinds,
    )


def _read(work: Work, begun: Landing, wanted: Wanted) -> tuple[Counts, list[ShownItem]]:
    """As everybody opens it in two statements; else as the filter has it, or with the lists of others."""
    plainly = landing.fits(work, wanted) and not begun.away
    if plainly and begun.counts is not None:
        return begun.counts, landing.page_of(work, wanted)
    if plainly:
        whose = shown.own(work.principal)
        session, unseen = (lambda: work.session), begun.unseen
        counted = of_long_list(work.runtime, session, whose, wanted, work.now, unseen)
        return counted, landing.page_of(work, wanted)
    whose = shown.whose(work.session, work.principal, work.today)
    counted = counts(work.runtime, work.session, whose, wanted, work.now)
    return counted, shown.page_of(work.session, whose.where, wanted, work.now)


def _names_of(work: Work, items: Sequence[ShownItem]) -> Mapping[UUID, read_model.PersonCard]:
    reader = work.principal.person_id
    if all(each.person_id == reader and each.passed_on_by is None for each in items):
        return {}
    return people_of(work.session, reader, items)


def people_of(
    session: Session, reader: UUID, items: Sequence[ShownItem]
) -> Mapping[UUID, read_model.PersonCard]:
    """Whose lists the items are on, where not the reader's own, and who passed them on; asked only if there are any."""
    named = {each.person_id for each in items if each.person_id != reader}
    named |= {each.passed_on_by for each in items if each.passed_on_by}
    return read_model.people(session, named)


@dataclass(frozen=True)
class ItemPage:
    """One item, and the form to say what came of it while it is open."""

    item: ShownItem
    card: NominalCard | None
    note: str | None
    form: FormView
    once: str
    why: list[str]
    names: Mapping[UUID, read_model.PersonCard]
    may_pass_on: bool


@service.query(
    "todo.read",
    path="/todo/<uuid:item_id>",
    input=Nothing,
    answer=TodoAnswer,
    page=Page("To-do item", "todo/item.html"),
)
def todo_item(work: Work, *, item_id: UUID) -> Any:
    """One item, for the person whose it is."""
    item = shown.one(work, item_id)
    if item is None:
        raise NotFound
    work.concerns(nominal_id=item.nominal_id, subject=("todo_item", item_id))
    refs = [item.nominal_id] if item.detail == "full" else []
    card = next(iter(cards(work, refs).values()), None)
    each = shown.shown(item, work.now)
    names = people_of(work.session, work.principal.person_id, [each])
    unit = read_model.unit(work.session, item.unit) if item.unit else None
    why = because(
        item,
        unit.name if unit else "",
        mine=item.person_id == work.principal.person_id,
        in_stead=stands_in(work.session, item),
    )
    others = item.state == "open" and bool(who_may_have(work.session, item, work.principal.agency))
    page = ItemPage(each, card, _note(work, item), form_view(OutcomeInput), str(new_id()), why, names, others)
    return _ReadItem(each, page)


@dataclass(frozen=True)
class _ReadItem:
    """The item for the API; `page` for its page."""

    item: ShownItem
    page: ItemPage

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


@dataclass(frozen=True)
class ChangesPage:
    records: list[ChangedRecord]
    total: int
    page: int
    pages: int
    cards: Mapping[UUID, NominalCard]
    table: Table


@service.query(
    "changes.list",
    path="/changes",
    input=PageInput,
    answer=ChangesAnswer,
    page=Page("Changes to your records", "todo/changes.html"),
)
def changes_list(work: Work, *, page: int) -> ChangesPage:
    """Records that changed since this person last looked, one line each (PF-7/To do list.1)."""
    news = unseen(work.principal.person_id).subquery()
    total = work.session.execute(select(func.count()).select_from(news)).scalar_one()
    newest = (
        select(news).order_by(news.c.latest.desc(), news.c.nominal_id).limit(PAGE).offset((page - 1) * PAGE)
    )
    records = [
        ChangedRecord(row.nominal_id, row[1], row.through, row.latest, tuple(row.what))
        for row in work.session.execute(newest)
    ]
    pages = max(1, ceil(total / PAGE))
    work.concerns(records=len(records))
    columns = (Column("nominal", "Nominal"), Column("what", "What changed"), Column("latest", "Last change"))
    caption = f"{total} changed {'record' if total == 1 else 'records'}"
    return ChangesPage(
        records,
        total,
        page,
        pages,
        cards(work, [each.nominal_id for each in records]),
        Table(caption, columns, (), page=page, pages=pages, path="/notifications/changes"),
    )


def cards(work: Work, refs: list[UUID | None]) -> dict[UUID, NominalCard]:
    """Only a page needs them, and only a page's request has the reader's access token."""
    credential = guard.credential() if has_request_context() else None
    return lines(work.runtime, refs, credential)


def _note(work: Work, item: TodoItem) -> str | None:
    if item.note is None:
        return None
    try:
        return work.runtime.decrypt(item.nominal_id, NOTE, item.note)
    except KeyProblem:
        return None


def _caption(show: str, total: int) -> str:
    noun = "task" if total == 1 else "tasks"
    return {"open": f"{total} open {noun}", "put_off": f"{total} {noun} put off"}.get(
        show, f"{total} {noun} done"
    )


def _given(asked: Mapping[str, Any]) -> dict[str, Any]:
    usual = {"due": "any", "show": "open", "important": False, "kind": []}
    return {name: value for name, value in asked.items() if value != usual[name]}


def _choices(kinds: Iterable[str], ticked: Collection[str]) -> list[tuple[str, str]]:
    """One for each name: several kinds may have the same."""
    named: dict[str, str] = {}
    for kind in sorted(kinds, key=lambda one: (one not in ticked, one)):
        named.setdefault(label(kind), kind)
    return sorted(((kind, name) for name, kind in named.items()), key=lambda choice: choice[1])
