"""The administrator's digest for practitioners, and the confirmation that each was told (PF-4.27)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, cast, func, or_, select

from services.records.access.authorise import authorise
from services.records.access.standings import standings
from services.records.activity_log.models import Entry
from services.records.nominals.models import Name, Nominal
from services.records.nominals.naming import about
from services.records.practitioner_digest.models import PractitionerTold
from services.records.practitioner_digest.schemas import Digest, ToldAnswer, ToldInput
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.events.records.practitioner_digest import PRACTITIONER_TOLD
from shared.ids import new_id
from shared.refusals import Invalid, Refusal
from shared.web.schemas import Nothing
from shared.work import Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/practitioner-told"
SHOWN = 100
NOTHING_NEW = "The practitioner was told of everything that is on the log."


@service.query(
    "practitioner_digest.read",
    path="/practitioner-digest",
    input=Nothing,
    answer=Digest,
    page=Page("Tell practitioners what is new", "practitioner_digest/digest.html"),
)
def read_digest(work: Work) -> dict[str, Any]:
    """The records that one manages whose log has entries of which the practitioner was not told, important ones first.

    Restricted entries do not count: whoever may pass them on is named by them.
    """
    rows = work.session.execute(_digest(work.principal).limit(SHOWN)).all()
    people = read_model.people(
        work.session, [row.offender_manager_id for row in rows if row.offender_manager_id]
    )
    work.concerns(count=len(rows))
    return {
        "people": people,
        "records": [
            {
                **row._mapping,  # noqa: SLF001 - the public name of a row as a mapping
                "name": f"{row.forenames} {row.surname}".strip(),
                "practitioner_id": row.offender_manager_id,
                "practitioner": people[row.offender_manager_id].name
                if row.offender_manager_id in people
                else None,
            }
            for row in rows
        ],
    }


def _digest(principal: Principal) -> Select[Any]:
    mine = standings(principal)
    manages = select(mine.c.nominal_id).where(mine.c.standing == "manager")
    news = (
        select(
            Entry.nominal_id,
            func.count().label("entries"),
            func.count().filter(Entry.important).label("important"),
            func.max(cast(Entry.id, Text)).label("through"),
            func.min(Entry.at).label("since"),
        )
        .join(Nominal, Nominal.id == Entry.nominal_id)
        .where(Entry.nominal_id.in_(manages), _new())
        .group_by(Entry.nominal_id)
        .subquery()
    )
    return (
        select(
            Nominal.id.label("nominal_id"),
            Nominal.visor_number,
            Nominal.offender_manager_id,
            Name.forenames,
            Name.surname,
            news.c.entries,
            news.c.important,
            cast(news.c.through, Uuid()).label("through"),
            news.c.since,
        )
        .join(news, news.c.nominal_id == Nominal.id)
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .order_by(news.c.important.desc(), news.c.entries.desc(), Nominal.visor_number)
    )


def _new() -> ColumnElement[bool]:
    """Entries after the last of which the practitioner was told, but for their own and restricted ones."""
    told = (
        select(PractitionerTold.through)
        .where(PractitionerTold.nominal_id == Nominal.id)
        .order_by(PractitionerTold.id.desc())
        .limit(1)
        .correlate(Nominal)
        .scalar_subquery()
    )
    theirs = Entry.author_id.is_distinct_from(Nominal.offender_manager_id)
    return and_(or_(told.is_(None), Entry.id > told), theirs, Entry.readers.is_(None))


def may_tell(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Filled with the newest entry, so that what is written meanwhile is not taken as told."""
    record = authorise(work, "activity_log.add", nominal_id).record
    found = _news(work, nominal_id, None)
    if not found:
        raise Refusal("R34", what=NOTHING_NEW, nominal_id=nominal_id)
    return {**about(work, record), "through": max(found)}


@service.command(
    "practitioner_digest.tell",
    path=PATH,
    input=ToldInput,
    answer=ToldAnswer,
    status=201,
    form=FormPage(
        title="Confirm that the practitioner was told",
        button="Confirm",
        done="It is noted that the practitioner was told.",
        next="/practitioner-digest",
        path=f"{PATH}/new",
        intro="A practitioner who is a user also gets an item that leads to the log. One who is not is told by you, and"
        " reads no detail in any e-mail.",
        values=may_tell,
    ),
)
def tell(work: Work, *, nominal_id: UUID, how: str, through: UUID) -> PractitionerTold:
    """Note that the practitioner was told of the log up to this entry (PF-4.27)."""
    record = authorise(work, "activity_log.add", nominal_id, lock=True).record
    news = _news(work, nominal_id, through)
    if through not in news:
        raise Invalid({"through": [NOTHING_NEW]})
    nominal = work.session.get_one(Nominal, nominal_id)
    told = PractitionerTold(
        id=new_id(),
        nominal_id=nominal_id,
        practitioner_id=nominal.offender_manager_id,
        through=through,
        entries=len(news),
        how=how,
        told_by=work.principal.person_id,
        told_at=work.now,
    )
    work.session.add(told)
    work.session.flush()
    work.concerns(subject=("practitioner_told", told.id), entries=told.entries, how=how)
    card = (
        read_model.person(work.session, nominal.offender_manager_id) if nominal.offender_manager_id else None
    )
    data = {"told_id": told.id, "nominal_id": nominal_id, "entries": told.entries}
    to = [Concerned(card.id, "offender_manager", card.unit, card.agency)] if card and card.active else []
    agencies = [record.owner_agency]
    work.emit(PRACTITIONER_TOLD, data, aggregate=("nominal", nominal_id), to=to, agencies=agencies)
    return told


def _news(work: Work, nominal_id: UUID, through: UUID | None) -> list[UUID]:
    found = (
        select(Entry.id)
        .join(Nominal, Nominal.id == Entry.nominal_id)
        .where(Entry.nominal_id == nominal_id, _new())
    )
    if through is not None:
        found = found.where(Entry.id <= through)
    return list(work.session.execute(found).scalars())
