"""What each delivery unit and prison needs, said by its head (PF-7/Sufficient numbers)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.identity.accounts.positions import positions
from services.identity.people.cards import cards
from services.identity.people.models import Person, Unit
from services.identity.people.units import above
from services.identity.service import service
from services.identity.staffing.models import StaffingTarget
from services.identity.staffing.numbers import actual_of, exempt_of
from services.identity.staffing.reach import sees
from services.identity.staffing.rules import Target, state, wrong_target
from services.identity.staffing.schemas import PrisonTargetInput, ProbationTargetInput, UnitAnswer
from services.identity.tokens.holders import cpc_contact
from shared.declarations import FormPage, Page
from shared.refusals import Invalid, NotFound, Refusal
from shared.web.schemas import Done, Nothing
from shared.work import Work

UNIT = "/staffing/units/<string:unit>"
HEADS = {"delivery_unit": "head_of_pdu", "prison": "governor"}
_FORMS = {"delivery_unit": "probation", "prison": "prison"}
service.constraints["uq_staffing_target_current"] = lambda: Refusal(
    "R34", what="Somebody else saved this unit’s target at the same moment."
)


def _prison(work: Work, *, unit: str) -> dict[str, Any]:
    return _before(work, unit, "prison")


def _probation(work: Work, *, unit: str) -> dict[str, Any]:
    return _before(work, unit, "delivery_unit")


def _form(kind: str, values: Any) -> FormPage:
    return FormPage(
        path=f"{UNIT}/{_FORMS[kind]}",
        title="What the prison needs" if kind == "prison" else "What the delivery unit needs",
        button="Save",
        done="Saved.",
        next="/staffing/units/{unit}",
        intro="How many staff manage nominals in each of these posts. Ideally all of them use ViSOR.",
        values=values,
    )


@service.command(
    "staffing.set_prison_target",
    path=f"{UNIT}/prison-target",
    input=PrisonTargetInput,
    answer=Done,
    form=_form("prison", _prison),
)
def set_prison_target(
    work: Work,
    *,
    unit: str,
    homd: int,
    homs: int,
    prison_offender_manager: int,
    prison_case_administrator: int,
    security_staff: int,
    agreed: int | None,
    factor: str | None,
    plan: str | None,
) -> None:
    """PF-7/sufficient numbers of Prison staff: the OMU and Security."""
    posts = {
        "homd": homd,
        "homs": homs,
        "prison_offender_manager": prison_offender_manager,
        "prison_case_administrator": prison_case_administrator,
        "security_staff": security_staff,
    }
    _save(work, unit, "prison", posts, agreed, factor, plan)


@service.command(
    "staffing.set_probation_target",
    path=f"{UNIT}/probation-target",
    input=ProbationTargetInput,
    answer=Done,
    form=_form("delivery_unit", _probation),
)
def set_probation_target(
    work: Work,
    *,
    unit: str,
    senior_probation_officer: int,
    probation_officer: int,
    probation_service_officer: int,
    mappa_staff: int,
    case_administrator: int,
    mappa_administrator: int,
    visor_administrator: int,
    agreed: int | None,
    factor: str | None,
    plan: str | None,
) -> None:
    """PF-7/Sufficient numbers: operational practice and administrative staff who manage nominals."""
    posts = {
        "senior_probation_officer": senior_probation_officer,
        "probation_officer": probation_officer,
        "probation_service_officer": probation_service_officer,
        "mappa_staff": mappa_staff,
        "case_administrator": case_administrator,
        "mappa_administrator": mappa_administrator,
        "visor_administrator": visor_administrator,
    }
    _save(work, unit, "delivery_unit", posts, agreed, factor, plan)


@service.query(
    "staffing.unit",
    path=UNIT,
    input=Nothing,
    answer=UnitAnswer,
    page=Page("Sufficient numbers", "staffing/unit.html"),
)
def unit_state(work: Work, *, unit: str) -> dict[str, Any]:
    """What is needed, what there is, and what was said before."""
    found = _unit(work, unit)
    work.concerns(unit=unit)
    if not sees(work, unit):
        raise Refusal("R24", contact=cpc_contact(work, unit))
    exempt = exempt_of(work, unit)
    rows = _targets(work, unit, exempt)
    actual = actual_of(work, unit)
    now = rows[0] if rows else None
    return {
        "unit": unit,
        "unit_name": found.name,
        "kind": _FORMS[found.kind],
        "actual": actual,
        "exempt": exempt,
        "state": state(now["needed"] if now else None, actual),
        "target": now,
        "earlier": rows[1:],
        "may_change": _may_set(work, found),
    }


def _before(work: Work, unit: str, kind: str) -> dict[str, Any]:
    found = _unit(work, unit, kind)
    _require_head(work, found)
    current = _current(work, unit)
    values: dict[str, Any] = {"about": found.name}
    if current is not None:
        values |= current.posts | {name: getattr(current, name) for name in ("agreed", "factor", "plan")}
    return values


def _save(
    work: Work,
    unit: str,
    kind: str,
    posts: dict[str, int],
    agreed: int | None,
    factor: str | None,
    plan: str | None,
) -> None:
    found = _unit(work, unit, kind)
    work.concerns(unit=unit, ideal=sum(posts.values()), agreed=agreed)
    _require_head(work, found)
    if wrong := wrong_target(posts, agreed, factor):
        raise Invalid(wrong)
    if (current := _current(work, unit)) is not None:
        current.superseded_at = work.system_now
        work.session.flush()
    made = StaffingTarget(
        unit=unit,
        posts=posts,
        agreed=agreed,
        factor=factor,
        plan=plan,
        recorded_by=work.principal.person_id,
        recorded_at=work.system_now,
    )
    work.session.add(made)
    work.session.flush()
    work.concerns(subject=("staffing_target", made.id))


def _unit(work: Work, code: str, kind: str | None = None) -> Unit:
    found = work.session.get(Unit, code)
    if found is None or found.kind not in HEADS or (kind is not None and found.kind != kind):
        raise NotFound
    return found


def _may_set(work: Work, unit: Unit) -> bool:
    """Its head, or the CPC whose area or group it is in."""
    areas = set(above(work.session, unit.code))
    principal = work.principal
    held = principal.units_with_role(HEADS[unit.kind]) | principal.units_with("cpc") | principal.deputy_for
    return bool(held & areas)


def _require_head(work: Work, unit: Unit) -> None:
    if not _may_set(work, unit):
        role = "Governor or CPC" if unit.kind == "prison" else "head of this delivery unit or CPC"
        raise Refusal("R32", contact=cpc_contact(work, unit.code), role=role)


def _current(work: Work, unit: str) -> StaffingTarget | None:
    found = select(StaffingTarget).where(StaffingTarget.unit == unit, StaffingTarget.superseded_at.is_(None))
    return work.session.execute(found.with_for_update()).scalar_one_or_none()


def _targets(work: Work, unit: str, exempt: int) -> list[dict[str, Any]]:
    """Newest first; today's `exempt` count for what stands today."""
    found = (
        select(StaffingTarget, Person)
        .join(Person, Person.id == StaffingTarget.recorded_by)
        .where(StaffingTarget.unit == unit)
        .order_by(StaffingTarget.superseded_at.is_not(None), StaffingTarget.recorded_at.desc())
        .limit(20)
    )
    rows = list(work.session.execute(found))
    by_id = {card.id: card for card in cards(work.session, {person for _, person in rows})}
    return [
        _target(target, by_id[person.id], exempt if target.superseded_at is None else 0)
        for target, person in rows
    ]


def _target(row: StaffingTarget, recorder: Any, exempt: int) -> dict[str, Any]:
    target = Target(row.posts, row.agreed, exempt)
    return {
        "posts": [{"position": positions()[code].label, "staff": staff} for code, staff in row.posts.items()],
        "ideal": target.ideal,
        "needed": target.needed,
        "agreed": row.agreed,
        "factor": row.factor,
        "plan": row.plan,
        "recorder": recorder,
        "recorded_at": row.recorded_at,
    }
