"""One imminent risk with who was told, those of a record, and the administrators' queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from services.records.access.authorise import Opened, authorise
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.access.standings import standings
from services.records.activity_log.models import TEXT, Entry
from services.records.activity_log.queries import authors
from services.records.imminent_risk.contacts import ADMINISTRATOR
from services.records.imminent_risk.models import (
    LINE_MANAGER,
    POLICE,
    REASON,
    FlaggedContact,
    ImminentRisk,
    Told,
)
from services.records.imminent_risk.rules import CONCERNING, HOW
from services.records.imminent_risk.schemas import Queue, RiskList, RiskWhole
from services.records.nominals.models import Nominal
from services.records.nominals.parts import summary_part
from services.records.search.finding import lines
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import Work

PATH = "/nominals/<uuid:nominal_id>/imminent-risk"
SHOWN = 100


@summary_part("banner")
def banner(work: Work, record: Record) -> Mapping[str, Any] | None:
    """Red, on the record's pages, until the risk is stood down (PF-4.30.2)."""
    found = _of(record.id).where(ImminentRisk.stood_down_at.is_(None)).order_by(ImminentRisk.raised_at)
    risks = list(work.session.execute(found.limit(SHOWN)).scalars())
    if not risks:
        return None
    many = f"{len(risks)} imminent risks" if len(risks) > 1 else "Imminent risk"
    href = f"/records/nominals/{record.id}/imminent-risk"
    return {
        "title": many,
        "concerning": sorted({CONCERNING[one] for risk in risks for one in risk.concerning}),
        "since": risks[0].raised_at,
        "href": f"{href}/{risks[0].id}" if len(risks) == 1 else href,
    }


def _of(nominal_id: UUID) -> Select[Any]:
    return select(ImminentRisk).where(ImminentRisk.nominal_id == nominal_id)


