"""One unit's coverage: its posts and those below it, who could stand in, what was assured, and local practices."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from services.identity.coverage.commands import may_assure, may_note, unit_or_404
from services.identity.coverage.models import LeadAssurance, LocalPractice
from services.identity.coverage.posts import posts_in_force
from services.identity.coverage.reports import ROLES, TOKENS, WHOM, concerns, rows
from services.identity.coverage.rules import holds_everything
from services.identity.coverage.schemas import PracticesAnswer, UnitCoverageAnswer
from services.identity.coverage.slots import slots
from services.identity.people.models import Person, Unit
from services.identity.scope import all_below, within
from services.identity.service import service
from services.identity.tokens.holders import ACTIVE, token_in_force
from services.identity.tokens.models import TokenGrant
from services.identity.tokens.table import label
from services.identity.training.models import TrainingRecord
from services.identity.training.records import passed
from services.identity.vetting.covered import covered
from shared.declarations import Page
from shared.refusals import Refusal
from shared.web.schemas import Nothing
from shared.work import Work

_MOST = 200
_MONTHS = 12


@service.query(
    "coverage.of_unit",
    path="/coverage/<unit>",
    input=Nothing,
    answer=UnitCoverageAnswer,
    page=Page("Role coverage", "coverage/unit.html"),
)
def of_unit(work: Work, *, unit: str) -> dict[str, Any]:
    """PF-4.4.1, PF-5.6.1: who holds which post, who could stand in, and whether one person holds everything."""
    found = unit_or_404(work, unit)
    if not _in_sight(work, unit):
        raise Refusal("R32", role=WHOM)
    work.concerns(unit=unit)
    held = _held_in(work, unit)
    alone = holds_everything(held) if found.kind == "prison" else None
    assured = _assurances(work, unit)
    return {
        "unit": unit,
        "unit_name": found.name,
        "slots": rows(work, slots(work, posts_in_force(work), all_below([unit]))),
        "cover": _cover(work, unit, held),
        "alone": None if alone is None else {"id": alone, "name": work.session.get_one(Person, alone).name},
        "assurances": assured,
        "assurance_due": found.kind == "prison" and _due(assured, work.today),
        "practices": practices(work, LocalPractice.unit == unit),
        "may_assure": may_assure(work.principal, unit),
        "may_note": may_note(work.principal, unit),
    }


def _in_sight(work: Work, unit: str) -> bool:
    if not concerns(work.principal):
        return False
    reach = within(work.principal, tokens=TOKENS, roles=ROLES)
    seen = select(Unit.code).where(Unit.code == unit, Unit.code.in_(reach))
    return work.session.execute(seen).scalar() is not None


def _held_in(work: Work, unit: str) -> dict[UUID, list[str]]:
    """The tokens held for this very unit, by person."""
    query = (
        select(TokenGrant.person_id, TokenGrant.token)
        .join(Person, Person.id == TokenGrant.person_id)
        .where(TokenGrant.unit == unit, token_in_force(), ACTIVE)
        .order_by(TokenGrant.token)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for person_id, token in work.session.execute(query):
        found[person_id].append(token)
    return found


def _cover(work: Work, unit: str, held: dict[UUID, list[str]]) -> list[dict[str, Any]]:
    """PF-5.6.1: everybody of the unit who could stand in, the vetted first; at most 200."""
    vetted = covered(work.policy, work.today).label("vetted")
    trained = (
        select(TrainingRecord.id)
        .where(TrainingRecord.person_id == Person.id, passed(work.today))
        .exists()
        .label("trained")
    )
    there = select(Person, vetted, trained).where(Person.unit == unit, ACTIVE)
    query = there.order_by(vetted.desc(), trained.desc(), Person.name)
    return [
        {
            "id": person.id,
            "name": person.name,
            "card_url": person.card_url,
            "job_title": person.job_title,
            "vetted": is_vetted,
            "trained": is_trained,
            "tokens": [label(name) for name in held.get(person.id, ())],
        }
        for person, is_vetted, is_trained in work.session.execute(query.limit(_MOST))
    ]


def _assurances(work: Work, unit: str) -> list[dict[str, Any]]:
    query = (
        select(LeadAssurance, Person.name)
        .join(Person, Person.id == LeadAssurance.written_by)
        .where(LeadAssurance.unit == unit)
        .order_by(LeadAssurance.month.desc())
        .limit(_MONTHS)
    )
    return [
        {
            "month": kept.month,
            "completed": kept.completed,
            "note": kept.note,
            "name": name,
            "person_id": kept.written_by,
        }
        for kept, name in work.session.execute(query)
    ]


def _due(assured: list[dict[str, Any]], today: date) -> bool:
    return not any(each["month"] == today.replace(day=1) for each in assured)


def practices(work: Work, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = (
        select(LocalPractice, Person.name.label("name"), Unit.name.label("unit_name"))
        .join(Person, Person.id == LocalPractice.written_by)
        .join(Unit, Unit.code == LocalPractice.unit)
        .where(which)
        .order_by(LocalPractice.ended_on.is_not(None), LocalPractice.in_force_from.desc(), LocalPractice.id)
        .limit(_MOST)
    )
    columns = ("id", "unit", "title", "text", "in_force_from", "complies", "equality_checked", "ended_on")
    return [
        {name: getattr(kept, name) for name in columns}
        | {"name": name, "unit_name": unit_name, "person_id": kept.written_by}
        for kept, name, unit_name in work.session.execute(query)
    ]


@service.query(
    "coverage.practices",
    path="/local-practices",
    input=Nothing,
    answer=PracticesAnswer,
    page=Page("Local practices", "coverage/practices.html"),
)
def local_practices(work: Work) -> dict[str, Any]:
    """The register (PF-0.4.1): of the units one answers for, and of one's own unit and those above it."""
    reach = within(work.principal, tokens=TOKENS, roles=ROLES)
    found = practices(
        work, or_(LocalPractice.unit.in_(reach), LocalPractice.unit.in_(work.principal.areas or [""]))
    )
    work.concerns(count=len(found))
    return {"practices": found}


def assurances_due(work: Work, units: Any) -> int:
    """How many prisons of these have no assurance for this month yet."""
    month = work.today.replace(day=1)
    given = select(LeadAssurance.unit).where(LeadAssurance.month == month)
    query = select(func.count()).select_from(Unit).where(Unit.kind == "prison", Unit.code.in_(units))
    return work.session.execute(query.where(Unit.code.not_in(given))).scalar_one()
