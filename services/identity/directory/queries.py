"""The directory as the other services pull it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from services.identity.deputies.facts import deputyship_in_force
from services.identity.deputies.models import Deputyship
from services.identity.directory.models import DirectoryChange
from services.identity.directory.schemas import PageAnswer, PageInput
from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.tokens.holders import role_in_force, token_in_force
from services.identity.tokens.models import RoleGrant, TokenGrant
from shared.directory.read_model import CPC_DEPUTY
from shared.work import Work


@service.query(
    "directory.page",
    path="/directory",
    input=PageInput,
    answer=PageAnswer,
    audience="integration",
    audited=False,
)
def page(work: Work, *, after: int, limit: int) -> dict[str, Any]:
    """People (card, grants in force, active or not) and units that changed after a version, in order of change."""
    changes = work.session.execute(
        select(DirectoryChange.kind, DirectoryChange.key, DirectoryChange.version)
        .where(DirectoryChange.version > after)
        .order_by(DirectoryChange.version)
        .limit(limit + 1)
    ).all()
    here = changes[:limit]
    people = {UUID(row.key): row.version for row in here if row.kind == "person"}
    units = {row.key: row.version for row in here if row.kind == "unit"}
    return {
        "version": here[-1].version if here else after,
        "more": len(changes) > limit,
        "units": _units(work.session, units),
        "people": _people(work.session, people),
    }


def _units(session: Session, versions: dict[str, int]) -> list[dict[str, Any]]:
    found = session.execute(select(Unit).where(Unit.code.in_(versions))).scalars()
    columns = ("code", "name", "kind", "parent", "agency", "jurisdiction")
    return [
        {**{name: getattr(unit, name) for name in columns}, "version": versions[unit.code]} for unit in found
    ]


def _people(session: Session, versions: dict[UUID, int]) -> list[dict[str, Any]]:
    found = session.execute(select(Person).where(Person.id.in_(versions))).scalars()
    held = _grants(session, versions)
    columns = ("id", "name", "job_title", "email", "telephone", "agency", "unit")
    return [
        {
            **{name: getattr(person, name) for name in columns},
            "active": person.is_active,
            "version": versions[person.id],
            "grants": held[person.id],
        }
        for person in found
    ]


def _grants(session: Session, people: dict[UUID, int]) -> dict[UUID, list[dict[str, str]]]:
    tokens = select(TokenGrant.person_id, literal("token"), TokenGrant.token, TokenGrant.unit)
    roles = select(RoleGrant.person_id, literal("role"), RoleGrant.role, RoleGrant.unit)
    deputies = select(Deputyship.person_id, literal("role"), literal(CPC_DEPUTY), Deputyship.unit).distinct()
    both = union_all(
        tokens.where(TokenGrant.person_id.in_(people), token_in_force()),
        roles.where(RoleGrant.person_id.in_(people), role_in_force()),
        deputies.where(Deputyship.person_id.in_(people), deputyship_in_force()),
    )
    held: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for person_id, kind, name, unit in session.execute(both):
        held[person_id].append({"kind": kind, "name": name, "unit": unit})
    return held
