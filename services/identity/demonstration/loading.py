"""Fills an empty database with invented people, once, and marks it as demonstration for good."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from services.identity.buildings.models import Building
from services.identity.demonstration import rows, sites
from services.identity.demonstration.entitling import add_entitlements
from services.identity.demonstration.invented import Agency, Unit, User
from services.identity.demonstration.models import DemonstrationPart, DemonstrationPassword
from services.identity.demonstration.newcomers import add_newcomers
from services.identity.demonstration.paperwork import add_documents, add_message, add_vetting_examples
from services.identity.demonstration.rows import person_id
from services.identity.demonstration.teaching import add_training
from services.identity.demonstration.usage import add_usage
from services.identity.demonstration.waiting import add_what_waits
from services.identity.directory import log
from services.identity.documents.library import ensure_syops
from services.identity.documents.models import Signature
from services.identity.estate import NATIONAL
from services.identity.people import models as people
from services.identity.sign_in import one_time_codes, passwords
from services.identity.sign_in.models import Credential
from services.identity.terminals.models import Assessment, NetworkRange, Terminal, WifiGrant
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.training.models import TrainingRecord
from services.identity.vetting.models import VettingRecord
from shared.runtime import Runtime
from shared.time.policy_clock import mark_as_demonstration
from shared.work import Work

__all__ = ["load", "password", "person_id"]

_PURPOSE = "demonstration password"
_CHUNK = 2_000
Progress = Callable[[str, int], object]


class NotEmptyError(RuntimeError):
    """The database holds real people, or was begun as a real one: no invented person may come into it."""


def load(
    runtime: Runtime,
    users: Sequence[User],
    units: Sequence[Unit],
    agencies: Sequence[Agency],
    *,
    progress: Progress = lambda _what, _number: None,
) -> str:
    """Load them all in one transaction and return the one password of all; a second time only returns it.

    Passwords and the secrets of the codes are made here and differ from one demonstration to the next.
    """
    known = password(runtime)
    if known is not None:
        return known
    with runtime.system_work("demonstration.load") as work:
        _mark(work)
        made = "-".join(secrets.token_hex(2) for _ in range(3))
        sealed = runtime.encrypt(None, _PURPOSE, made)
        work.session.add(DemonstrationPassword(id=1, password=sealed))
        _estate(work, units, agencies)
        _people(work, users, made, progress)
        add_training(work, users, units)
        _insert(work.session, Assessment, sites.assessments(units, users, work.system_now))
        _insert(work.session, WifiGrant, sites.wifi_grants(users, work.system_now, work.today))
        log.changed(
            work,
            people=[person_id(user.username) for user in users],
            units=[*(unit.code for unit in units), NATIONAL],
        )
        work.concerns(people=len(users))
        work.audit(work.action, work.about)
    return made


def password(runtime: Runtime) -> str | None:
    """The password of every invented user; None in a database that has none."""
    with runtime.system_work("demonstration.password") as work:
        row = work.session.get(DemonstrationPassword, 1)
        return None if row is None else runtime.decrypt(None, _PURPOSE, row.password)


def _mark(work: Work) -> None:
    table = work.runtime.service.tables.policy_clock
    marked = work.session.execute(select(table.c.demonstration)).scalar()
    if (
        marked is False
        or work.session.execute(select(exists().where(people.Person.id.is_not(None)))).scalar()
    ):
        raise NotEmptyError("this database is not an empty one")
    if marked is None:
        mark_as_demonstration(work.session, table)


def _estate(work: Work, units: Sequence[Unit], agencies: Sequence[Agency]) -> None:
    session, columns = work.session, ("code", "name", "kind", "parent", "agency", "jurisdiction")
    _insert(
        session, people.Agency, ({"code": one.code, "name": one.name, "kind": one.kind} for one in agencies)
    )
    made = [{name: getattr(unit, name) for name in columns} | sites.flags(unit) for unit in units]
    nation = {"code": NATIONAL, "name": "National", "kind": "national", "jurisdiction": "ENG"}
    made.append({**nation, "parent": None, "agency": "home-office", "contracted": False, "under_18": False})
    _insert(session, people.Unit, made)
    _insert(session, Building, sites.buildings(units, work.system_now))
    _insert(session, NetworkRange, sites.networks(units, work.system_now))
    _insert(session, Terminal, sites.terminals(units, work.system_now, work.today))


def _people(work: Work, users: Sequence[User], made: str, progress: Progress) -> None:
    session, now = work.session, work.system_now
    signed = [user.syops_signed_on for user in users if user.syops_signed_on]
    syops = ensure_syops(work, min(signed, default=work.today))
    _insert(session, people.Person, (rows.person(user, now) for user in users))
    progress("people", len(users))
    _insert(session, Credential, _credentials(work, users, made))
    progress("credentials", len(users))
    _insert(session, VettingRecord, (row for user in users for row in rows.vetting(user, now)))
    _insert(session, TrainingRecord, (row for user in users for row in rows.training(user)))
    _insert(session, Signature, (row for user in users for row in rows.signatures(user, syops)))
    _insert(session, TokenGrant, (row for user in users for row in rows.tokens(user, now)))
    _insert(session, RoleGrant, (row for user in users for row in rows.roles(user, now)))
    add_documents(work, users)
    add_newcomers(work, users, syops)
    add_usage(work, users)
    add_entitlements(work, users)
    add_vetting_examples(work, users)
    add_message(work, users)
    add_what_waits(work, users)
    cast = sorted((user for user in users if user.part), key=_something_amiss)
    parts = [(user, number) for number, user in enumerate(cast)]
    _insert(
        session,
        DemonstrationPart,
        (
            {"position": number, "person_id": person_id(user.username), "part": user.part}
            for user, number in parts
        ),
    )
    progress("access", len(users))


def _credentials(work: Work, users: Iterable[User], made: str) -> Iterable[rows.Row]:
    """One hash for all: 36 ms each would be minutes. The secrets of the codes are everybody's own."""
    password_hash = passwords.hash_password(made)
    for user in users:
        secret = one_time_codes.new_secret()
        yield {
            "person_id": person_id(user.username),
            "password_hash": password_hash,
            "code_secret": work.runtime.encrypt(None, one_time_codes.PURPOSE, secret),
            "last_step": 0,
            "changed_at": work.system_now,
        }


def _insert(session: Session, model: Any, made: Iterable[rows.Row]) -> None:
    found = list(made)
    for start in range(0, len(found), _CHUNK):
        session.execute(insert(model), found[start : start + _CHUNK])


def _something_amiss(user: User) -> bool:
    """Whoever is there to be refused comes after those who carry the story."""
    return user.disabled or user.part.startswith(("Cannot", "Must"))
