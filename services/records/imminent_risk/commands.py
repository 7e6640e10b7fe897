"""Raising an imminent risk, acknowledging it, and standing it down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.records.access.authorise import authorise
from services.records.access.told import agencies_told
from services.records.activity_log.writing import write_entry
from services.records.imminent_risk.contacts import handle_all
from services.records.imminent_risk.models import LINE_MANAGER, POLICE, REASON, ImminentRisk, Told
from services.records.imminent_risk.people import whom_to_tell
from services.records.imminent_risk.rules import ToldBefore, not_told_before
from services.records.imminent_risk.schemas import NewRisk, RiskAnswer, StoodDown
from services.records.nominals.naming import about
from services.records.service import service
from shared.declarations import FormPage
from shared.directory import read_model
from shared.events.records.imminent_risk import ACKNOWLEDGED, IMMINENT_RISK, STOOD_DOWN
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Nothing
from shared.work import NOBODY, Concerned, Work

PATH = "/nominals/<uuid:nominal_id>/imminent-risk"
ONE = f"{PATH}/<uuid:risk_id>"


def may_raise(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Whoever may not write on the record is told before typing, and whom to ask."""
    return dict(about(work, authorise(work, "activity_log.add", nominal_id).record))


@service.command(
    "imminent_risk.raise",
    path=PATH,
    input=NewRisk,
    answer=RiskAnswer,
    status=201,
    form=FormPage(
        title="Enter an imminent risk",
        button="Enter the risk and tell everybody",
        done="The risk is on the record, and everybody who works with it is being told.",
        next="/nominals/{nominal_id}/imminent-risk/{id}",
        cancel="/nominals/{nominal_id}/imminent-risk",
        path=f"{PATH}/new",
        intro="Tell your line manager and your police counterpart first. If somebody is in danger now, call 999.",
        values=may_raise,
    ),
)
def raise_risk(
    work: Work,
    *,
    nominal_id: UUID,
    line_manager_id: UUID | None,
    line_manager_name: str,
    line_manager_how: str,
    line_manager_at: datetime,
    police_id: UUID | None,
    police_name: str,
    police_how: str,
    police_at: datetime,
    concerning: list[str],
    text: str,
) -> ImminentRisk:
    """Enter it once line manager and police counterpart were told (PF-4.36.1); all others are told now (PF-4.30.2)."""
    record = authorise(work, "activity_log.add", nominal_id, lock=True).record
    before = (
        ToldBefore("line_manager", line_manager_id, line_manager_name, line_manager_at),
        ToldBefore("police", police_id, police_name, police_at),
    )
    _check(work, before)
    told = agencies_told(work.session, record)
    entry = write_entry(work, record, told, kind="imminent_risk", text=text, important=True)
    me = work.principal
    risk = ImminentRisk(
        id=new_id(),
        nominal_id=nominal_id,
        entry_id=entry.id,
        concerning=sorted(set(concerning)),
        managing_unit=record.managing_unit,
        raised_by=me.person_id,
        raised_agency=me.agency,
        raised_unit=me.unit,
        raised_at=work.now,
        line_manager_id=line_manager_id,
        line_manager_name=_sealed(work, nominal_id, LINE_MANAGER, line_manager_name),
        line_manager_how=line_manager_how,
        line_manager_at=line_manager_at,
        police_id=police_id,
        police_name=_sealed(work, nominal_id, POLICE, police_name),
        police_how=police_how,
        police_at=police_at,
    )
    work.session.add(risk)
    work.session.flush()
    to = whom_to_tell(work, record, police_id)
    _keep_told(work, risk, to)
    work.concerns(subject=("imminent_risk", risk.id), told=len(to), concerning=risk.concerning)
    data = {
        "risk_id": risk.id,
        "nominal_id": nominal_id,
        "entry_id": entry.id,
        "raised_at": risk.raised_at,
        "managing_unit": record.managing_unit,
        "jurisdiction": record.jurisdiction,
    }
    work.emit(IMMINENT_RISK, data, aggregate=("imminent_risk", risk.id), to=to)
    handle_all(work, nominal_id)
    return risk


def _check(work: Work, before: Iterable[ToldBefore]) -> None:
    wrong = not_told_before(before, work.now)
    named = {one.part: one.person_id for one in before if one.person_id is not None}
    known = read_model.people(work.session, named.values())
    for part, person in named.items():
        if person not in known:
            wrong[f"{part}_id"] = ["Choose somebody from the list, or enter their name"]
        elif person == work.principal.person_id:
            wrong[f"{part}_id"] = ["Tell somebody else: this is yourself"]
    if wrong:
        raise Invalid(wrong)


def _sealed(work: Work, nominal_id: UUID, purpose: str, name: str) -> bytes | None:
    return work.runtime.encrypt(nominal_id, purpose, name.strip()) if name.strip() else None


