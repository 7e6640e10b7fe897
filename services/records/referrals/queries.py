"""The work queue of those who create records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.records.nominals.rules import CREATING_ROLES
from services.records.referrals.duties import duty_now, practice_of
from services.records.referrals.models import Referral
from services.records.referrals.rules import WITHOUT, Practice
from services.records.referrals.schemas import ReferralAnswer, ReferralsAnswer, ReferralsInput
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import NotFound, Refusal
from shared.web.display import day
from shared.web.schemas import Nothing
from shared.work import Work

PAGE = 25
TOKENS = ("create", "manager", "supervisor", "lpc", "central_support", "cpc")


@service.query(
    "referrals.list",
    path="/referrals",
    input=ReferralsInput,
    answer=ReferralsAnswer,
    page=Page("Referrals", "referrals/list.html"),
)
def referrals(work: Work, *, status: str = "open", before: UUID | None = None) -> dict[str, Any]:
    """The referrals of one's own area or force, newest first."""
    may_read(work.principal)
    found = select(Referral).where(Referral.owner_unit.in_(_areas(work.principal)), Referral.status == status)
    if before is not None:
        found = found.where(Referral.id < before)
    rows = list(work.session.scalars(found.order_by(Referral.id.desc()).limit(PAGE + 1)))
    work.concerns(count=len(rows[:PAGE]))
    return {
        "referrals": rows[:PAGE],
        "next_before": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "units": read_model.units(
            work.session, [unit for row in rows for unit in (row.unit, row.prison) if unit]
        ),
        "may_create": work.principal.holds("create"),
        "deadlines": deadlines_said(work, rows[:PAGE]),
    }


def deadlines_said(work: Work, rows: Sequence[Referral]) -> dict[UUID, str]:
    """For each: which deadline runs, or why none does (PF-4.11.1: listed without one where the area is not staffed)."""
    practices = {area: practice_of(work, area) for area in {row.owner_unit for row in rows}}
    return {row.id: _deadline_said(work, row, practices[row.owner_unit]) for row in rows}


def _deadline_said(work: Work, row: Referral, practice: Practice) -> str:
    if row.status != "open":
        return ""
    if row.source == "prison_request" and row.duty is None:
        return "D-05"
    if row.duty is not None:
        return row.duty
    duty = duty_now(work, row, practice)
    return WITHOUT[duty.why].format(day=day(duty.when)) if duty.why else ""


@service.query("referrals.read", path="/referrals/<uuid:referral_id>", input=Nothing, answer=ReferralAnswer)
def referral(work: Work, *, referral_id: UUID) -> Referral:
    """One referral of one's own area or force."""
    may_read(work.principal)
    found = work.session.get(Referral, referral_id)
    if found is None or found.owner_unit not in _areas(work.principal):
        raise NotFound
    work.concerns(subject=("referral", referral_id))
    return found


def may_read(principal: Principal) -> None:
    """Raises R30 for prisons, which own no records, and R11 for whoever neither creates nor oversees records."""
    if principal.agency_kind == "prison":
        raise Refusal("R30")
    if not (principal.holds(*TOKENS) or principal.has_role(*CREATING_ROLES)):
        raise Refusal("R11", token="create")  # noqa: S106 - a token is an access right here


def _areas(principal: Principal) -> tuple[str, ...]:
    """A referral is no nominal: it is the business of the area or force that will own the record."""
    return (principal.unit, *principal.areas)
