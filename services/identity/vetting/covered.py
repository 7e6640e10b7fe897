"""Who holds vetting of a level now, as a condition over `Person`: the same as `rules.level_held`, for many at once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from services.identity.people.models import Person
from services.identity.vetting.models import VettingException, VettingRecord, VettingType
from services.identity.vetting.records import SCHEME
from services.identity.vetting.rules import LOWEST
from shared.policy import Policy


def covered(policy: Policy, today: date, level: int = LOWEST) -> ColumnElement[bool]:
    """Vetted to this level today, or excepted."""
    return or_(vetted(policy, today, level), excepted(today, level))


def vetted(policy: Policy, today: date, level: int = LOWEST) -> ColumnElement[bool]:
    good = _current(VettingRecord, today) & accepted(policy, today) & (VettingType.level >= level)
    found = select(VettingRecord.id).join(VettingType, VettingType.code == VettingRecord.kind)
    return found.where(VettingRecord.person_id == Person.id, good).exists()


def accepted(policy: Policy, today: date) -> ColumnElement[bool]:
    """Of a record and its kind: it counts under the scheme that stands today."""
    other = aliased(VettingRecord)
    beside = select(other.id).where(
        other.person_id == VettingRecord.person_id, other.kind == VettingType.beside, _current(other, today)
    )
    return and_(
        VettingType.scheme == policy.text(SCHEME, today),
        VettingType.accepted_from <= today,
        or_(VettingType.accepted_to.is_(None), VettingType.accepted_to >= today),
        or_(~VettingType.needs_sro, VettingRecord.sro_reference.is_not(None)),
        or_(VettingType.beside.is_(None), beside.exists()),
    )


def excepted(today: date, level: int = LOWEST) -> ColumnElement[bool]:
    found = select(VettingException.id).where(
        VettingException.person_id == Person.id,
        VettingException.ended_at.is_(None),
        VettingException.level >= level,
        VettingException.first_day <= today,
        VettingException.last_day >= today,
    )
    return found.exists()


def once_covered(today: date) -> ColumnElement[bool]:
    """Had vetting that was not revoked, or an exception: whoever never had any is not disabled but not let in."""
    record = select(VettingRecord.id).where(
        VettingRecord.person_id == Person.id,
        VettingRecord.revoked_at.is_(None),
        VettingRecord.cleared_on <= today,
    )
    exception = select(VettingException.id).where(
        VettingException.person_id == Person.id, VettingException.last_day < today
    )
    return or_(record.exists(), exception.exists())


def _current(record: type[VettingRecord], today: date) -> ColumnElement[bool]:
    return and_(record.revoked_at.is_(None), record.cleared_on <= today, record.expires_on > today)
