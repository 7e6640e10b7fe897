"""Log-ons of the last months, audits, successors and what ends soon, so that the reports of a demonstration speak."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, update

from services.identity.appointments.models import Successor
from services.identity.coverage.models import LeadAssurance, LocalPractice
from services.identity.demonstration.invented import User
from services.identity.demonstration.rows import Row, person_id
from services.identity.log_on_audit.models import LogOnAudit, TodoOpened
from services.identity.opaque_ids import hashed
from services.identity.people.models import Person
from services.identity.sessions.models import SignInSession
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.ids import derived_id, new_id
from shared.work import NOBODY, Work

_DAYS = 89
_CHUNK = 2_000
_PRACTICE = (
    "Receptions are read out at the morning briefing, and each new nominal is searched for on the same day."
)


def add_usage(work: Work, users: Sequence[User]) -> None:
    """The same for one seed and day; who has a part in the story has logged on lately."""
    who = [user for user in users if not user.disabled and user.vetting is not None]
    made = [row for user in who for row in _log_ons(user, work.system_now)]
    for start in range(0, len(made), _CHUNK):
        work.session.execute(insert(SignInSession), made[start : start + _CHUNK])
    last: dict[object, datetime] = {}
    for row in made:
        last[row["person_id"]] = max(row["opened_at"], last.get(row["person_id"], row["opened_at"]))
    table = Person.metadata.tables["person"]
    seen = update(table).where(table.c.id == bindparam("who")).values(last_signed_in_on=bindparam("day"))
    work.session.execute(seen, [{"who": person, "day": at.date()} for person, at in last.items()])
    opened = [{"person_id": person, "opened_on": at.date()} for person, at in last.items()]
    work.session.execute(insert(TodoOpened), opened)
    _successions(work, who)
    _assured(work, who)
    _audited(work, who)


def _log_ons(user: User, now: datetime) -> Iterator[Row]:
    """Most log on each week; a few not for long, so that somebody is flagged."""
    chance = random.Random(f"log-ons {user.username}")  # noqa: S311 - invented, and the same each time
    absent = 0 if user.part else chance.choices((0, 34, 70), (90, 7, 3))[0]
    for number in range(chance.randrange(3, 12)):
        days = (
            absent + chance.randrange(0, max(1, _DAYS - absent))
            if number
            else absent + chance.randrange(0, 3)
        )
        at = now - timedelta(days=days, hours=chance.randrange(1, 8))
        yield _session(user, at, number)


def _session(user: User, at: datetime, number: int) -> Row:
    prison = user.unit.startswith("prison-")
    terminal = f"{user.unit.removeprefix('prison-')}-0{1 + number % 2}"
    return {
        "id": derived_id("demonstration-session", user.username, str(number)),
        "secret_hash": hashed(str(new_id())),
        "person_id": person_id(user.username),
        "scope": "full",
        "terminal_id": derived_id("demonstration-terminal", terminal) if prison else None,
        "secure_office": not prison,
        "opened_at": at,
        "proved_at": at,
        "last_seen_at": at + timedelta(hours=1),
        "ended_at": at + timedelta(hours=1),
        "end_reason": "signed_out",
    }


def _holders(users: Sequence[User], token: str) -> list[User]:
    return [user for user in users if any(held.name == token for held in user.tokens)]


def _successions(work: Work, users: Sequence[User]) -> None:
    """Some CPC's time ends soon, and half of them have somebody to follow (PI-3.8.5)."""
    for number, user in enumerate(_holders(users, "cpc")):
        chance = random.Random(f"succession {user.username}")  # noqa: S311
        if not user.part and number % 5 == 0:
            last = work.today + timedelta(days=chance.randrange(20, 85))
            ending = update(TokenGrant).where(
                TokenGrant.person_id == person_id(user.username),
                TokenGrant.token == "cpc",  # noqa: S105
            )
            work.session.execute(ending.values(valid_to=last))
        following = [one for one in _holders(users, "central_support") if one.unit == user.unit]
        if following and number % 2 == 0:
            work.session.add(
                Successor(
                    post="cpc",
                    unit=user.unit,
                    person_id=person_id(following[0].username),
                    named_by=person_id(user.username),
                    named_at=work.now,
                )
            )


def _assured(work: Work, users: Sequence[User]) -> None:
    """Most leads have given this month's assurance; one prison in eight has a practice of its own."""
    leads = [user for user in users if any(held.name == "visor_lead" for held in user.roles)]
    month, given = work.today.replace(day=1), set()
    for number, user in enumerate(leads):
        if number % 20 == 3 and not user.part:  # noqa: PLR2004 - a few prisons have nobody
            _vacate(work, user)
            continue
        if number % 4 and user.unit not in given:
            given.add(user.unit)
            work.session.add(
                LeadAssurance(
                    unit=user.unit,
                    month=month,
                    completed=bool(number % 7),
                    note="" if number % 7 else "Two receptions of last week are still to be searched for.",
                    written_by=person_id(user.username),
                    written_at=work.now,
                )
            )
        if number % 8 == 1:
            work.session.add(_practice(user, work))


def _vacate(work: Work, user: User) -> None:
    mine = RoleGrant.person_id == person_id(user.username)
    gone = {"ended_at": work.system_now, "ended_by": NOBODY, "end_reason": "Moved to another post"}
    work.session.execute(update(RoleGrant).where(mine, RoleGrant.role == "visor_lead").values(**gone))


def _practice(user: User, work: Work) -> LocalPractice:
    return LocalPractice(
        unit=user.unit,
        title="Morning briefing",
        text=_PRACTICE,
        in_force_from=work.today - timedelta(days=120),
        complies=True,
        equality_checked=True,
        written_by=person_id(user.username),
        written_at=work.now,
    )


def _audited(work: Work, users: Sequence[User]) -> None:
    """Last quarter's audits of the areas: signed by the CPC, whose deputy completed them; one waits for a signature."""
    first, last = work.today - timedelta(days=120), work.today - timedelta(days=31)
    for number, cpc in enumerate(user for user in _holders(users, "cpc") if user.unit.startswith("area-")):
        helper = next((one for one in _holders(users, "central_support") if one.unit == cpc.unit), None)
        if helper is None:
            continue
        open_one = number % 6 == 0
        work.session.add(
            LogOnAudit(
                unit=cpc.unit,
                period_from=first,
                period_to=last,
                state="completed" if open_one else "signed",
                begun_by=person_id(helper.username),
                begun_at=work.now - timedelta(days=25),
                findings="Everybody of the sample logged on in the period; two only twice.",
                complies="partly",
                actions="The SPOs of both have been told.",
                completed_by=person_id(helper.username),
                completed_at=work.now - timedelta(days=24),
                signed_by=None if open_one else person_id(cpc.username),
                signed_at=None if open_one else work.now - timedelta(days=20),
            )
        )
