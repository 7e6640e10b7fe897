"""For senior probation officers: what other agencies wrote that the practitioner has not read yet (PI-3.10.3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import Opened
from services.records.access.standings import standings
from services.records.activity_log.followed import when_read
from services.records.activity_log.models import Entry
from services.records.activity_log.queries import AGENCIES
from services.records.nominals.models import Name, Nominal
from services.records.practitioner_digest.models import LogRead, PractitionerTold
from services.records.practitioner_digest.schemas import Unread
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.directory import read_model
from shared.directory.tables import DIRECTORY
from shared.ids import new_id
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

SHOWN = 100
# Whose staff are practitioners, so that their reading of the log is kept.
KINDS = frozenset({"probation", "prison"})
_person = DIRECTORY.person.c


@when_read
def note_reading(work: Work, opened: Opened, through: UUID) -> None:
    """Keeps nothing but for the record's own offender managers: one statement, that of others writes no row."""
    me = work.principal
    if me.agency_kind not in KINDS:
        return
    given = [
        literal(new_id()),
        Nominal.id,
        Nominal.id,
        literal(me.person_id),
        literal(through),
        literal(work.now),
    ]
    mine = or_(Nominal.pom_id == me.person_id, Nominal.com_id == me.person_id)
    row = insert(LogRead).from_select(
        ["id", "nominal_id", "origin_nominal_id", "person_id", "through", "read_at"],
        select(*given).where(Nominal.id == opened.nominal_id, mine),
    )
    newer = {"through": row.excluded.through, "read_at": row.excluded.read_at}
    work.session.execute(row.on_conflict_do_update(index_elements=["nominal_id", "person_id"], set_=newer))


@service.query(
    "practitioner_digest.unread",
    path="/unread-by-practitioners",
    input=Nothing,
    answer=Unread,
    page=Page("Not read by the practitioner", "practitioner_digest/unread.html"),
)
def read_unread(work: Work) -> dict[str, Any]:
    """The records that one supervises with entries of other agencies that the offender manager has not read.

    Of an offender manager who is no user: of which nobody told them. Restricted entries do not count.
    """
    if not work.principal.holds("supervisor"):
        raise Refusal("R11", token="supervisor")  # noqa: S106 - a token is an access right here
    rows = work.session.execute(_unread(work.principal).limit(SHOWN)).all()
    people = read_model.people(work.session, [row.practitioner_id for row in rows if row.practitioner_id])
    work.concerns(count=len(rows))
    return {"people": people, "records": [_line(row, people) for row in rows]}


def _line(row: Any, people: dict[UUID, read_model.PersonCard]) -> dict[str, Any]:
    card = people.get(row.practitioner_id)
    return {
        **row._mapping,  # noqa: SLF001 - the public name of a row as a mapping
        "name": f"{row.forenames} {row.surname}".strip(),
        "practitioner": card.name if card else None,
        "agencies": sorted({AGENCIES.get(code, code) for code in row.agencies}),
    }


def _unread(principal: Principal) -> Select[Any]:
    over = standings(principal)
    supervises = select(over.c.nominal_id).where(over.c.standing == "supervisor")
    theirs = func.coalesce(_person.agency, Nominal.owner_agency)
    news = (
        select(
            Entry.nominal_id,
            func.count().label("entries"),
            func.count().filter(Entry.important).label("important"),
            func.min(Entry.at).label("since"),
            func.array_agg(Entry.agency.distinct()).label("agencies"),
        )
        .join(Nominal, Nominal.id == Entry.nominal_id)
        .join(_person.id.table, _person.id == Nominal.offender_manager_id, isouter=True)
        .where(
            Entry.nominal_id.in_(supervises),
            Entry.agency != theirs,
            Entry.readers.is_(None),
            _after_reading(),
        )
        .group_by(Entry.nominal_id)
        .subquery()
    )
    return (
        select(
            Nominal.id.label("nominal_id"),
            Nominal.visor_number,
            Nominal.offender_manager_id.label("practitioner_id"),
            Name.forenames,
            Name.surname,
            news.c.entries,
            news.c.important,
            news.c.since,
            news.c.agencies,
        )
        .join(news, news.c.nominal_id == Nominal.id)
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .order_by(news.c.important.desc(), news.c.since, Nominal.visor_number)
    )


def _after_reading() -> ColumnElement[bool]:
    """Ids grow with time. Who is a user reads for themselves; who is not was told, or was not."""
    read = (
        select(LogRead.through)
        .where(LogRead.nominal_id == Nominal.id, LogRead.person_id == Nominal.offender_manager_id)
        .correlate(Nominal)
        .scalar_subquery()
    )
    told = (
        select(PractitionerTold.through)
        .where(PractitionerTold.nominal_id == Nominal.id, PractitionerTold.practitioner_id.is_(None))
        .order_by(PractitionerTold.id.desc())
        .limit(1)
        .correlate(Nominal)
        .scalar_subquery()
    )
    no_user = Nominal.offender_manager_id.is_(None)
    return or_(
        and_(~no_user, or_(read.is_(None), Entry.id > read)),
        and_(no_user, or_(told.is_(None), Entry.id > told)),
    )
