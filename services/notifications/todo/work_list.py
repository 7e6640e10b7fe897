"""A prison's work in the order of its process: reception, search, partner, update, transfer, release (PSI-5.3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy import func, select

from services.notifications.service import service
from services.notifications.todo import shown
from services.notifications.todo.cards import NominalCard
from services.notifications.todo.models import TodoItem
from services.notifications.todo.process import Step, step_of, steps
from services.notifications.todo.queries import cards
from services.notifications.todo.schemas import TodoAnswer
from services.notifications.todo.shown import ShownItem
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Answer, Nothing
from shared.work import Work

# What is due soonest of each step; the rest stands on the to-do list.
MOST = 10


class StepAnswer(Answer):
    name = fields.String(attribute="step.name")
    total = fields.Integer()
    items = fields.List(fields.Nested(TodoAnswer))


class WorkListAnswer(Answer):
    steps = fields.List(fields.Nested(StepAnswer))
    others = fields.Integer(metadata={"description": "open items that are no step of the process"})


@dataclass(frozen=True)
class StepWork:
    step: Step
    total: int
    items: Sequence[ShownItem]


@dataclass(frozen=True)
class WorkList:
    steps: Sequence[StepWork]
    others: int
    cards: Mapping[UUID, NominalCard]


@service.query(
    "todo.work_list",
    path="/todo/work-list",
    input=Nothing,
    answer=WorkListAnswer,
    page=Page("Work in the order of the process", "todo/work_list.html"),
)
def work_list(work: Work) -> WorkList:
    """PSI-5.3.1: for whoever works in a prison, their own open items by the step to which each belongs."""
    if work.principal.agency_kind != "prison":
        raise Refusal("R32", role="somebody who works in a prison")
    totals = _totals(work)
    found = [_of_step(work, step, totals) for step in steps()]
    here = [item.nominal_id for one in found for item in one.items if item.detail == "full"]
    work.concerns(items=sum(len(one.items) for one in found))
    others = sum(count for kind, count in totals.items() if step_of(kind) is None)
    return WorkList(found, others, cards(work, here))


def _totals(work: Work) -> dict[str, int]:
    whose = shown.mine(work.session, work.principal, work.today)
    found = select(TodoItem.kind, func.count()).where(whose, shown.to_do_now(work.today))
    return {row[0]: row[1] for row in work.session.execute(found.group_by(TodoItem.kind))}


def _of_step(work: Work, step: Step, totals: Mapping[str, int]) -> StepWork:
    total = sum(totals.get(kind, 0) for kind in step.kinds)
    return StepWork(step, total, _items(work, step) if total else [])


def _items(work: Work, step: Step) -> list[Any]:
    whose = shown.mine(work.session, work.principal, work.today)
    found = (
        select(TodoItem)
        .where(whose, shown.to_do_now(work.today), TodoItem.kind.in_(step.kinds))
        .order_by(TodoItem.due_on.asc().nulls_last(), TodoItem.raised_at, TodoItem.id)
    )
    return [shown.shown(item, work.now) for item in work.session.execute(found.limit(MOST)).scalars()]
