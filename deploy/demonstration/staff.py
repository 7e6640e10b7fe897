"""Invented users: every unit's posts filled, the story's cast in theirs, and what a sign-in asks of each."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from deploy.demonstration.cards import email, mobile, telephone
from deploy.demonstration.cast import CastMember, cast
from deploy.demonstration.chance import chance_of
from deploy.demonstration.names import pick_heritage
from deploy.demonstration.toml import hashable, toml
from deploy.demonstration.users import Held, InventedUser, InventedVetting, Staff
from shared.reference.estate import Unit, delivery_units, estate_units, prisons

_VETTING_YEARS = {2: 3, 3: 7}


@dataclass(frozen=True, slots=True)
class Post:
    """A row of posts.toml. `only`: unit codes, "first of area", "not first of area", or None for all."""

    post: str
    title: str
    vetting: int
    count: int = 1
    tokens: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    courses: tuple[str, ...] = ("end_user",)
    only: tuple[str, ...] | str | None = None

    def belongs_to(self, unit: Unit) -> bool:
        if isinstance(self.only, str):
            return (unit.code in _first_of_areas()) is (self.only == "first of area")
        return self.only is None or unit.code in self.only


def staff(seed: int, today: date) -> Staff:
    """Every user of every unit, some 2,400; the same for the same seed and day."""
    users = tuple(_users(seed, today))
    by_post: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for user in users:
        if user.can_sign_in(today):
            by_post[user.unit, user.post].append(user.username)
    return Staff(
        users,
        {user.username: user for user in users},
        {key: tuple(usernames) for key, usernames in by_post.items()},
    )


def _users(seed: int, today: date) -> Iterator[InventedUser]:
    taken = Counter(member.username for member in cast())
    members = _cast_by_post()
    for unit in estate_units():
        for post in posts().get(unit.kind, ()):
            if post.belongs_to(unit):
                known = members.get((unit.code, post.post), [])
                for holder in (*known, *range(_vacancies(post, known))):
                    yield _person(seed, unit, post, today, holder, taken)


def _vacancies(post: Post, known: list[CastMember]) -> int:
    """Those who cannot sign in are beside the post's usual holders, not instead of them."""
    return post.count - sum(_is_whole(member) for member in known)


def _is_whole(member: CastMember) -> bool:
    amiss = (member.vetting, member.training, member.syops, member.account)
    return amiss == ("current", "passed", "signed", "enabled")


def _person(
    seed: int, unit: Unit, post: Post, today: date, holder: CastMember | int, taken: Counter[str]
) -> InventedUser:
    """`holder` is a member of the cast, or the number of somebody who is made up now."""
    member = None if isinstance(holder, int) else holder
    chance = chance_of(seed, unit.code, post.post, member.username if member else holder)
    forename, surname = (member.forename, member.surname) if member else _name(chance)
    username = member.username if member else _username(forename, surname, taken)
    passed_on = today - timedelta(days=chance.randrange(60, 900))
    return InventedUser(
        username=username,
        forename=forename,
        surname=surname,
        unit=unit.code,
        agency=unit.agency,
        post=post.post,
        job_title=_title(unit, post),
        email=email(username, unit),
        telephone=telephone(chance, unit),
        mobile=mobile(chance),
        tokens=tuple(Held(token, unit.code) for token in post.tokens),
        roles=tuple(Held(role, unit.code) for role in post.roles),
        vetting=_vetting(chance, post, today, member.vetting if member else "current"),
        courses=() if member and member.training == "none" else tuple((c, passed_on) for c in post.courses),
        syops_signed_on=None if member and member.syops == "unsigned" else passed_on - timedelta(days=14),
        disabled=member is not None and member.account == "disabled",
        part=member.part if member else "",
    )


def _name(chance: random.Random) -> tuple[str, str]:
    sex = chance.choice(("female", "male"))
    heritage = pick_heritage(chance)
    return heritage.forename(chance, sex, chance.randrange(1962, 2002)), heritage.surname(chance, sex)


def _vetting(chance: random.Random, post: Post, today: date, state: str) -> InventedVetting | None:
    """None ends of itself within four months, so that the demonstration does not fall apart at once."""
    if state == "none":
        return None
    years = _VETTING_YEARS[post.vetting]
    ends_in = -12 if state == "expired" else chance.randrange(120, years * 365)
    expires_on = today + timedelta(days=ends_in)
    return InventedVetting(
        level=f"NPPV{post.vetting}",
        reference=f"DEMO-{chance.randrange(10**6):06}",
        cleared_on=expires_on - timedelta(days=years * 365),
        expires_on=expires_on,
    )


def _username(forename: str, surname: str, taken: Counter[str]) -> str:
    """Forename and surname, with a number from the second of the same name on."""
    base = f"{_plain(forename)}.{_plain(surname)}"
    taken[base] += 1
    return base if taken[base] == 1 else f"{base}{taken[base]}"


def _plain(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z-]", "", ascii_only.lower())


def _title(unit: Unit, post: Post) -> str:
    """The Governor of a contracted prison is its Director (PF-0.4.2)."""
    return "Director" if post.post == "governor" and unit.code in _contracted() else post.title


@cache
def posts() -> Mapping[str, tuple[Post, ...]]:
    """The posts of each kind of unit."""
    return {kind: tuple(Post(**hashable(row)) for row in rows) for kind, rows in toml("posts.toml").items()}


@cache
def _cast_by_post() -> Mapping[tuple[str, str], list[CastMember]]:
    found: defaultdict[tuple[str, str], list[CastMember]] = defaultdict(list)
    for member in cast():
        found[member.unit, _post_in(member)].append(member)
    return found


def _post_in(member: CastMember) -> str:
    deputises = member.post == "lpc" and member.unit in _first_of_areas()
    return "lpc_deputy" if deputises else member.post


@cache
def _first_of_areas() -> frozenset[str]:
    """Of each area's delivery units the first in the table, whose LPC deputises for the CPC (PF-7/LPC.2)."""
    first: dict[str, str] = {}
    for unit in delivery_units():
        if unit.area and unit.territorial:
            first.setdefault(unit.area, f"pdu-{unit.code}")
    return frozenset(first.values())


@cache
def _contracted() -> frozenset[str]:
    return frozenset(f"prison-{prison.code}" for prison in prisons() if prison.contracted)
