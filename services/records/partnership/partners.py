"""Adding partners without a request, and ending partnerships: by manager, supervisor, LPC or CPC (PF-4.25.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.records.access.authorise import authorise
from services.records.access.models import Partnership
from services.records.access.picture import standing_changed
from services.records.access.record import Record
from services.records.nominals.naming import about
from services.records.partnership.adding import ToBe, add, partners_of, refuse_without_token, units_of
from services.records.partnership.commands import REASON
from services.records.partnership.followed import WHEN_NONE_LEFT
from services.records.partnership.rules import still_to_partner
from services.records.partnership.schemas import AddedAnswer, Ended, NewPartners
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.partnership import PARTNERSHIP_ADDED, PARTNERSHIP_ENDED
from shared.ids import new_id
from shared.refusals import Invalid, NotFound
from shared.web.schemas import Done
from shared.work import Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/partners"
END_REASON = "partnership.end_reason"
UNKNOWN = "Choose current users"
ALL_PARTNERS = "Everybody chosen is a partner of this record already."


@dataclass(frozen=True)
class Added:
    nominal_id: UUID
    added: int


def may_decide(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return dict(about(work, authorise(work, "partnership.decide", nominal_id).record))


@service.command(
    "partnership.add",
    path=PATH,
    input=NewPartners,
    answer=AddedAnswer,
    status=201,
    form=FormPage(
        title="Add partners",
        button="Add partners",
        done="The partners are added. Each of them has been told.",
        next="/nominals/{nominal_id}/partners",
        path=f"{PATH}/add",
        intro="Users of the managing unit, of the prison that holds the person, and of the police force of the area."
        " Others ask for partnership themselves.",
        values=may_decide,
    ),
)
def add_partners(work: Work, *, nominal_id: UUID, people: Sequence[UUID], reason: str) -> Added:
    """Make users partners without a request of theirs (PF-4.25.2); each of them is told."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    cards = read_model.people(work.session, people)
    if any(one not in cards or not cards[one].active for one in people):
        raise Invalid({"people": [UNKNOWN]})
    wanted = still_to_partner(people, partners_of(work, nominal_id))
    if not wanted:
        raise Invalid({"people": [ALL_PARTNERS]})
    chosen = [cards[one] for one in dict.fromkeys(people) if one in wanted]
    refuse_without_token(work, chosen)
    sealed = work.runtime.encrypt(nominal_id, REASON, reason.strip())
    added = add(work, record, [ToBe(card.id, card.agency, card.unit) for card in chosen], reason=sealed)
    standing_changed(work, record)
    act = new_id()
    to = [Concerned(one.person_id, "partner", one.unit, one.agency) for one in added]
    work.concerns(subject=("partnership_act", act), private=reason, added=len(added))
    data = {"act_id": act, "nominal_id": nominal_id}
    work.emit(PARTNERSHIP_ADDED, data, aggregate=("nominal", nominal_id), to=to)
    return Added(nominal_id, len(added))


def may_end(work: Work, *, nominal_id: UUID, person_id: UUID) -> dict[str, Any]:
    record = authorise(work, "partnership.decide", nominal_id).record
    if person_id not in partners_of(work, nominal_id):
        raise NotFound
    return dict(about(work, record))


@service.command(
    "partnership.end",
    path=f"{PATH}/<uuid:person_id>/end",
    input=Ended,
    answer=Done,
    form=FormPage(
        title="Remove this partner",
        button="Remove partner",
        done="The partner is removed, and told.",
        next="/nominals/{nominal_id}/partners",
        path=f"{PATH}/<uuid:person_id>/remove",
        intro="They can still open the record, with a reason, and the owning CPC is told of it. What they wrote stays.",
        values=may_end,
        template="partnership/remove.html",
    ),
)
def end(work: Work, *, nominal_id: UUID, person_id: UUID, reason: str) -> None:
    """End a partnership with the reason, and tell the partner; they open the record with a reason from now on."""
    record = authorise(work, "partnership.decide", nominal_id, lock=True).record
    if not end_all(work, record, [person_id], reason):
        raise NotFound
    work.concerns(subject=("person", person_id), private=reason)


def end_all(work: Work, record: Record, people: Collection[UUID], reason: str) -> int:
    """End these people's partnerships; how many. The caller holds the nominal's row."""
    act = new_id()
    theirs = (
        Partnership.nominal_id == record.id,
        Partnership.person_id.in_(list(people)),
        Partnership.ended_at.is_(None),
    )
    origins = work.session.scalars(select(Partnership.origin_nominal_id).where(*theirs).distinct()).all()
    rows = [row for origin in origins for row in _end(work, theirs, origin, reason.strip(), act)]
    if not rows:
        return 0
    to = [
        Concerned(row.person_id, "partner", row.unit, row.agency)
        for row in rows
        if row.person_id != work.principal.person_id
    ]
    standing_changed(work, record)
    still = units_of(work, record.id)
    for unit, agency in sorted({(row.unit, row.agency) for row in rows} - still):
        for follow in WHEN_NONE_LEFT:
            follow(work, record, unit, agency)
    data = {"act_id": act, "nominal_id": record.id}
    work.emit(PARTNERSHIP_ENDED, data, aggregate=("nominal", record.id), to=to)
    return len(rows)


def _end(work: Work, theirs: Sequence[Any], origin: UUID, reason: str, act: UUID) -> Sequence[Any]:
    """Those that began on one record: the reason lies under its key, also after a merge."""
    sealed = work.runtime.encrypt(origin, END_REASON, reason)
    ended = (
        update(Partnership)
        .where(*theirs, Partnership.origin_nominal_id == origin)
        .values(ended_at=work.now, ended_by=work.principal.person_id, end_reason=sealed, end_act=act)
    )
    gone = ended.returning(Partnership.id, Partnership.person_id, Partnership.unit, Partnership.agency)
    return work.session.execute(gone).all()
