"""Naming who sees to a list while somebody is away, and ending it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.notifications.service import service
from services.notifications.todo.colleagues import of_unit
from services.notifications.todo.covering import covered_by, covers_of
from services.notifications.todo.models import Cover
from services.notifications.todo.rules import cover_problem
from services.notifications.todo.schemas import CoverAnswer, CoverInput, CoversAnswer
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Work

_OVERSEERS = ("cpc", "lpc")
_INTRO = (
    "Your colleague sees to what is on your list and acts in their own name. They see what they may see anyway:"
    " records they stand to themselves, and tasks about no record. Their access does not change."
)


@service.query(
    "cover.list",
    path="/cover",
    input=Nothing,
    answer=CoversAnswer,
    page=Page("Cover while you are away", "todo/cover.html"),
)
def covers(work: Work) -> dict[str, Any]:
    """Who covers for this person, and for whom they cover."""
    me, session = work.principal.person_id, work.session
    found = covers_of(session, me, work.today)
    away = covered_by(session, me, work.today)
    names = read_model.people(session, [*away, *(one.by_id for one in found)])
    work.concerns(count=len(found))
    return {"covers": found, "covering": [names[one] for one in away if one in names], "names": names}


def nothing_yet(work: Work) -> dict[str, Any]:
    return {"from_day": work.today}


@service.command(
    "cover.name",
    path="/cover",
    input=CoverInput,
    answer=CoverAnswer,
    status=201,
    form=FormPage(
        title="Name who covers for you",
        button="Name cover",
        done="Your colleague sees your list in those days.",
        next="/cover",
        path="/cover/new",
        intro=_INTRO,
        values=nothing_yet,
    ),
)
def name_cover(work: Work, *, by_id: UUID, from_day: date, to_day: date) -> Cover:
    """For one's own list."""
    return _named(work, work.principal.person_id, by_id, from_day, to_day)


def about_person(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Whoever may not name cover for this person is told before typing."""
    return {"about": _overseen(work, person_id).name, "from_day": work.today}


@service.command(
    "cover.name_for",
    path="/people/<uuid:person_id>/cover",
    input=CoverInput,
    answer=CoverAnswer,
    status=201,
    form=FormPage(
        title="Name who covers for somebody",
        button="Name cover",
        done="The colleague sees that list in those days.",
        next="/vacant-roles",
        path="/people/<uuid:person_id>/cover/new",
        intro=_INTRO.replace("your list", "this person’s list").replace("Your colleague", "The colleague"),
        values=about_person,
    ),
)
def name_cover_for(work: Work, *, person_id: UUID, by_id: UUID, from_day: date, to_day: date) -> Cover:
    """Where somebody is away unforeseen: by the CPC or LPC of their unit, or above it."""
    _overseen(work, person_id)
    return _named(work, person_id, by_id, from_day, to_day)


@service.command(
    "cover.end",
    path="/cover/<uuid:cover_id>/end",
    input=Nothing,
    answer=Done,
    form=FormPage(
        title="End the cover",
        button="End cover",
        done="The cover has ended.",
        next="/cover",
        path="/cover/<uuid:cover_id>/end/new",
        intro="From now on your colleague does not see your list any more.",
    ),
)
def end_cover(work: Work, *, cover_id: UUID) -> None:
    """By whoever is covered for, covers, or named it."""
    found = select(Cover).where(Cover.id == cover_id).with_for_update()
    cover = work.session.execute(found).scalar_one_or_none()
    me = work.principal.person_id
    if cover is None or me not in (cover.person_id, cover.by_id, cover.named_by):
        raise NotFound
    if cover.ended_at is not None:
        raise Refusal("R34", what="This cover has ended already.")
    cover.ended_at = work.now
    work.concerns(subject=("cover", cover.id))


def _named(work: Work, person_id: UUID, by_id: UUID, from_day: date, to_day: date) -> Cover:
    if wrong := cover_problem(from_day, to_day, work.today):
        raise Invalid(wrong)
    if by_id not in dict(of_unit(work.session, person_id)):
        raise Invalid({"by_id": ["Choose a colleague from the list"]})
    made = Cover(
        id=new_id(),
        person_id=person_id,
        by_id=by_id,
        from_day=from_day,
        to_day=to_day,
        named_by=work.principal.person_id,
    )
    work.session.add(made)
    work.concerns(subject=("cover", made.id), person=str(person_id), by=str(by_id))
    return made


def _overseen(work: Work, person_id: UUID) -> read_model.PersonCard:
    card = read_model.person(work.session, person_id)
    if card is None:
        raise NotFound
    own = work.principal.units_with(*_OVERSEERS) | work.principal.deputy_for
    if not own & set(read_model.above(work.session, card.unit)):
        raise Refusal("R32", role="the CPC or LPC of the person’s unit")
    return card
