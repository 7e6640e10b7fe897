"""The SPO's check of a record before supervision: four items against nDelius and OASys, and its use (PF-4.37)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy import func, select

from services.records.access.authorise import authorise, refuse_archived
from services.records.access.record import Record
from services.records.nominals.models import Nominal
from services.records.nominals.naming import about
from services.records.quality.models import HELD, RecordCheck
from services.records.quality.rules import Known, compared, wrong_days
from services.records.quality.schemas import RecordCheckAnswer, RecordCheckInput, RecordCheckWhole
from services.records.risk.models import RiskAssessment
from services.records.risk.rules import R10
from services.records.service import service
from shared.declarations import FormPage, Page
from shared.directory import read_model
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.display import Person
from shared.web.schemas import Answer, Nothing
from shared.work import Work

SPO = "spo"
PATH = "/nominals/<uuid:nominal_id>/record-checks"


def may_check(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    return {**about(work, _checking(work, nominal_id))}


def _checking(work: Work, nominal_id: UUID, *, lock: bool = False) -> Record:
    """For an SPO of the unit that manages the person, who may read the record (PF-7/QA checks)."""
    record = authorise(work, "nominals.read", nominal_id, lock=lock).record
    refuse_archived(record)
    if record.managing_unit not in work.principal.units_with_role(SPO):
        raise Refusal("R32", role="an SPO of the unit that manages the person", nominal_id=nominal_id)
    return record


@service.command(
    "quality.check_record",
    path=PATH,
    input=RecordCheckInput,
    answer=RecordCheckAnswer,
    status=201,
    form=FormPage(
        title="Check the record before supervision",
        button="Compare",
        done="The check is kept.",
        next="/nominals/{nominal_id}/record-checks/{id}",
        cancel="/nominals/{nominal_id}/record-checks",
        path=f"{PATH}/new",
        intro="Enter what nDelius and OASys say now. The suite compares it with what the record holds (PF-4.37).",
        values=may_check,
        drafts=True,
    ),
)
def check_record(
    work: Work,
    *,
    nominal_id: UUID,
    risk_level: str | None,
    address: str,
    level: int | None,
    oasys: date | None,
    used: str,
    practitioner_id: UUID | None,
    supervision_on: date | None,
) -> RecordCheck:
    """Compare risk level, address, MAPPA level and latest OASys with the record (PF-7/QA checks.2)."""
    record = _checking(work, nominal_id, lock=True)
    if wrong := wrong_days(supervision_on, oasys, work.today):
        raise Invalid(wrong)
    _check_practitioner(work, practitioner_id)
    mine, theirs = _of_record(work, nominal_id), Known(risk_level, address.strip() or None, level, oasys)
    results = compared(mine, theirs)
    said = json.dumps({"record": _plain(mine), "other": _plain(theirs)})
    one = RecordCheck(
        id=new_id(),
        nominal_id=nominal_id,
        origin_nominal_id=nominal_id,
        unit=record.managing_unit,
        practitioner_id=practitioner_id,
        supervision_on=supervision_on,
        results=results,
        differing=sum(result != "same" for result in results.values()),
        held=work.runtime.encrypt(nominal_id, HELD, said),
        used=work.runtime.encrypt(nominal_id, HELD, used),
        checked_by=work.principal.person_id,
        checked_at=work.now,
    )
    work.session.add(one)
    work.session.flush()
    work.concerns(subject=("record_check", one.id), differing=one.differing)
    return one


def _check_practitioner(work: Work, person_id: UUID | None) -> None:
    """Raises Invalid for whoever is no practitioner of the SPO's own unit."""
    there = read_model.members(work.session, work.principal.unit, "practitioner")
    if person_id is not None and person_id not in {card.id for card in there}:
        raise Invalid({"practitioner_id": ["Choose a practitioner from the list"]})


def _of_record(work: Work, nominal_id: UUID) -> Known:
    found = select(Nominal.risk_level, Nominal.address, Nominal.level).where(Nominal.id == nominal_id)
    row = work.session.execute(found).one()
    newest = select(func.max(RiskAssessment.assessed_on)).where(
        RiskAssessment.nominal_id == nominal_id, RiskAssessment.kind == R10
    )
    return Known(row.risk_level, row.address, row.level, work.session.execute(newest).scalar_one())


def _plain(known: Known) -> dict[str, Any]:
    return {
        "risk_level": known.risk_level,
        "address": known.address,
        "level": known.level,
        "oasys": known.oasys.isoformat() if known.oasys else None,
    }


class RecordCheckList(Answer):
    checks = fields.List(fields.Nested(RecordCheckAnswer))
    may_check = fields.Boolean()


@service.query(
    "quality.record_checks",
    path=PATH,
    input=Nothing,
    answer=RecordCheckList,
    page=Page("Record checks", "quality/record_checks.html"),
)
def record_checks(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Every check of this record by an SPO, the newest first, for whoever may read the record."""
    record = authorise(work, "nominals.read", nominal_id).record
    found = select(RecordCheck).where(RecordCheck.nominal_id == nominal_id)
    rows = list(work.session.execute(found.order_by(RecordCheck.checked_at.desc()).limit(100)).scalars())
    people = read_model.people(work.session, [one.checked_by for one in rows])
    work.concerns(count=len(rows))
    return {
        "checks": rows,
        "may_check": record.status == "live" and record.managing_unit in work.principal.units_with_role(SPO),
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "visor_number": record.visor_number,
    }


@service.query(
    "quality.record_check",
    path=f"{PATH}/<uuid:check_id>",
    input=Nothing,
    answer=RecordCheckWhole,
    page=Page("Check of the record", "quality/record_check.html"),
)
def record_check(work: Work, *, nominal_id: UUID, check_id: UUID) -> dict[str, Any]:
    """One check with what both systems said, for whoever may read the record."""
    opened = authorise(work, "nominals.read", nominal_id)
    one = work.session.get(RecordCheck, check_id)
    if one is None or one.nominal_id != nominal_id:
        raise NotFound
    work.concerns(subject=("record_check", check_id))
    held = work.runtime.readable(one.origin_nominal_id, HELD, one.held)
    names = ("id", "nominal_id", "unit", "practitioner_id", "supervision_on", "results", "differing")
    ids = [one.checked_by] + ([one.practitioner_id] if one.practitioner_id else [])
    people = read_model.people(work.session, ids)
    return {
        **{name: getattr(one, name) for name in (*names, "checked_by", "checked_at")},
        **(json.loads(held) if held else {"record": {}, "other": {}}),
        "used": work.runtime.readable(one.origin_nominal_id, HELD, one.used),
        "people": {id: Person(id, card.name) for id, card in people.items()},
        "visor_number": opened.record.visor_number,
    }
