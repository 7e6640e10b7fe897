"""What happens by itself when a day begins: vetting ends, and with it accounts and tokens; its end is foretold."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from services.identity.accounts.rules import LIFTED_BY_VETTING
from services.identity.directory import log
from services.identity.people.models import Person
from services.identity.tokens.holders import ACTIVE
from services.identity.tokens.models import TokenGrant
from services.identity.vetting.consequences import VETTING, after_vetting_changed
from services.identity.vetting.covered import accepted, covered, once_covered
from services.identity.vetting.models import VettingRecord, VettingReminder, VettingType
from services.identity.vetting.records import clearances
from services.identity.vetting.rules import HIGHEST, TOKEN_LEVELS, expired_on, reminder_due
from services.identity.vetting.telling import about_to_end, ended, last_reminder, note_reminder
from shared.events.identity.vetting import VETTING_EXPIRED, VETTING_EXPIRING
from shared.work import About, Work

_AT_ONCE = 50
_HIGHEST = [token for token, level in TOKEN_LEVELS.items() if level == HIGHEST]


def expire_vetting(work: Work) -> int:
    """Disable whose vetting ran out; the person, their line manager and CPC are told (PF-4.16/A.2).

    Claims people by row lock, so that two ticks at once tell each of them once.
    """
    without = ACTIVE & once_covered(work.today) & ~covered(work.policy, work.today)
    people = _claimed(work, select(Person).where(without))
    for person in people:
        day = expired_on(clearances(work.session, person.id, work.policy), work.today) or work.today
        after_vetting_changed(work, person, "vetting_expired")
        data = {
            "person_id": person.id,
            "expired_on": day,
            "previous_id": last_reminder(work.session, person.id),
        }
        data["reminder_id"] = note_reminder(work, person, None, 0).id
        work.emit(VETTING_EXPIRED, data, aggregate=("person", person.id), to=ended(work, person))
        work.audit("vetting.expire", About("person", person.id, facts={"expired_on": day.isoformat()}))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def suspend_tokens_above_level(work: Work) -> int:
    """PF-6.1.3: who loses level 3 loses CPC, Central Support and administrative access until it is renewed."""
    holds = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id,
        TokenGrant.token.in_(_HIGHEST),
        TokenGrant.ended_at.is_(None),
        TokenGrant.suspended_at.is_(None),
    )
    above = ACTIVE & holds.exists() & ~covered(work.policy, work.today, HIGHEST)
    people = _claimed(work, select(Person).where(above))
    for person in people:
        after_vetting_changed(work, person, "vetting_expired")
        work.audit("tokens.suspend", About("person", person.id))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def give_back_after_vetting(work: Work) -> int:
    """An exception begins, or a kind of vetting counts again: what want of it had taken is given back."""
    top = TokenGrant.token.in_(_HIGHEST)
    suspended = select(TokenGrant.id).where(
        TokenGrant.person_id == Person.id, TokenGrant.ended_at.is_(None), TokenGrant.suspended_for == VETTING
    )
    closed = (Person.state == "disabled") & Person.disabled_reason.in_(LIFTED_BY_VETTING)
    tokens = suspended.where(~top).exists() | (
        suspended.where(top).exists() & covered(work.policy, work.today, HIGHEST)
    )
    again = covered(work.policy, work.today) & (closed | (ACTIVE & tokens))
    people = _claimed(work, select(Person).where(again))
    for person in people:
        after_vetting_changed(work, person, "vetting_expired")
        work.audit("vetting.give_back", About("person", person.id))
    log.changed(work, people=[person.id for person in people])
    return len(people)


def remind_of_vetting(work: Work) -> int:
    """PF-5.10.2: the person, the ViSOR lead and the CPC are told 90, 60, 30 and 7 days before, each time once.

    Of several reminders that fell due while nothing ran only the latest is sent. Vetting that something as good
    outlasts is nobody's worry.
    """
    days_before = work.policy.numbers("vetting.expiry.reminders", work.today)
    due = list(work.session.execute(_ending(work, days_before).limit(_AT_ONCE)).scalars())
    for record in due:
        days = reminder_due(record.expires_on, work.today, days_before)
        assert days is not None  # noqa: S101 - it was claimed because one is due
        _remind(work, record, days)
    return len(due)


def _remind(work: Work, record: VettingRecord, days: int) -> None:
    person = work.session.get_one(Person, record.person_id)
    previous = last_reminder(work.session, person.id)
    data = {
        "person_id": person.id,
        "expires_on": record.expires_on,
        "days": days,
        "reminder_id": note_reminder(work, person, record.id, days).id,
        "previous_id": previous,
    }
    work.emit(VETTING_EXPIRING, data, aggregate=("person", person.id), to=about_to_end(work, person))
    work.audit("vetting.remind", About("person", person.id, facts={"days": days}))


def _ending(work: Work, days_before: list[int]) -> Select[VettingRecord]:
    """Records of active people of whose end a reminder is due, with nothing as good that outlasts them."""
    other, kind = aliased(VettingRecord), aliased(VettingType)
    longer = (
        select(other.id)
        .join(kind, kind.code == other.kind)
        .where(
            other.person_id == VettingRecord.person_id,
            other.revoked_at.is_(None),
            other.expires_on > VettingRecord.expires_on,
            kind.level >= VettingType.level,
        )
    )
    return (
        select(VettingRecord)
        .join(VettingType, VettingType.code == VettingRecord.kind)
        .join(Person, Person.id == VettingRecord.person_id)
        .where(
            ACTIVE,
            accepted(work.policy, work.today),
            VettingRecord.revoked_at.is_(None),
            VettingRecord.expires_on > work.today,
            or_(False, *(_not_told(work, days) for days in days_before)),
            ~longer.exists(),
        )
        .order_by(VettingRecord.expires_on, VettingRecord.id)
        .with_for_update(of=VettingRecord, skip_locked=True)
    )


def _not_told(work: Work, days: int) -> ColumnElement[bool]:
    """It ends within so many days, and neither this reminder nor a later one was sent."""
    told = select(VettingReminder.id).where(
        VettingReminder.vetting_id == VettingRecord.id, VettingReminder.days <= days
    )
    return (VettingRecord.expires_on <= work.today + timedelta(days=days)) & ~told.exists()


def _claimed(work: Work, query: Select[Person]) -> list[Person]:
    locked = query.order_by(Person.id).limit(_AT_ONCE).with_for_update(of=Person, skip_locked=True)
    return list(work.session.execute(locked).scalars())
