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
from services.identity.documents.models import (
    Document,
    DocumentMessage,
    DocumentVersion,
    Passage,
    Receipt,
    Signature,
)
from services.identity.documents.signed import current_version
from services.identity.documents.signing_rules import who_signs, whole_statement
from services.identity.people.models import Agency, Person, Unit
from services.identity.tokens.models import RoleGrant
from services.identity.vetting.models import VettingApplication, VettingException
from services.identity.vetting.rules import HIGHEST
from services.identity.vetting.status import without_vetting
from shared.ids import new_id
from shared.work import NOBODY, Work

_CHUNK = 2_000
_EXCEPTED_FOR = timedelta(days=60)
_AREA, _LEEDS, _EXCEPTED_IN = "area-53", "pdu-N55LEE", "pdu-N55WAK"
_UNITS = {_LEEDS, _EXCEPTED_IN, "pdu-N55KIR"}


def add_documents(work: Work, users: Sequence[User]) -> None:
    """Everybody who has signed SyOPs has signed the rest, but for some who owe the newest versions still."""
    text = files("services.identity.demonstration").joinpath("documents.toml").read_text(encoding="utf-8")
    kinds = dict(iter(work.session.execute(select(Agency.code, Agency.kind))))
    places = dict(iter(work.session.execute(select(Unit.code, Unit.jurisdiction))))
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


def add_vetting_examples(work: Work, users: Sequence[User]) -> None:
    """Of the newcomers without vetting one is being vetted and one was refused; an LPC may work by an exception."""
    found = select(Person.id).where(without_vetting(work.policy, work.today), Person.state != "active")
    waiting = work.session.execute(found.order_by(Person.username)).scalars()
    for person, outcome in zip(waiting, (None, "refused"), strict=False):
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
    sro = work.session.execute(select(RoleGrant.person_id).where(RoleGrant.role == "sro")).scalar()
    excepted = next((user for user in users if user.unit == _EXCEPTED_IN and _holds(user, "lpc")), None)
    if sro is not None and excepted is not None:
        work.session.add(
            VettingException(
                person_id=person_id(excepted.username),
                level=HIGHEST,
                first_day=work.today,
                last_day=work.today + _EXCEPTED_FOR,
                reason="Deputises for the CPC while vetting to level 3 is under way",
                approved_by=sro,
                approved_at=work.system_now,
            )
        )
    work.session.flush()


def add_message(work: Work, users: Sequence[User]) -> None:
    """The CPC of West Yorkshire has told the area of the new Standards: passed on in one unit, and read by some."""
    cpc = next((user for user in users if user.unit == _AREA and _holds(user, "cpc")), None)
    version = current_version(work.session, "standards")
    if cpc is None or version is None:
        return
    sent_at = work.system_now - timedelta(days=6)
    message = DocumentMessage(
        version_id=version.id,
        unit=_AREA,
        text="Version 2.0 adds that an imminent risk is entered within the hour. Please read section 2 with your team.",
        sent_by=person_id(cpc.username),
        sent_at=sent_at,
    )
    work.session.add(message)
    work.session.flush()
    for unit in sorted(_UNITS & {user.unit for user in users}):
        people = [user for user in users if user.unit == unit]
        _add_passage(work, message, unit, people, sent_at)
    work.session.flush()


def _add_passage(
    work: Work, message: DocumentMessage, unit: str, people: Sequence[User], sent_at: datetime
) -> None:
    """In Leeds the LPC passed it on a day later."""
    lead = next((user for user in people if _holds(user, "lpc")), None)
    passed = unit == _LEEDS and lead is not None
    passage = Passage(message_id=message.id, unit=unit)
    if passed and lead is not None:
        passage.passed_on_by, passage.passed_on_at = person_id(lead.username), sent_at + timedelta(days=1)
    work.session.add(passage)
    work.session.flush()
    for number, user in enumerate(people if passed else [lead] if lead else people):
        read = sent_at + timedelta(days=2, hours=number)
        work.session.add(
            Receipt(
                passage_id=passage.id,
                person_id=person_id(user.username),
                role="lpc" if user is lead else "user",
                sent_at=sent_at,
                read_at=read if number % 3 else None,
            )
        )


def _holds(user: User, token: str) -> bool:
    return any(held.name == token for held in user.tokens)
