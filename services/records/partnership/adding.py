"""Making people partners: the rows, and whoever follows that a unit has its first one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.models import Partnership
from services.records.access.record import Record
from services.records.partnership.followed import WHEN_FIRST
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.ids import new_id
from shared.refusals import Contact, Refusal
from shared.work import Work

CANNOT_BE_PARTNER = (
    "{name} does not hold the partner token, and cannot be partnered to any record without it."
)


@dataclass(frozen=True)
class ToBe:
    """Somebody who is to be partner."""

    person_id: UUID
    agency: str
    unit: str


def partners_of(work: Work, nominal_id: UUID) -> set[UUID]:
    found = select(Partnership.person_id).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    return set(work.session.execute(found).scalars())


def able(work: Work, asked: Sequence[UUID]) -> set[UUID]:
    """Those who can be partner now: without the token nobody can (PF-7/ViSOR Tokens.3)."""
    person, grant = DIRECTORY.person.c, DIRECTORY.grant.c
    holds = exists().where(grant.person_id == person.id, grant.name == "partner")
    found = select(person.id).where(person.id.in_(list(asked)), person.active, holds)
    return set(work.session.execute(found).scalars())


def refuse_without_token(work: Work, cards: Sequence[read_model.PersonCard]) -> None:
    """Raises R11 that names the first who does not hold the partner token."""
    can = able(work, [card.id for card in cards])
    for card in cards:
        if card.id not in can:
            who = Contact("The user", card.name, card.telephone, card.card_url)
            raise Refusal("R11", token="partner", contact=who, said=CANNOT_BE_PARTNER, name=card.name)  # noqa: S106


def add(work: Work, record: Record, people: Sequence[ToBe], **kept: Any) -> list[ToBe]:
    """One row for each who is not a partner yet; returns those added. `kept`: requested_by, request_id, reason."""
    if not people:
        return []
    before = units_of(work, record.id)
    rows = [
        {
            "id": new_id(),
            "nominal_id": record.id,
            "origin_nominal_id": record.id,
            "person_id": one.person_id,
            "agency": one.agency,
            "unit": one.unit,
            "started_at": work.now,
            "granted_by": work.principal.person_id,
            **kept,
        }
        for one in people
    ]
    fresh = insert(Partnership).on_conflict_do_nothing().returning(Partnership.person_id)
    made = set(work.session.execute(fresh, rows).scalars())
    added = [one for one in people if one.person_id in made]
    for unit, agency in sorted({(one.unit, one.agency) for one in added} - before):
        for follow in WHEN_FIRST:
            follow(work, record, unit, agency)
    return added


def units_of(work: Work, nominal_id: UUID) -> set[tuple[str, str]]:
    found = select(Partnership.unit, Partnership.agency).where(
        Partnership.nominal_id == nominal_id, Partnership.ended_at.is_(None)
    )
    return {(row.unit, row.agency) for row in work.session.execute(found.distinct())}
