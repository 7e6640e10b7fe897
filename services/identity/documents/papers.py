"""What a sign-in asks of a person's signatures."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.identity.documents.models import SYOPS
from services.identity.documents.signed import Standing, to_sign
from services.identity.documents.signing_rules import last_unsigned_day
from services.identity.people.models import Agency, Person
from services.identity.sign_in.rules import Paper
from shared.time.periods import Period


@dataclass(frozen=True)
class Papers:
    """`syops` is None where none are published."""

    syops: Paper | None
    others: tuple[Paper, ...]


def papers_of(session: Session, person: Person, grace: Period) -> Papers:
    kind = session.get_one(Agency, person.agency).kind
    found = [one for one in to_sign(session, person.id, kind) if one.document.signature == "required"]
    papers = {one.document.code: as_paper(one, person, grace) for one in found}
    return Papers(papers.pop(SYOPS, None), tuple(papers.values()))


def as_paper(one: Standing, person: Person, grace: Period) -> Paper:
    ends = last_unsigned_day(
        one.version.published_on,
        signed_before=one.signed_before,
        joined_on=person.created_at.date(),
        first_needed=one.document.code == SYOPS,
        grace_days=grace.amount,
    )
    return Paper(one.version.version, one.document.short_title, one.signed, one.version.published_on, ends)
