"""When a custody entry says another release date than before, where the prison's switch is on (PSI-6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.access.concerned import holding
from services.records.access.picture import whole_picture
from services.records.access.record import Record
from services.records.attachments import values as sealed
from services.records.attachments.catalogue import catalogue
from services.records.attachments.followed import follows
from services.records.attachments.leaving import CUSTODY
from services.records.attachments.models import Entry, Version
from services.records.nominals.models import Nominal
from services.records.nominals.owners import kind_of_agency
from services.records.release_notices.models import (
    RELEASE_ON,
    WAS_ON,
    ReleaseNotice,
    ReleaseNoticeReceipt,
)
from services.records.release_notices.rules import GONE, addressed, what_happened
from services.records.release_notices.switches import is_on
from shared.directory import read_model
from shared.events.records.release_notices import NOTICE, RELEASE_DATE_TOLD
from shared.ids import new_id
from shared.work import NOBODY, Concerned, Work


@follows(CUSTODY)
def tell_release_date(work: Work, record: Record, entry: Entry, values: Mapping[str, Any]) -> None:
    """The manager and the police partners have it on their lists, and what was told of the entry before is over."""
    prison = values["establishment"]
    if not is_on(work.session, prison, work.today):
        return
    before = _before(work, entry)
    now = None if entry.state in GONE else values.get("release_date")
    what = what_happened(before, now)
    if what is None:
        return
    previous = _previous(work, entry)
    notice = _note(work, entry, prison, what, now, before)
    to = whom_to_tell(work, record)
    _expect(work, notice, to)
    data = {
        "notice_id": notice.id,
        "nominal_id": entry.nominal_id,
        "prison": prison,
        "what": what,
        "previous_id": previous,
    }
    restricted = notice.restricted or record.limited_access
    work.emit(
        RELEASE_DATE_TOLD,
        data,
        aggregate=(NOTICE, notice.id),
        to=to,
        detail="restricted" if restricted else "full",
    )
    work.concerns(release_notice=str(notice.id))


def whom_to_tell(work: Work, record: Record) -> list[Concerned]:
    """A manager whom there is not, or whom the record is closed to, comes as NOBODY: the vacancy is reported."""
    com_id = work.session.execute(select(Nominal.com_id).where(Nominal.id == record.id)).scalar_one()
    told = addressed(whole_picture(work, record), kind_of_agency, com_id)
    cards = read_model.people(work.session, [person for person, _ in told])
    to = []
    for person, capacity in told:
        if (card := cards.get(person)) is not None:
            unit = record.managing_unit if capacity == "manager" else card.unit
            to.append(Concerned(card.id, capacity, unit, card.agency))
    if not any(one.role == "manager" for one in to):
        to += holding([], "manager", record.managing_unit, record.owner_agency)
    return to


def _before(work: Work, entry: Entry) -> date | None:
    """What the version before this one said, unless that had been taken away."""
    found = select(Version).where(Version.entry_id == entry.id, Version.number == entry.version - 1)
    version = work.session.execute(found).scalar_one_or_none()
    if version is None or version.what in GONE:
        return None
    return sealed.open_whole(work, catalogue()[CUSTODY], version).get("release_date")


def _previous(work: Work, entry: Entry) -> UUID | None:
    found = select(ReleaseNotice.id).where(ReleaseNotice.entry_id == entry.id)
    return work.session.execute(found.order_by(ReleaseNotice.id.desc()).limit(1)).scalar_one_or_none()


def _note(
    work: Work, entry: Entry, prison: str, what: str, now: date | None, before: date | None
) -> ReleaseNotice:
    restricted = entry.grading != "open"

    def kept(day: date | None, purpose: str) -> bytes | None:
        shown = day is not None and not restricted
        return (
            work.runtime.encrypt(entry.origin_nominal_id, purpose, day.isoformat()) if day and shown else None
        )

    notice = ReleaseNotice(
        id=new_id(),
        nominal_id=entry.nominal_id,
        origin_nominal_id=entry.origin_nominal_id,
        entry_id=entry.id,
        prison=prison,
        what=what,
        release_on=kept(now, RELEASE_ON),
        was_on=kept(before, WAS_ON),
        restricted=restricted,
        told_at=work.now,
        told_by=work.principal.person_id,
    )
    work.session.add(notice)
    work.session.flush()
    return notice


def _expect(work: Work, notice: ReleaseNotice, to: list[Concerned]) -> None:
    """A receipt that is still to come, for each of them."""
    work.session.add_all(
        ReleaseNoticeReceipt(
            nominal_id=notice.nominal_id,
            origin_nominal_id=notice.origin_nominal_id,
            notice_id=notice.id,
            person_id=one.person_id,
            capacity=one.role,
        )
        for one in to
        if one.person_id != NOBODY
    )
    work.session.flush()
