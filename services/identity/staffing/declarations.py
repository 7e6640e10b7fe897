"""The switch `sufficient_staff` of a MAPPA area: the CPC states it, the regional probation director signs (PF-3a)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from services.identity.authority import Reach
from services.identity.people.cards import cards
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.staffing.models import StaffingDeclaration
from services.identity.staffing.schemas import (
    AreaAnswer,
    AreasAnswer,
    DecidedAnswer,
    DeclineInput,
    ProposeInput,
)
from services.identity.tokens.holders import ACTIVE, cpc_contact, role_in_force
from services.identity.tokens.models import RoleGrant
from shared.declarations import FormPage, Page
from shared.events.identity.staffing import STAFFING_DECIDED, STAFFING_PROPOSED, SUFFICIENT_STAFF
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import EVERY_AGENCY, NOBODY, Concerned, Work

DIRECTOR = "regional_probation_director"
AREA = "/staffing/areas/<string:area>"
service.constraints["uq_staffing_declaration_open"] = lambda: Refusal(
    "R34", what="A statement about this area waits for the regional probation director already."
)


def _may_propose(work: Work, *, area: str) -> dict[str, str]:
    found = _area(work, area)
    _require_cpc(work, area)
    return {"about": found.name}


@service.command(
    "staffing.propose",
    path=AREA,
    input=ProposeInput,
    answer=Done,
    recent_sign_in=True,
    form=FormPage(
        path=f"{AREA}/propose",
        title="State whether the area has sufficient staff",
        button="Send for sign-off",
        done="Sent to the regional probation director, whose signature makes it count.",
        next="/staffing/areas/{area}",
        values=_may_propose,
    ),
)
def propose(work: Work, *, area: str, sufficient: bool, reason: str) -> None:
    """By the area's CPC or deputy; one statement at a time."""
    _area(work, area)
    work.concerns(area=area, sufficient=sufficient)
    _require_cpc(work, area)
    if current(work, area) == sufficient:
        raise Refusal("R34", what="This is what stands already.")
    made = StaffingDeclaration(
        area=area,
        sufficient=sufficient,
        reason=reason,
        proposed_by=work.principal.person_id,
        proposed_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("staffing_declaration", made.id))
    data = {"declaration_id": made.id, "area": area}
    aggregate = ("staffing_declaration", made.id)
    work.emit(STAFFING_PROPOSED, data, aggregate=aggregate, to=_directors(work, area))


def _may_decide(work: Work, *, declaration_id: UUID) -> dict[str, str]:
    found = _waiting(work, declaration_id)
    says = "sufficient staff" if found.sufficient else "no longer sufficient staff"
    return {"about": f"{work.session.get_one(Unit, found.area).name}: {says}"}


@service.command(
    "staffing.confirm",
    path="/staffing/declarations/<uuid:declaration_id>/confirm",
    input=Nothing,
    answer=DecidedAnswer,
    recent_sign_in=True,
    form=FormPage(
        title="Sign off sufficient staff",
        button="Sign off",
        done="Signed off. Records of the area follow it from today.",
        next="/staffing/areas/{area}",
        cancel="/staffing/areas",
        intro="With sufficient staff every eligible nominal of the area gets a record (D-02 and D-03 run).",
        values=_may_decide,
    ),
)
def confirm(work: Work, *, declaration_id: UUID) -> StaffingDeclaration:
    """By the regional probation director, who did not state it (R23); tells records."""
    found = _waiting(work, declaration_id)
    _decide(work, found, "confirmed")
    data = {
        "declaration_id": found.id,
        "area": found.area,
        "sufficient": found.sufficient,
        "from_day": work.today,
    }
    aggregate = ("staffing_declaration", found.id)
    work.emit(SUFFICIENT_STAFF, data, aggregate=aggregate, agencies=(EVERY_AGENCY,))
    return found


@service.command(
    "staffing.decline",
    path="/staffing/declarations/<uuid:declaration_id>/decline",
    input=DeclineInput,
    answer=DecidedAnswer,
    form=FormPage(
        title="Do not sign off",
        button="Do not sign off",
        done="Not signed off. The CPC is told.",
        next="/staffing/areas/{area}",
        cancel="/staffing/areas",
        values=_may_decide,
    ),
)
def decline(work: Work, *, declaration_id: UUID, reason: str) -> StaffingDeclaration:
    """The CPC is told, and may state it anew."""
    work.concerns(private=reason)
    found = _waiting(work, declaration_id)
    _decide(work, found, "declined")
    return found


