"""The library of a demonstration with its signatures, and vetting that is under way, refused or excepted."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import insert, select

from services.identity.demonstration.invented import User
from services.identity.demonstration.rows import Row, person_id
from services.identity.documents.library import add_version
from services.identity.documents.models import Document, DocumentVersion, Signature
from services.identity.documents.signing_rules import who_signs, whole_statement
from services.identity.people.models import Agency, Person, Unit
from services.identity.tokens.models import RoleGrant
from services.identity.vetting.models import VettingApplication, VettingException
from services.identity.vetting.status import without_vetting
from shared.ids import new_id
from shared.work import NOBODY, Work

_CHUNK = 2_000
_EXCEPTED_FOR = timedelta(days=60)


def add_documents(work: Work, users: Sequence[User]) -> None:
    """Everybody who has signed SyOPs has signed the rest, but for some who owe the newest versions still."""
    text = files("services.identity.demonstration").joinpath("documents.toml").read_text(encoding="utf-8")
    kinds = dict(work.session.execute(select(Agency.code, Agency.kind)).tuples().all())
    places = dict(work.session.execute(select(Unit.code, Unit.jurisdiction)).tuples().all())
    for row in tomllib.loads(text)["versions"]:
        document = work.session.get_one(Document, row["document"])
        version = _published(work, row)
        people = [
            user
            for user in users
            if who_signs(document.agency_kinds, document.jurisdictions, kinds[user.agency], places[user.unit])
        ]
        made = list(_signatures(work.today, document, version, people, row.get("unsigned", 0)))
        for start in range(0, len(made), _CHUNK):
            work.session.execute(insert(Signature), made[start : start + _CHUNK])


def _published(work: Work, row: dict[str, Any]) -> DocumentVersion:
    """Of two versions the later one is in force, as if each had been published on its day."""
    days_ago = timedelta(days=row["days_ago"])
    made = add_version(
        work,
        row["document"],
        row["version"],
        row["text"].strip(),
        published_on=work.today - days_ago,
        announced_at=row["announced_at"],
    )
    made.published_at = work.system_now - days_ago
    work.session.flush()
    return made


def _signatures(
    today: date, document: Document, version: DocumentVersion, users: Iterable[User], unsigned: int
) -> Iterator[Row]:
    """Of `unsigned` people one has not signed; 0: everybody has."""
    for number, user in enumerate(users):
        if user.syops_signed_on is None or (unsigned and number % unsigned == 0):
            continue
        signed_on = min(today, max(user.syops_signed_on, version.published_on + timedelta(days=number % 9)))
        yield {
            "id": new_id(),
            "person_id": person_id(user.username),
            "version_id": version.id,
            "typed_name": user.name,
            "statement": whole_statement(document.signature),
            "text_hash": version.text_hash,
            "signed_at": datetime.combine(signed_on, time(10), UTC),
            "session_id": NOBODY,
        }


def add_vetting_examples(work: Work) -> None:
    """Of the newcomers without vetting one is being vetted, one was refused, and one may work by an exception."""
    found = select(Person.id).where(without_vetting(work.policy, work.today), Person.state != "active")
    waiting = list(work.session.execute(found.order_by(Person.username)).scalars())
    sro = work.session.execute(select(RoleGrant.person_id).where(RoleGrant.role == "sro")).scalar()
    for person, outcome in zip(waiting[:2], (None, "refused"), strict=False):
        work.session.add(
            VettingApplication(
                person_id=person,
                kind="nppv2",
                vetting_force="Demonstration vetting unit",
                applied_on=work.today - timedelta(days=40),
                outcome=outcome,
                decided_on=work.today - timedelta(days=4) if outcome else None,
                recorded_by=NOBODY,
            )
        )
    if sro is not None and waiting[2:]:
        work.session.add(
            VettingException(
                person_id=waiting[2],
                level=2,
                first_day=work.today,
                last_day=work.today + _EXCEPTED_FOR,
                reason="Covers for a colleague on long leave until vetting is back",
                approved_by=sro,
                approved_at=work.system_now,
            )
        )
    work.session.flush()
