"""Deadlines of a nominal, of an area, one of them with the days it counted, and the catalogue itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from services.notifications.deadlines import shown
from services.notifications.deadlines.catalogue import catalogue
from services.notifications.deadlines.described import described
from services.notifications.deadlines.models import Clock, DueChange, Rung
from services.notifications.deadlines.offers import Offer, offers
from services.notifications.deadlines.reminded import Reminded, reminded
from services.notifications.deadlines.schemas import (
    AreaInput,
    CatalogueAnswer,
    ClockListAnswer,
    WholeClockAnswer,
)
from services.notifications.deadlines.shown import ShownClock, ShownRung
from services.notifications.delivery.queries import sees_vacancies
from services.notifications.service import service
from services.notifications.todo.cards import NominalCard
from services.notifications.todo.queries import cards
from services.notifications.todo.shown import has_item
from services.notifications.todo.standings import closed_to
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.contacts import your_cpc
from shared.refusals import NotFound, Refusal
from shared.web.forms import FormView, form_view
from shared.web.schemas import Nothing
from shared.web.tables import Table
from shared.work import Work

PAGE = 25


@dataclass(frozen=True)
class ClockList:
    clocks: list[ShownClock]
    total: int
    page: int
    pages: int
    cards: Mapping[UUID, NominalCard]
    table: Table
    filters: FormView | None = None
    units: Mapping[str, read_model.UnitCard] | None = None
    offers: Sequence[Offer] = ()
    sees_vacancies: bool = False
    reminded: Reminded = field(default_factory=dict)


@service.query(
    "deadlines.of_nominal",
    path="/nominals/<uuid:nominal_id>/deadlines",
    input=Nothing,
    answer=ClockListAnswer,
    page=Page("Deadlines of a record", "deadlines/nominal.html"),
)
def of_nominal(work: Work, *, nominal_id: UUID) -> ClockList:
    """Every deadline of a record that this person may see; none at all looks like none that concerns them."""
    found = _clocks(work, Clock.nominal_id == nominal_id, shown.visible(work.principal))
    work.concerns(nominal_id=nominal_id, count=len(found))
    lines = cards(work, [nominal_id])
    seen = lines.get(nominal_id)
    offered = offers(nominal=True) if seen is not None and seen.name is not None else ()
    table = Table("Deadlines", (), ())
    return ClockList(found, len(found), 1, 1, lines, table, offers=offered)


@service.query(
    "deadlines.of_area",
    path="/deadlines",
    input=AreaInput,
    answer=ClockListAnswer,
    page=Page("Deadlines of your area", "deadlines/area.html"),
)
def of_area(work: Work, *, state: str, page: int) -> ClockList:
    """The deadlines of the units whose point of contact one is, the soonest first (RPT-08)."""
    principal = work.principal
    if not shown.oversees(principal):
        raise Refusal("R11", token="CPC or LPC", contact=your_cpc(work))  # noqa: S106 - an access right's name
    asked = (shown.overseen(principal), shown.in_state(state, work.now))
    total = work.session.execute(select(func.count()).select_from(Clock).where(*asked)).scalar_one()
    found = _clocks(work, *asked, offset=(page - 1) * PAGE)
    pages = max(1, ceil(total / PAGE))
    work.concerns(count=len(found), total=total, state=state)
    caption = f"{total} {'deadline' if total == 1 else 'deadlines'}"
    return ClockList(
        found,
        total,
        page,
        pages,
        cards(work, [each.nominal_id for each in found if not each.restricted]),
        Table(caption, (), (), "", page, pages, "/notifications/deadlines", {"state": state}),
        form_view(AreaInput(exclude=("page",)), {"state": state}),
        read_model.units(work.session, [each.unit for each in found if each.unit]),
        offers(nominal=False),
        sees_vacancies(principal),
        reminded(work, found),
    )


@dataclass(frozen=True)
class WholeClock:
    """A clock with its ladder; unknown names are the clock's own."""

    shown: ShownClock
    rungs: list[ShownRung]
    card: NominalCard | None
    unit_name: str
    changes: Sequence[DueChange]
    may: frozenset[str]
    reminded: Sequence[read_model.PersonCard]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shown, name)


@service.query(
    "deadlines.read",
    path="/deadlines/<uuid:deadline_id>",
    input=Nothing,
    answer=WholeClockAnswer,
    page=Page("Deadline", "deadlines/deadline.html"),
)
def read(work: Work, *, deadline_id: UUID) -> WholeClock:
    """One deadline: how it was counted, and whom it told."""
    found = _clocks(
        work, Clock.id == deadline_id, Clock.started_at.is_not(None), shown.visible(work.principal)
    )
    if not found:
        raise NotFound
    clock = found[0]
    climbed = work.session.execute(select(Rung).where(Rung.deadline_id == deadline_id)).scalars().all()
    work.concerns(nominal_id=clock.nominal_id, subject=("deadline", deadline_id))
    unit = read_model.unit(work.session, clock.unit) if clock.unit else None
    refs = [clock.nominal_id] if not clock.restricted else []
    card = next(iter(cards(work, refs).values()), None)
    changed = (
        select(DueChange).where(DueChange.deadline_id == deadline_id).order_by(DueChange.at, DueChange.id)
    )
    return WholeClock(
        clock,
        shown.rungs(clock.clock, climbed),
        card,
        unit.name if unit else clock.unit or "",
        work.session.execute(changed).scalars().all() if not clock.restricted else [],
        _may(work, clock.clock) if not clock.restricted else frozenset(),
        reminded(work, found).get(deadline_id, ()),
    )


def _may(work: Work, clock: Clock) -> frozenset[str]:
    """What the page offers: to say that it was done, to have it stand still, to let it go on."""
    entry = catalogue().get(clock.code)
    if entry is None or clock.state == "met":
        return frozenset()
    oversees = select(Clock.id).where(Clock.id == clock.id, shown.overseen(work.principal))
    overseer = work.session.execute(oversees).first() is not None
    may = set()
    if entry.by_hand and entry.by_hand.done and (overseer or has_item(work, clock.id)):
        may.add("done")
    if entry.pausable and overseer:
        may.add("resume" if clock.state == "paused" else "pause")
    return frozenset(may)


@service.query(
    "deadlines.catalogue",
    path="/deadlines/catalogue",
    input=Nothing,
    answer=CatalogueAnswer,
    page=Page("The catalogue of deadlines", "deadlines/catalogue.html"),
)
def read_catalogue(work: Work) -> dict[str, Any]:
    """Every deadline the register knows, as policy has it today."""
    work.concerns(count=len(catalogue()))
    return {"entries": [described(entry, work.policy, work.today) for entry in catalogue().values()]}


def _clocks(work: Work, *asked: ColumnElement[bool], offset: int = 0) -> list[ShownClock]:
    found = select(Clock).where(*asked, Clock.started_at.is_not(None))
    found = (
        found.order_by(Clock.met_at.desc().nulls_first(), Clock.due_on, Clock.id).limit(PAGE).offset(offset)
    )
    clocks = work.session.execute(found).scalars().all()
    closed = closed_to(work.session, work.principal, {one.nominal_id for one in clocks})
    return [shown.shown(clock, work.now, closed=clock.nominal_id in closed) for clock in clocks]