@service.query(
    "staffing.areas",
    path="/staffing/areas",
    input=Nothing,
    answer=AreasAnswer,
    page=Page("Areas with sufficient staff", "staffing/areas.html"),
)
def areas(work: Work) -> dict[str, Any]:
    """Every MAPPA area's switch, in one query: the newest signed statement of each."""
    newest = (
        select(StaffingDeclaration.area, StaffingDeclaration.sufficient, StaffingDeclaration.decided_at)
        .where(StaffingDeclaration.outcome == "confirmed")
        .ext(distinct_on(StaffingDeclaration.area))
        .order_by(StaffingDeclaration.area, StaffingDeclaration.decided_at.desc())
        .subquery()
    )
    found = (
        select(Unit.code, Unit.name, newest.c.sufficient, newest.c.decided_at)
        .outerjoin(newest, newest.c.area == Unit.code)
        .where(Unit.kind == "mappa_area", Unit.closed_on.is_(None))
    )
    rows = work.session.execute(found.order_by(Unit.name)).all()
    work.concerns(count=len(rows))
    return {"areas": [row._asdict() | {"sufficient": bool(row.sufficient)} for row in rows]}


@service.query(
    "staffing.area",
    path=AREA,
    input=Nothing,
    answer=AreaAnswer,
    page=Page("Sufficient staff", "staffing/area.html"),
)
def area_state(work: Work, *, area: str) -> dict[str, Any]:
    """Whether the area's switch is on, who said so, and what waits (PF-3a)."""
    found = _area(work, area)
    work.concerns(area=area)
    rows = _with_people(work, area)
    reach = _reach(work, area)
    waiting = next((row for row in rows if row["outcome"] is None), None)
    own = waiting is not None and waiting["proposer"].id == work.principal.person_id
    return {
        "area": area,
        "area_name": found.name,
        "sufficient": current(work, area),
        "open": waiting,
        "earlier": [row for row in rows if row["outcome"] is not None],
        "may_propose": waiting is None and (reach.is_cpc or reach.is_deputy),
        "may_decide": waiting is not None and not own and _directs(work, reach),
    }


def current(work: Work, area: str) -> bool:
    """Off until a first statement is signed."""
    newest = (
        select(StaffingDeclaration.sufficient)
        .where(StaffingDeclaration.area == area, StaffingDeclaration.outcome == "confirmed")
        .order_by(StaffingDeclaration.decided_at.desc())
        .limit(1)
    )
    return bool(work.session.execute(newest).scalar())


def _with_people(work: Work, area: str) -> list[dict[str, Any]]:
    found = select(StaffingDeclaration).where(StaffingDeclaration.area == area)
    rows = list(
        work.session.execute(found.order_by(StaffingDeclaration.proposed_at.desc()).limit(50)).scalars()
    )
    ids = {one for row in rows for one in (row.proposed_by, row.decided_by) if one}
    people = work.session.execute(select(Person).where(Person.id.in_(ids))).scalars()
    by_id = {card.id: card for card in cards(work.session, people)}
    columns = ("id", "sufficient", "reason", "proposed_at", "decided_at", "outcome")
    return [
        {name: getattr(row, name) for name in columns}
        | {"proposer": by_id[row.proposed_by], "decider": by_id[row.decided_by] if row.decided_by else None}
        for row in rows
    ]


def _area(work: Work, code: str) -> Unit:
    found = work.session.get(Unit, code)
    if found is None or found.kind != "mappa_area":
        raise NotFound
    return found


def _reach(work: Work, area: str) -> Reach:
    return Reach(work.principal, above(work.session, area))


def _require_cpc(work: Work, area: str) -> None:
    reach = _reach(work, area)
    if not (reach.is_cpc or reach.is_deputy):
        raise Refusal("R24", contact=cpc_contact(work, area))


def _directs(work: Work, reach: Reach) -> bool:
    return bool(work.principal.units_with_role(DIRECTOR) & set(reach.areas))


def _waiting(work: Work, declaration_id: UUID) -> StaffingDeclaration:
    found = work.session.get(StaffingDeclaration, declaration_id, with_for_update=True)
    if found is None:
        raise NotFound
    work.concerns(subject=("staffing_declaration", found.id), area=found.area, sufficient=found.sufficient)
    if not _directs(work, _reach(work, found.area)):
        raise Refusal("R32", role="regional probation director of this area")
    if found.proposed_by == work.principal.person_id:
        raise Refusal("R23", subject="statement")
    if found.decided_at is not None:
        raise Refusal("R34", what="This statement has been decided already.")
    return found


def _decide(work: Work, found: StaffingDeclaration, outcome: str) -> None:
    found.outcome, found.decided_by = outcome, work.principal.person_id
    found.decided_at = work.system_now
    proposer = work.session.get_one(Person, found.proposed_by)
    data = {"declaration_id": found.id, "area": found.area, "outcome": outcome}
    to = [Concerned(proposer.id, "cpc", proposer.unit, proposer.agency)]
    work.emit(STAFFING_DECIDED, data, aggregate=("staffing_declaration", found.id), to=to)


def _directors(work: Work, area: str) -> list[Concerned]:
    """The vacant role where there is none, so that the gap is seen."""
    found = (
        select(Person, RoleGrant.unit)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == DIRECTOR, role_in_force(), ACTIVE)
        .where(RoleGrant.unit.in_(above(work.session, area)), Person.id != work.principal.person_id)
    )
    told = [Concerned(one.id, DIRECTOR, unit, one.agency) for one, unit in work.session.execute(found)]
    return told or [Concerned(NOBODY, DIRECTOR, area, "probation-service")]
