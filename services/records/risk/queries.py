"""The assessments of a record and where each sign-off stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import Session

from services.records.access.authorise import authorise
from services.records.access.record import Record
from services.records.access.rules import decide
from services.records.attachments.clearance import cleared
from services.records.attachments.models import Entry
from services.records.nominals.followed import says_risk_is_signed
from services.records.nominals.parts import summary_part
from services.records.risk.commands import ACTION, PATH
from services.records.risk.models import COMMENT, RiskAssessment
from services.records.risk.rules import AWAITING, R10, R11, SIGNED, Documents, newest
from services.records.risk.schemas import AssessmentList
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.web.display import Person, day
from shared.web.schemas import Nothing
from shared.work import Work

LEVELS = {"low": "Low", "medium": "Medium", "high": "High", "very_high": "Very high"}


@service.query(
    "risk.list",
    path=PATH,
    input=Nothing,
    answer=AssessmentList,
    page=Page("Risk assessments", "risk/list.html"),
)
def list_assessments(work: Work, *, nominal_id: UUID) -> dict[str, Any]:
    """Each agency's assessments side by side, none over another (PF-1.4.2), the latest first."""
    opened = authorise(work, "nominals.read", nominal_id)
    found = (
        select(RiskAssessment)
        .join(Entry, Entry.id == RiskAssessment.entry_id)
        .where(
            RiskAssessment.nominal_id == nominal_id,
            RiskAssessment.kind == R10,
            cleared(work.principal, opened.standings),
        )
        .order_by(RiskAssessment.assessed_on.desc(), RiskAssessment.id.desc())
        .limit(200)
    )
    rows = list(work.session.execute(found).scalars())
    ids = [one for row in rows for one in (row.added_by, row.decided_by) if one is not None]
    people = read_model.people(work.session, ids)
    work.concerns(count=len(rows))
    return {
        "assessments": [_shown(work, row, people) for row in rows],
        "may_sign_off": decide(work.principal, ACTION, opened.record).allowed,
        "visor_number": opened.record.visor_number,
        "me": work.principal.person_id,
    }


def _shown(work: Work, row: RiskAssessment, people: Mapping[UUID, read_model.PersonCard]) -> dict[str, Any]:
    names = ("id", "nominal_id", "entry_id", "level", "assessed_on", "termination", "state", "round_id")
    more = ("added_by", "added_at", "decided_by", "decided_at")
    comment = work.runtime.readable(row.origin_nominal_id, COMMENT, row.comment) if row.comment else None
    return {
        **{name: getattr(row, name) for name in (*names, *more)},
        "level_name": LEVELS[str(row.level)],
        "comment": comment,
        "author": _person(people, row.added_by),
        "decider": _person(people, row.decided_by) if row.decided_by else None,
        "agency": people[row.added_by].agency if row.added_by in people else "",
    }


def _person(people: Mapping[UUID, read_model.PersonCard], person_id: UUID) -> Person:
    card = people.get(person_id)
    return Person(person_id, card.name if card else "a user not known here")


@summary_part("risk")
def risk_part(work: Work, record: Record) -> Mapping[str, Any]:
    """Says when an assessment awaits sign-off: the level above goes by the latest that is signed (PF-7/QA checks.1)."""
    href = f"/records/nominals/{record.id}/risk"
    found = select(RiskAssessment).where(
        RiskAssessment.nominal_id == record.id, RiskAssessment.kind == R10, RiskAssessment.state == AWAITING
    )
    waiting = newest(work.session.execute(found).scalars(), AWAITING)
    rows = []
    if isinstance(waiting, RiskAssessment):
        words = f"{LEVELS[str(waiting.level)]}, of {day(waiting.assessed_on)}"
        rows.append(("Awaiting sign-off", words, ("See", href)))
    return {"rows": rows, "href": href, "link": "Assessments"}


@says_risk_is_signed
def is_signed(session: Session, nominal_id: UUID) -> bool:
    found = select(RiskAssessment.id).where(
        RiskAssessment.nominal_id == nominal_id, RiskAssessment.kind == R10, RiskAssessment.state == SIGNED
    )
    return session.execute(found.limit(1)).first() is not None


def termination_documents(work: Work, nominal_id: UUID) -> Documents:
    """The days of what PF-4.28 asks for, in one query."""
    return Documents(*work.session.execute(select(*documents_of(nominal_id))).one())


def documents_of(nominal_id: Any) -> tuple[ScalarSelect[date], ScalarSelect[date]]:
    """The same two days, of one nominal or (a column) of each row."""
    newest_day = select(func.max(RiskAssessment.assessed_on)).where(RiskAssessment.nominal_id == nominal_id)
    signed = and_(RiskAssessment.kind == R10, RiskAssessment.termination, RiskAssessment.state == SIGNED)
    return (
        newest_day.where(signed).scalar_subquery(),
        newest_day.where(RiskAssessment.kind == R11).scalar_subquery(),
    )