def _keep_told(work: Work, risk: ImminentRisk, to: Iterable[Concerned]) -> None:
    """Each person once, in the first role that they are told in; a vacant one is nobody's to acknowledge."""
    rows = {
        one.person_id: {
            "risk_id": risk.id,
            "person_id": one.person_id,
            "role": one.role,
            "unit": one.unit,
            "agency": one.agency,
        }
        for one in reversed(list(to))
        if one.person_id != NOBODY
    }
    if rows:
        work.session.execute(insert(Told).values(list(rows.values())))


def may_acknowledge(work: Work, *, nominal_id: UUID, risk_id: UUID) -> dict[str, Any]:
    record = authorise(work, "nominals.read", nominal_id).record
    _open(work, nominal_id, risk_id)
    return dict(about(work, record))


@service.command(
    "imminent_risk.acknowledge",
    path=f"{ONE}/acknowledgement",
    input=Nothing,
    answer=RiskAnswer,
    form=FormPage(
        title="Acknowledge the imminent risk",
        button="I have read it",
        done="It is noted that you have read it.",
        next="/nominals/{nominal_id}/imminent-risk/{risk_id}",
        path=f"{ONE}/acknowledge",
        intro="Say that you have read the entry and act on it as your role requires.",
        values=may_acknowledge,
    ),
)
def acknowledge(work: Work, *, nominal_id: UUID, risk_id: UUID) -> ImminentRisk:
    """Say that one has read it; whoever was not told, but reads the record, may say so too. Twice is once."""
    opened = authorise(work, "nominals.read", nominal_id)
    work.together()
    risk = _open(work, nominal_id, risk_id)
    me = work.principal
    mine = {
        "risk_id": risk_id,
        "person_id": me.person_id,
        "role": min(opened.standings, default="reader"),
        "unit": me.unit,
        "agency": me.agency,
        "acknowledged_at": work.now,
    }
    row = insert(Told).values(mine)
    first = row.on_conflict_do_update(
        index_elements=["risk_id", "person_id"],
        set_={"acknowledged_at": work.now},
        where=Told.acknowledged_at.is_(None),
    )
    work.concerns(subject=("imminent_risk", risk_id))
    if work.session.execute(first.returning(Told.person_id)).first() is None:
        return risk
    waiting = select(func.count()).where(Told.risk_id == risk_id, Told.acknowledged_at.is_(None))
    nobody_left = work.session.execute(waiting).scalar_one() == 0
    data = {"risk_id": risk_id, "nominal_id": nominal_id, "person_id": me.person_id, "all": nobody_left}
    agencies = sorted({opened.record.owner_agency, me.agency})
    work.emit(ACKNOWLEDGED, data, aggregate=("imminent_risk", risk_id), agencies=agencies)
    return risk


def may_stand_down(work: Work, *, nominal_id: UUID, risk_id: UUID) -> dict[str, Any]:
    record = authorise(work, "imminent_risk.stand_down", nominal_id).record
    _open(work, nominal_id, risk_id)
    return dict(about(work, record))


@service.command(
    "imminent_risk.stand_down",
    path=f"{ONE}/stood-down",
    input=StoodDown,
    answer=RiskAnswer,
    form=FormPage(
        title="Stand the imminent risk down",
        button="Stand the risk down",
        done="The risk is stood down, and everybody who was told of it is being told.",
        next="/nominals/{nominal_id}/imminent-risk/{risk_id}",
        path=f"{ONE}/stand-down",
        intro="The banner goes from the record. The entry, and who was told of it, stay.",
        values=may_stand_down,
        template="imminent_risk/stand_down.html",
    ),
)
def stand_down(work: Work, *, nominal_id: UUID, risk_id: UUID, reason: str) -> ImminentRisk:
    """End it, with the reason; whoever was told of it is told of that."""
    record = authorise(work, "imminent_risk.stand_down", nominal_id, lock=True).record
    risk = _open(work, nominal_id, risk_id)
    risk.stood_down_at, risk.stood_down_by = work.now, work.principal.person_id
    risk.stood_down_reason = work.runtime.encrypt(risk.origin_nominal_id, REASON, reason.strip())
    work.concerns(subject=("imminent_risk", risk_id), private=reason)
    people = select(Told).where(Told.risk_id == risk_id).order_by(Told.person_id)
    to = [
        Concerned(one.person_id, one.role, one.unit, one.agency)
        for one in work.session.execute(people).scalars()
        if one.person_id != work.principal.person_id
    ]
    data = {"risk_id": risk_id, "nominal_id": nominal_id}
    agencies = [record.owner_agency]
    work.emit(STOOD_DOWN, data, aggregate=("imminent_risk", risk_id), to=to, agencies=agencies)
    return risk


def _open(work: Work, nominal_id: UUID, risk_id: UUID) -> ImminentRisk:
    """Locked, so that of two who acknowledge at once one is the last. Raises NotFound, or R34 once it is over."""
    risk = work.session.get(ImminentRisk, risk_id, with_for_update=True)
    if risk is None or risk.nominal_id != nominal_id:
        raise NotFound
    if risk.stood_down_at is not None:
        raise Refusal("R34", what="This risk was stood down already.", nominal_id=nominal_id)
    return risk
