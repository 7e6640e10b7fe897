"""Naming who sees to a list while somebody is away, and ending it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import func, select

from services.notifications.service import service
from services.notifications.todo.colleagues import MOST_FOUND, named_like, of_unit
from services.notifications.todo.covering import covers_by, covers_of, named_for_others, overlapping
from services.notifications.todo.models import Cover
from services.notifications.todo.rules import cover_problem
from services.notifications.todo.schemas import (
    CoverAnswer,
    CoverInput,
    CoversAnswer,
    PeopleAnswer,
    PeopleInput,
)
from shared.access.principal import Principal
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.time.words import in_words
from shared.web.about import about
from shared.web.schemas import Done, Nothing
from shared.work import Work

_OVERSEERS = ("cpc", "lpc")
_ONE_AT_A_TIME = 0x5649534F_434F
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
    """Who covers for this person, for whom they cover, and what they named for others."""
    me, session = work.principal.person_id, work.session
    found, away = covers_of(session, me, work.today), covers_by(session, me, work.today)
    named = named_for_others(session, me, work.today)
    all_ = (*found, *away, *named)
    names = read_model.people(session, {person for one in all_ for person in (one.by_id, one.person_id)})
    work.concerns(count=len(found))
    overseer = bool(_overseen_units(work.principal))
    return {"covers": found, "covering": away, "named": named, "names": names, "overseer": overseer}


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


@service.query(
    "cover.people",
    path="/cover/people",
    input=PeopleInput,
    answer=PeopleAnswer,
    method="POST",
    page=Page("Cover for somebody who is away", "todo/cover_people.html", opens=True),
)
def people(work: Work, *, name: str) -> dict[str, Any]:
    """Whoever oversees units finds the person of them for whom cover is needed."""
    units = _overseen_units(work.principal)
    if not units:
        raise Refusal("R32", role="a CPC or LPC")
    wanted = " ".join(name.split())
    found = named_like(work.session, units, wanted) if wanted else []
    work.concerns(count=len(found))
    places = read_model.units(work.session, [one.unit for one in found])
    return {"people": found, "units": places, "name": wanted, "most": MOST_FOUND}


def about_person(work: Work, *, person_id: UUID) -> dict[str, Any]:
    """Whoever may not name cover for this person is told before typing."""
    return {"about": about(_overseen(work, person_id)), "from_day": work.today}


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
        next="/cover",
        path="/people/<uuid:person_id>/cover/new",
        intro=_INTRO.replace("your list", "this person’s list").replace("Your colleague", "The colleague"),
        values=about_person,
    ),
)
def name_cover_for(work: Work, *, person_id: UUID, by_id: UUID, from_day: date, to_day: date) -> Cover:
    """Where somebody is away unforeseen: by the CPC or LPC of their unit, or above it."""
    _overseen(work, person_id)
    return _named(work, person_id, by_id, from_day, to_day)


def about_cover(work: Work, *, cover_id: UUID) -> dict[str, Any]:
    """Whose list, and who sees it; whoever has no part in it, and whoever comes late, is told before the button."""
    cover = _ending(work, cover_id, lock=False)
    names = read_model.people(work.session, [cover.person_id, cover.by_id])
    whose, by = (
        about(names[one]) if one in names else "A colleague" for one in (cover.person_id, cover.by_id)
    )
    days = f"{in_words(cover.from_day)} to {in_words(cover.to_day)}"
    return {"about": Markup("{} for {}, {}").format(by, whose, days)}


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
        intro="From now on the colleague does not see that list any more.",
        values=about_cover,
    ),
)
def end_cover(work: Work, *, cover_id: UUID) -> None:
    """By whoever is covered for, covers, or named it."""
    cover = _ending(work, cover_id)
    cover.ended_at = work.now
    work.concerns(subject=("cover", cover.id))


def _ending(work: Work, cover_id: UUID, *, lock: bool = True) -> Cover:
    found = select(Cover).where(Cover.id == cover_id)
    cover = work.session.execute(found.with_for_update() if lock else found).scalar_one_or_none()
    me = work.principal.person_id
    if cover is None or me not in (cover.person_id, cover.by_id, cover.named_by):
        raise NotFound
    if cover.ended_at is not None:
        raise Refusal("R34", what="This cover has ended already.")
    return cover


def _named(work: Work, person_id: UUID, by_id: UUID, from_day: date, to_day: date) -> Cover:
    if wrong := cover_problem(from_day, to_day, work.today):
        raise Invalid(wrong)
    if by_id not in dict(of_unit(work.session, person_id)):
        raise Invalid({"by_id": ["Choose a colleague from the list"]})
    # One after the other, so that two at once see each other's.
    work.session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if overlapping(work.session, person_id, by_id, from_day, to_day):
        raise Invalid({"by_id": ["This colleague covers on some of these days already"]})
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
    if not _overseen_units(work.principal) & set(read_model.above(work.session, card.unit)):
        raise Refusal("R32", role="the CPC or LPC of the person’s unit")
    return card


def _overseen_units(principal: Principal) -> frozenset[str]:
    return principal.units_with(*_OVERSEERS) | principal.deputy_for
