"""Each post of each unit with who holds it: a few queries, however many units there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from services.identity.appointments.models import Successor
from services.identity.coverage.posts import Post
from services.identity.coverage.rules import Hold, State, first_gap, held, horizon, state_of
from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.vetting.covered import accepted, covered
from services.identity.vetting.models import VettingException, VettingRecord, VettingType
from shared.work import Work

WARN_BEFORE = "coverage.warn_before"


@dataclass(frozen=True)
class Holder:
    hold: Hold
    name: str
    job_title: str


@dataclass(frozen=True)
class Slot:
    """`gap` is the day from which it is uncovered, up to the horizon; `holders` is empty where only a number counts."""

    post: Post
    unit: Unit
    number: int
    state: State
    gap: date | None
    holders: Sequence[Holder] = ()
    successor: tuple[UUID, str] | None = None
    warnings: Sequence[str] = field(default=())


def slots(work: Work, posts: Iterable[Post], units: Select[Any]) -> list[Slot]:
    """Every post of the units whose codes `units` selects, in the order of units and posts."""
    posts = list(posts)
    there = select(Unit).where(Unit.code.in_(units), Unit.closed_on.is_(None)).order_by(Unit.name, Unit.code)
    found = list(work.session.execute(there).scalars())
    parents = dict(work.session.execute(select(Unit.code, Unit.parent)).all())
    following = successors(work)
    by_post = {
        post.code: _of_post(work, post, parents, [u for u in found if u.kind == post.unit_kind])
        for post in posts
    }
    return [
        _slot(work, post, unit, by_post[post.code], following)
        for unit in found
        for post in posts
        if post.unit_kind == unit.kind
    ]


def successors(work: Work) -> dict[tuple[str, str], tuple[UUID, str]]:
    query = select(Successor.post, Successor.unit, Person.id, Person.name).join(
        Person, Person.id == Successor.person_id
    )
    return {(post, unit): (person, name) for post, unit, person, name in work.session.execute(query)}


Held = Mapping[str, list[Holder]] | Mapping[str, int]


def _of_post(work: Work, post: Post, parents: Mapping[str, str | None], units: Sequence[Unit]) -> Held:
    wanted = {unit.code for unit in units}
    return _named(work, post, parents, wanted) if post.named else _counted(work, post, parents, wanted)


def _place(post: Post, code: str, parents: Mapping[str, str | None], wanted: set[str]) -> str | None:
    """The unit for which a grant counts: its own, or the nearest above where the post says so."""
    at: str | None = code
    while at is not None and at not in wanted:
        at = parents.get(at) if post.below else None
    return at


def _grants(post: Post) -> tuple[Any, ColumnElement[bool]]:
    if post.kind == "token":
        return TokenGrant, (TokenGrant.token == post.name) & TokenGrant.suspended_at.is_(None)
    return RoleGrant, RoleGrant.role == post.name


def _named(
    work: Work, post: Post, parents: Mapping[str, str | None], wanted: set[str]
) -> dict[str, list[Holder]]:
    """Also who will hold it within the horizon: a successor whose grant is to come closes the gap."""
    grant, of_post = _grants(post)
    last = horizon(work.today, work.policy.period(WARN_BEFORE, work.today).amount)
    query = (
        select(grant.unit, grant.valid_from, grant.valid_to, Person.id, Person.name, Person.job_title)
        .join(Person, Person.id == grant.person_id)
        .where(of_post, grant.ended_at.is_(None), grant.valid_from <= last, ACTIVE)
        .order_by(Person.name, Person.id)
    )
    rows = work.session.execute(query).all()
    ends = vetted_until(work, {row.id for row in rows}, post.level)
    found: dict[str, list[Holder]] = defaultdict(list)
    for row in rows:
        place = _place(post, row.unit, parents, wanted)
        if place is not None and row.id in ends:
            hold = Hold(row.id, row.valid_from, _sooner(ends[row.id], row.valid_to))
            found[place].append(Holder(hold, row.name, row.job_title))
    return found


def _sooner(vetting: date, last_day: date | None) -> date:
    return vetting if last_day is None else min(vetting, last_day + timedelta(days=1))


def vetted_until(work: Work, people: set[UUID], level: int) -> dict[UUID, date]:
    """For each who is vetted to this level today the first day without, by person (PF-4.16/A.2)."""
    record = (
        select(VettingRecord.person_id, func.max(VettingRecord.expires_on))
        .join(VettingType, VettingType.code == VettingRecord.kind)
        .where(
            VettingRecord.person_id.in_(people),
            VettingRecord.revoked_at.is_(None),
            VettingRecord.cleared_on <= work.today,
            VettingRecord.expires_on > work.today,
            VettingType.level >= level,
            accepted(work.policy, work.today),
        )
        .group_by(VettingRecord.person_id)
    )
    exception = (
        select(VettingException.person_id, func.max(VettingException.last_day))
        .where(
            VettingException.person_id.in_(people),
            VettingException.ended_at.is_(None),
            VettingException.level >= level,
            VettingException.first_day <= work.today,
            VettingException.last_day >= work.today,
        )
        .group_by(VettingException.person_id)
    )
    found = {person: last + timedelta(days=1) for person, last in work.session.execute(exception)}
    for person, until in work.session.execute(record):
        found[person] = max(until, found.get(person, until))
    return found


def _counted(work: Work, post: Post, parents: Mapping[str, str | None], wanted: set[str]) -> dict[str, int]:
    grant, of_post = _grants(post)
    query = (
        select(grant.unit, func.count(grant.person_id.distinct()))
        .join(Person, Person.id == grant.person_id)
        .where(
            of_post,
            grant.ended_at.is_(None),
            grant.started_at.is_not(None),
            or_(grant.valid_to.is_(None), grant.valid_to >= work.today),
            ACTIVE,
            covered(work.policy, work.today, post.level),
        )
        .group_by(grant.unit)
    )
    found: dict[str, int] = defaultdict(int)
    for code, number in work.session.execute(query):
        place = _place(post, code, parents, wanted)
        if place is not None:
            found[place] += number
    return found


def _slot(
    work: Work, post: Post, unit: Unit, of_post: Held, following: Mapping[tuple[str, str], tuple[UUID, str]]
) -> Slot:
    today, there = work.today, of_post.get(unit.code)
    if not post.named:
        number = there if isinstance(there, int) else 0
        gap = today if number < post.least else None
        return Slot(post, unit, number, state_of(number, post.least, post.most, gap, today), gap)
    holders = there if isinstance(there, list) else []
    holds = [holder.hold for holder in holders]
    last = horizon(today, work.policy.period(WARN_BEFORE, today).amount)
    gap, number = first_gap(holds, post.least, today, last), held(holds, today)
    state = state_of(number, post.least, post.most, gap, today)
    return Slot(post, unit, number, state, gap, holders, following.get((post.name, unit.code)))
