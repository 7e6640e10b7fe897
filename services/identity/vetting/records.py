"""Reading a person's vetting, and what stands in for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.vetting.models import VettingException, VettingRecord, VettingType
from services.identity.vetting.rules import EXCEPTION, Clearance, Days
from shared.policy import Policy

SCHEME = "vetting.scheme"


def clearances(session: Session, person_id: UUID, policy: Policy) -> tuple[Clearance, ...]:
    return clearances_of(session, [person_id], policy)[person_id]


def clearances_of(
    session: Session, people: Iterable[UUID], policy: Policy
) -> Mapping[UUID, tuple[Clearance, ...]]:
    """Everybody's vetting and exceptions, in two queries however many people."""
    ids = list(people)
    found: dict[UUID, list[Clearance]] = defaultdict(list)
    records = (
        select(VettingRecord, VettingType)
        .join(VettingType, VettingType.code == VettingRecord.kind)
        .where(VettingRecord.person_id.in_(ids))
    )
    for record, kind in session.execute(records):
        found[record.person_id].append(as_clearance(record, kind, policy))
    exceptions = select(VettingException).where(VettingException.person_id.in_(ids))
    for exception in session.execute(exceptions).scalars():
        found[exception.person_id].append(_excepted(exception))
    return {person_id: tuple(found[person_id]) for person_id in ids}


def as_clearance(record: VettingRecord, kind: VettingType, policy: Policy) -> Clearance:
    return Clearance(
        level=kind.level,
        cleared_on=record.cleared_on,
        expires_on=record.expires_on,
        authorised=not kind.needs_sro or bool(record.sro_reference),
        revoked=record.revoked_at is not None,
        kind=record.kind,
        beside=kind.beside,
        accepted=tuple(accepted_days(kind, policy)),
    )


def accepted_days(kind: VettingType, policy: Policy) -> Iterable[Days]:
    """When its scheme stood and it was itself accepted: never two schemes on one day (C-11)."""
    for days, scheme in schemes(policy):
        if scheme == kind.scheme:
            first = max(days.first, kind.accepted_from)
            ends = [last for last in (days.last, kind.accepted_to) if last is not None]
            yield Days(first, min(ends, default=None))


def schemes(policy: Policy) -> list[tuple[Days, str]]:
    """Which scheme stood when, each until the next began."""
    entries = policy.entries[SCHEME]
    following = [entry.in_force_from - timedelta(days=1) for entry in entries[1:]]
    ends: list[date | None] = [*following, None]
    return [
        (Days(entry.in_force_from, _earlier(entry.in_force_to, end)), str(entry.value))
        for entry, end in zip(entries, ends, strict=True)
    ]


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _excepted(exception: VettingException) -> Clearance:
    return Clearance(
        level=exception.level,
        cleared_on=exception.first_day,
        expires_on=exception.last_day + timedelta(days=1),
        revoked=exception.ended_at is not None,
        kind=EXCEPTION,
    )
