"""The end of vetting, from when it comes in sight to when something as good outlasts it (PF-5.10.2, D-15).

Notifications keeps the clock that reminds; here is only said that it begins and that it is over.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from services.identity.people.models import Person, Unit
from services.identity.tokens.holders import ACTIVE
from services.identity.vetting.covered import accepted
from services.identity.vetting.models import VettingEnd, VettingRecord, VettingType
from services.identity.vetting.telling import about_to_end
from shared.events.identity.vetting import VETTING_DROPPED, VETTING_EXPIRING, VETTING_OUTLASTED
from shared.work import About, Work

REMINDERS = "vetting.expiry.reminders"
_AT_ONCE = 50


def foretell_ends(work: Work) -> int:
    """The person, their line manager, the ViSOR lead and the CPC, once for each record, on the first day of policy.

    Vetting that something as good outlasts is nobody's worry. Claims records by row lock, so that two ticks at once
    tell each once.
    """
    first = max(work.policy.numbers(REMINDERS, work.today), default=0)
    coming = list(work.session.execute(_coming(work, first).limit(_AT_ONCE)).scalars())
    return sum(_foretell(work, record) for record in coming)


def settle_ends(work: Work, person_id: UUID | None = None) -> int:
    """Nobody need renew any more what is outlasted, what is revoked, or what an archived account held."""
    outlasted, needless = _outlasted(), VettingRecord.revoked_at.is_not(None) | (Person.state == "archived")
    found = (
        select(VettingEnd, outlasted)
        .join(VettingRecord, VettingRecord.id == VettingEnd.vetting_id)
        .join(VettingType, VettingType.code == VettingRecord.kind)
        .join(Person, Person.id == VettingEnd.person_id)
        .where(VettingEnd.settled_at.is_(None), outlasted | needless)
        .order_by(VettingEnd.id)
        .limit(_AT_ONCE)
        .with_for_update(of=VettingEnd, skip_locked=True)
    )
    if person_id is not None:
        found = found.where(VettingEnd.person_id == person_id)
    rows = work.session.execute(found).all()
    for end, renewed in rows:
        end.settled_at = work.system_now
        data = {"person_id": end.person_id, "end_id": end.id}
        work.emit(
            VETTING_OUTLASTED if renewed else VETTING_DROPPED, data, aggregate=("person", end.person_id)
        )
    return len(rows)


def open_end(session: Session, person_id: UUID, day: date) -> UUID | None:
    """Of the record that ended on that day, where its end was foretold."""
    found = select(VettingEnd.id).join(VettingRecord, VettingRecord.id == VettingEnd.vetting_id)
    mine = found.where(
        VettingEnd.person_id == person_id,
        VettingEnd.settled_at.is_(None),
        VettingRecord.expires_on == day,
    )
    return session.execute(mine.order_by(VettingEnd.id)).scalars().first()


def _foretell(work: Work, record: VettingRecord) -> bool:
    if work.session.execute(select(_foretold(record.id))).scalar_one():  # another tick was here
        return False
    person = work.session.get_one(Person, record.person_id)
    end = VettingEnd(person_id=person.id, vetting_id=record.id, told_at=work.system_now)
    work.session.add(end)
    work.session.flush()
    data = {
        "person_id": person.id,
        "end_id": end.id,
        "expires_on": record.expires_on,
        "unit": person.unit,
        "jurisdiction": work.session.get_one(Unit, person.unit).jurisdiction,
    }
    work.emit(VETTING_EXPIRING, data, aggregate=("person", person.id), to=about_to_end(work, person))
    work.audit("vetting.foretell_end", About("person", person.id))
    return True


def _coming(work: Work, days: int) -> Select[VettingRecord]:
    """Records of active people that end within so many days, and of which nobody was told."""
    return (
        select(VettingRecord)
        .join(VettingType, VettingType.code == VettingRecord.kind)
        .join(Person, Person.id == VettingRecord.person_id)
        .where(
            ACTIVE,
            accepted(work.policy, work.today),
            VettingRecord.revoked_at.is_(None),
            VettingRecord.expires_on > work.today,
            VettingRecord.expires_on <= work.today + timedelta(days=days),
            ~_foretold(VettingRecord.id),
            ~_outlasted(),
        )
        .order_by(VettingRecord.expires_on, VettingRecord.id)
        .with_for_update(of=VettingRecord, skip_locked=True)
    )


def _foretold(vetting_id: object) -> ColumnElement[bool]:
    return exists().where(VettingEnd.vetting_id == vetting_id, VettingEnd.settled_at.is_(None))


def _outlasted() -> ColumnElement[bool]:
    """Over `VettingRecord` and its `VettingType`: something of the person's, as good or better, ends later."""
    other, kind = aliased(VettingRecord), aliased(VettingType)
    return exists(
        select(other.id)
        .join(kind, kind.code == other.kind)
        .where(
            other.person_id == VettingRecord.person_id,
            other.revoked_at.is_(None),
            other.expires_on > VettingRecord.expires_on,
            kind.level >= VettingType.level,
        )
        .correlate(VettingRecord, VettingType)
    )
