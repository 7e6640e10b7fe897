"""Opening a record that one is not partnered to: a reason first, and the owning CPC told each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import Opened, facts, refused
from services.records.access.looks import REASON, note_look
from services.records.access.models import Access, Opening
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.access.schemas import OpenedAnswer, ReasonInput
from services.records.access.standings import standings
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.keys import KeyDestroyed
from shared.refusals import Invalid
from shared.web.display import Person
from shared.work import Work

# How long an opening covers the record's sub-pages, by the system clock.
LASTS = timedelta(minutes=30)
READ = "nominals.read"
LINKED = "linked_nominal"
_WORKS_WITH = ("manager", "supervisor", "partner", "lpc", "cpc", "deputy")


@dataclass(frozen=True)
class Answered:
    nominal_id: UUID
    needed: bool


def last_reason(work: Work, *, nominal_id: UUID) -> dict[str, str | Markup]:
    """What this person gave last for this record, to prefill the form when they come back; and who will be told.

    Whoever no reason lets in hears so before typing.
    """
    work.concerns(nominal_id=nominal_id)
    record = facts(work, nominal_id)
    decision = decide(work.principal, READ, record)
    if decision.refusal not in {None, "R13"}:
        raise refused(work, decision, record)
    return {"intro": _who_is_told(work, record), **_given_last(work, nominal_id)}


def _who_is_told(work: Work, record: Record) -> Markup:
    unit = read_model.unit(work.session, record.owner_unit)
    cpc = read_model.owning_cpc(work.session, record.owner_unit)
    named = Markup(", {},").format(Person(cpc.id, cpc.name).link) if cpc else ""
    return Markup(
        "You are not partnered to this record. You can read it, and not update it, after giving a full explanation."
        " The Central Point of Contact (CPC) of {}{} will be told that you opened it, and why, each time."
    ).format(unit.name if unit else record.owner_unit, named)


def _given_last(work: Work, nominal_id: UUID) -> dict[str, str]:
    given = (
        select(Access.reason_type, Access.reason, Access.origin_nominal_id)
        .where(
            Access.person_id == work.principal.person_id,
            Access.nominal_id == nominal_id,
            Access.outcome == "opened",
        )
        .order_by(Access.id.desc())
        .limit(1)
    )
    row = work.session.execute(given).first()
    if row is None:
        return {}
    try:
        return {
            "reason_type": row.reason_type,
            "reason": work.runtime.decrypt(row.origin_nominal_id, REASON, row.reason),
        }
    except KeyDestroyed:
        return {}


@service.command(
    "access.open",
    path="/nominals/<uuid:nominal_id>/opening",
    input=ReasonInput,
    answer=OpenedAnswer,
    status=201,
    form=FormPage(
        title="Why do you need to open this record?",
        button="Open the record",
        done="",
        next="/nominals/{nominal_id}",
        path="/nominals/<uuid:nominal_id>/open",
        intro=(
            "You are not partnered to this record. You can read it, and not update it, after giving a full"
            " explanation. The owning Central Point of Contact (CPC) is told each time you open it."
        ),
        values=last_reason,
    ),
)
def open_with_reason(
    work: Work, *, nominal_id: UUID, reason_type: str, reason: str, linked: str = ""
) -> Answered:
    """Open a record to which one is not partnered, read only (PF-7/Accessing.1). It takes the last one's place.

    Who needs no reason gets the record as it is: nothing is noted and nobody is told.
    """
    record = facts(work, nominal_id)
    decision = decide(work.principal, READ, record)
    work.concerns(nominal_id=nominal_id, private=reason, reason_type=reason_type)
    if decision.refusal not in {None, "R13"}:
        raise refused(work, decision, record)
    if decision.allowed and not decision.by_reason:
        return Answered(nominal_id, needed=False)
    other = _linked(work, linked) if reason_type == LINKED else None
    sealed = work.runtime.encrypt(nominal_id, REASON, reason)
    access_id = note_look(work, record, reason_type=reason_type, reason=sealed, linked=other)
    _take_place(work, nominal_id, access_id)
    return Answered(nominal_id, needed=True)


def _linked(work: Work, typed: str) -> UUID:
    """The nominal to whom one stands already; raises Invalid where it is none (PF-7/Accessing.2)."""
    over = standings(work.principal)
    mine = select(over.c.nominal_id).where(over.c.nominal_id == Nominal.id, over.c.standing.in_(_WORKS_WITH))
    number = "".join(typed.split()).upper()
    found = select(Nominal.id).where(Nominal.visor_number == number, mine.exists())
    nominal_id = work.session.execute(found).scalar()
    if nominal_id is None:
        raise Invalid({"linked": ["Enter the ViSOR number of a nominal whose record you work with"]})
    return UUID(str(nominal_id))


def look(work: Work, opened: Opened) -> None:
    """Each request for the summary is an access of its own; the first belongs to the opening (PF-7/Accessing.3)."""
    if not opened.by_reason:
        return
    work.together()
    session = work.session
    here = (Opening.session_id == work.principal.session_id) & (Opening.nominal_id == opened.nominal_id)
    first = update(Opening).where(here, ~Opening.shown).values(shown=True).returning(Opening.access_id)
    if session.execute(first, execution_options={"synchronize_session": False}).first() is not None:
        return
    given = (
        select(Access.reason_type, Access.reason, Access.linked_nominal_id)
        .join(Opening, Opening.access_id == Access.id)
        .where(here)
    )
    reason_type, reason, linked = session.execute(given).one()
    note_look(work, opened.record, reason_type=reason_type, reason=reason, linked=linked)


def _take_place(work: Work, nominal_id: UUID, access_id: UUID) -> None:
    principal = work.principal
    values = {
        "nominal_id": nominal_id,
        "person_id": principal.person_id,
        "access_id": access_id,
        "until": work.system_now + LASTS,
        "shown": False,
    }
    row = insert(Opening).values(session_id=principal.session_id, **values)
    work.session.flush()
    work.session.execute(row.on_conflict_do_update(index_elements=["session_id"], set_=values))