@service.query(
    "imminent_risk.list",
    path=PATH,
    input=Nothing,
    answer=RiskList,
    page=Page("Imminent risk", "imminent_risk/list.html"),
)
def of_record(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every imminent risk of the record, newest first, and the contacts that are still to be uploaded."""
    opened = authorise(work, "nominals.read", nominal_id)
    risks = list(
        work.session.execute(_of(nominal_id).order_by(ImminentRisk.raised_at.desc()).limit(SHOWN)).scalars()
    )
    waiting = select(FlaggedContact).where(
        FlaggedContact.nominal_id == nominal_id, FlaggedContact.handled_at.is_(None)
    )
    contacts = list(work.session.execute(waiting.order_by(FlaggedContact.flagged_at)).scalars())
    work.concerns(count=len(risks))
    people = [risk.raised_by for risk in risks] + [contact.flagged_by for contact in contacts]
    return {
        "risks": risks,
        "contacts": contacts,
        "people": authors(work, people),
        "concerning": CONCERNING,
        "visor_number": opened.record.visor_number,
        "may_raise": decide(work.principal, "activity_log.add", opened.record).allowed,
    }


@service.query(
    "imminent_risk.read",
    path=f"{PATH}/<uuid:risk_id>",
    input=Nothing,
    answer=RiskWhole,
    page=Page("Imminent risk", "imminent_risk/risk.html"),
)
def one_risk(work: Work, *, nominal_id: UUID, risk_id: UUID) -> dict[str, Any]:
    """What the risk is, who was told before it was entered and after, and who has acknowledged it."""
    opened = authorise(work, "nominals.read", nominal_id)
    risk = work.session.get(ImminentRisk, risk_id)
    if risk is None or risk.nominal_id != nominal_id:
        raise NotFound
    work.concerns(subject=("imminent_risk", risk_id))
    found = select(Told).where(Told.risk_id == risk_id)
    told = list(work.session.execute(found).scalars())
    ids = [one.person_id for one in told]
    ids += [one for one in (risk.raised_by, risk.stood_down_by, risk.line_manager_id, risk.police_id) if one]
    cards = read_model.people(work.session, ids)
    return {**_same(risk), **_texts(work, risk, cards), **_told(work, opened, risk, told, cards)}


_AS_THEY_ARE = (
    "id",
    "nominal_id",
    "entry_id",
    "concerning",
    "raised_by",
    "raised_at",
    "stood_down_at",
    "stood_down_by",
)


def _same(risk: ImminentRisk) -> dict[str, Any]:
    return {name: getattr(risk, name) for name in _AS_THEY_ARE}


def _texts(work: Work, risk: ImminentRisk, cards: Mapping[UUID, read_model.PersonCard]) -> dict[str, Any]:
    def clear(purpose: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else work.runtime.readable(risk.origin_nominal_id, purpose, sealed)

    def before(person_id: UUID | None, purpose: str, name: bytes | None, how: str, at: Any) -> dict[str, Any]:
        card = cards.get(person_id) if person_id else None
        who = card.name if card else clear(purpose, name)
        return {"who": who, "card": card, "person_id": person_id, "how": HOW[how], "at": at}

    sealed = select(Entry.text).where(Entry.id == risk.entry_id)
    return {
        "text": clear(TEXT, work.session.execute(sealed).scalar_one_or_none()),
        "line_manager": before(
            risk.line_manager_id,
            LINE_MANAGER,
            risk.line_manager_name,
            risk.line_manager_how,
            risk.line_manager_at,
        ),
        "police": before(risk.police_id, POLICE, risk.police_name, risk.police_how, risk.police_at),
        "stood_down_reason": clear(REASON, risk.stood_down_reason),
    }


def _told(
    work: Work,
    opened: Opened,
    risk: ImminentRisk,
    told: list[Told],
    cards: Mapping[UUID, read_model.PersonCard],
) -> dict[str, Any]:
    """Those who have not acknowledged stand first."""
    units = read_model.units(work.session, [one.unit for one in told])
    rows = [
        {
            "person_id": one.person_id,
            "name": cards[one.person_id].name if one.person_id in cards else "a user not known here",
            "card_url": read_model.card_url(one.person_id),
            "role": one.role,
            "unit": units[one.unit].name if one.unit in units else one.unit,
            "acknowledged_at": one.acknowledged_at,
        }
        for one in told
    ]
    rows.sort(key=lambda row: (row["acknowledged_at"] is not None, str(row["name"])))
    mine = next((one for one in told if one.person_id == work.principal.person_id), None)
    is_open = risk.stood_down_at is None
    done = mine is not None and mine.acknowledged_at is not None
    may = decide(work.principal, "imminent_risk.stand_down", opened.record).allowed
    return {
        "told": rows,
        "waiting": sum(1 for row in rows if row["acknowledged_at"] is None),
        "people": cards,
        "visor_number": opened.record.visor_number,
        "whom": [CONCERNING[one] for one in risk.concerning],
        "may_acknowledge": is_open and not done and risk.raised_by != work.principal.person_id,
        "may_stand_down": is_open and may,
    }


@service.query(
    "imminent_risk.queue",
    path="/imminent-risk/queue",
    input=Nothing,
    answer=Queue,
    page=Page("Contacts to upload first", "imminent_risk/queue.html"),
)
def queue(work: Work) -> dict[str, Any]:
    """The contacts about imminent risk of one's unit that wait to be uploaded, the oldest first (PF-4.36.2)."""
    units = work.principal.units_with_role(ADMINISTRATOR) | work.principal.units_with("lpc")
    if not units:
        raise Refusal("R32", role="administrator of the unit")
    stands = standings(work.principal)
    found = (
        select(FlaggedContact)
        .join(Nominal, Nominal.id == FlaggedContact.nominal_id)
        .where(FlaggedContact.handled_at.is_(None), FlaggedContact.unit.in_(sorted(units)))
        .where(select(stands.c.nominal_id).where(stands.c.nominal_id == Nominal.id).exists())
        .order_by(FlaggedContact.flagged_at, FlaggedContact.id)
        .limit(SHOWN)
    )
    contacts = list(work.session.execute(found).scalars())
    work.concerns(count=len(contacts))
    shown = lines(work.session, work.principal, [one.nominal_id for one in contacts])
    return {"contacts": contacts, "lines": {line.nominal_id: line for line in shown}}
