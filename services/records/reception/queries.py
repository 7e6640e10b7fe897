"""The reception search, and what one's prison has asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from services.records.nominals.duplicates import Person, likely
from services.records.nominals.fields import canonical
from services.records.nominals.models import Identifier
from services.records.reception.rules import Outcome, outcome_of
from services.records.reception.schemas import (
    ReceptionAnswer,
    ReceptionInput,
    RequestsAnswer,
    RequestsInput,
)
from services.records.reception.waiting import searched
from services.records.referrals.models import NOTE, Referral
from services.records.search.finding import Line, lines
from services.records.search.queries import may_search
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.work import Work

PAGE = 25


@dataclass(frozen=True)
class Found:
    """`refusal` R16 where there is no record: prisons are partners of what exists only (PSI-2.5)."""

    outcome: Outcome
    results: list[Line]
    refusal: str | None = None
    message: str | None = None


@service.query(
    "reception.search",
    path="/reception/search",
    input=ReceptionInput,
    answer=ReceptionAnswer,
    method="POST",
)
def search(
    work: Work,
    *,
    pnc: str,
    noms: str | None,
    surname: str,
    forenames: str,
    date_of_birth: date | None,
) -> Found:
    """Whether somebody received is a nominal: by PNC number, whose check letter must fit (PF-5.12.1)."""
    may_search(work)
    numbers = canonical(work.today, pnc=pnc, noms=noms)
    found = _with_number(work, numbers)
    alike: list[Line] = []
    if not found and surname.strip() and date_of_birth is not None:
        named = ((" ".join(forenames.split()), " ".join(surname.split())),)
        alike = [one.line for one in likely(work, Person(named, date_of_birth, numbers))]
    outcome = outcome_of(found, alike)
    if work.principal.agency_kind == "prison" and "noms" in numbers:
        searched(work, numbers["noms"])
    asked = {**numbers, "surname": surname, "forenames": forenames, "date_of_birth": date_of_birth}
    work.concerns(private=json.dumps(asked, default=str), outcome=outcome, found=len(found or alike))
    if outcome == "none":
        nobody = Refusal("R16", area="the area that will manage the person in the community")
        return Found(outcome, [], nobody.code, nobody.message)
    return Found(outcome, lines(work.session, work.principal, found) if found else alike)


def _with_number(work: Work, numbers: dict[str, str]) -> list[UUID]:
    pairs = list(numbers.items())
    here = select(Identifier.nominal_id).where(tuple_(Identifier.kind, Identifier.value).in_(pairs))
    return list(dict.fromkeys(work.session.execute(here).scalars()))


@service.query(
    "reception.requests",
    path="/record-requests",
    input=RequestsInput,
    answer=RequestsAnswer,
    page=Page("Records asked for", "reception/requests.html"),
)
def requests(work: Work, *, before: UUID | None = None) -> dict[str, Any]:
    """What one's own prison, or a prison of the group whose CPC one is, has asked for: newest first."""
    may_search(work)
    units = {work.principal.unit}
    for unit in work.principal.units_with("cpc"):
        units |= read_model.below(work.session, unit)
    found = select(Referral).where(Referral.prison.in_(units))
    if before is not None:
        found = found.where(Referral.id < before)
    rows = list(work.session.scalars(found.order_by(Referral.id.desc()).limit(PAGE + 1)))
    shown = rows[:PAGE]
    areas = read_model.units(work.session, [row.owner_unit for row in shown])
    work.concerns(count=len(shown))
    return {
        "requests": [_line(work, row, areas) for row in shown],
        "next_before": shown[-1].id if len(rows) > PAGE else None,
        "may_ask": work.principal.agency_kind == "prison",
    }


def _line(work: Work, row: Referral, areas: dict[str, read_model.UnitCard]) -> dict[str, Any]:
    return {
        "referral_id": row.id,
        "name": f"{row.forenames} {row.surname}".strip(),
        "date_of_birth": row.date_of_birth,
        "area": areas[row.owner_unit].name if row.owner_unit in areas else row.owner_unit,
        "asked_at": row.asked_at,
        "status": row.status,
        "closed_why": work.runtime.readable(None, NOTE, row.closed_why) if row.closed_why else None,
        "nominal_id": row.nominal_id,
    }
