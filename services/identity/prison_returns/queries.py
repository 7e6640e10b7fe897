"""The return that is to be confirmed, those that were, and RPT-19 over all prisons in sight."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.identity.people.models import Person, Unit
from services.identity.prison_returns.commands import GROUP, prison_or_404
from services.identity.prison_returns.figures import LABELS, as_kept, columns, figures, month_before
from services.identity.prison_returns.models import PrisonReturn
from services.identity.prison_returns.schemas import ReturnAnswer
from services.identity.scope import is_national, within
from services.identity.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.refusals import NotFound, Refusal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Nothing
from shared.work import Work

MOST_DRAWN, _EARLIER = 25, 24
TOKENS, ROLES = ("cpc", "central_support"), ("visor_lead", "governor", "prison_group_director")
WHOM = "the ViSOR lead or Governor of the prison, its CPC or Group Director, or the national support group"
ADDRESSED = ("The prison group’s CPC", "HMP Operational Implementation Support Group")


def _concerns(principal: Principal) -> bool:
    prison = principal.agency_kind == "prison" and principal.holds(*TOKENS)
    return is_national(principal) or prison or principal.has_role(*ROLES, GROUP)


def _reach(work: Work) -> Select[Any]:
    if work.principal.has_role(GROUP):
        return select(Unit.code)
    return within(work.principal, tokens=TOKENS, roles=ROLES)


def _seen(work: Work, code: str) -> Unit:
    unit = prison_or_404(work, code)
    reached = select(Unit.code).where(Unit.code == code, Unit.code.in_(_reach(work)))
    if not _concerns(work.principal) or work.session.execute(reached).first() is None:
        raise Refusal("R32", role=WHOM)
    return unit


@service.query(
    "prison_returns.draft",
    path="/prison-returns/of/<unit>",
    input=Nothing,
    answer=ReturnAnswer,
    page=Page("Prison ViSOR return", "prison_returns/return.html"),
)
def draft(work: Work, *, unit: str) -> dict[str, Any]:
    """As it stands now, for the month before; what was confirmed already is shown as it was."""
    prison, month = _seen(work, unit), month_before(work.today)
    work.concerns(unit=unit)
    kept = work.session.execute(
        select(PrisonReturn).where(PrisonReturn.unit == unit, PrisonReturn.month == month)
    ).scalar_one_or_none()
    if kept is not None:
        return _shown(work, prison, kept)
    return {
        "id": None,
        "unit": unit,
        "unit_name": prison.name,
        "month": month,
        "figures": as_kept(figures(work, unit, month)),
        "labels": LABELS,
        "note": None,
        "name": None,
        "person_id": None,
        "confirmed_at": None,
        "addressed_to": ADDRESSED,
        "may_confirm": unit in work.principal.units_with_role("visor_lead"),
        "earlier": _earlier(work, unit, month),
    }


@service.query(
    "prison_returns.read",
    path="/prison-returns/<uuid:return_id>",
    input=Nothing,
    answer=ReturnAnswer,
    page=Page("Prison ViSOR return", "prison_returns/return.html"),
)
def read(work: Work, *, return_id: UUID) -> dict[str, Any]:
    """As it was confirmed."""
    kept = work.session.get(PrisonReturn, return_id)
    if kept is None:
        raise NotFound
    work.concerns(subject=("prison_return", return_id))
    return _shown(work, _seen(work, kept.unit), kept)


def _shown(work: Work, prison: Unit, kept: PrisonReturn) -> dict[str, Any]:
    columns = ("id", "unit", "month", "figures", "note", "confirmed_at")
    return {name: getattr(kept, name) for name in columns} | {
        "unit_name": prison.name,
        "labels": LABELS,
        "name": work.session.get_one(Person, kept.confirmed_by).name,
        "person_id": kept.confirmed_by,
        "addressed_to": ADDRESSED,
        "may_confirm": False,
        "earlier": _earlier(work, prison.code, kept.month),
    }


def _earlier(work: Work, unit: str, month: date) -> list[dict[str, Any]]:
    """Those that were confirmed for the months before, the newest first."""
    found = (
        select(PrisonReturn.id, PrisonReturn.month)
        .where(PrisonReturn.unit == unit, PrisonReturn.month < month)
        .order_by(PrisonReturn.month.desc())
        .limit(_EARLIER)
    )
    return [{"id": row.id, "month": row.month} for row in work.session.execute(found)]


def _by_prison(work: Work) -> list[tuple[Any, ...]]:
    """Where most did not, first; a national reader's picture does not show every prison."""
    rows = returns(work).subquery()
    counted = select(rows.c.unit_name, rows.c.logged_on, rows.c.not_logged_on)
    worst = counted.order_by(rows.c.not_logged_on.desc(), rows.c.unit_name).limit(MOST_DRAWN)
    return [tuple(row) for row in work.session.execute(worst)]


@service.report(
    "RPT-19",
    "Prison ViSOR returns",
    "PF-5.9-H.2",
    "PF-5.9-H.3",
    "PF-7/ViSOR Lead.5",
    input=Nothing,
    columns=(
        ReportColumn("unit_name", "Prison", sortable=True, href="unit_url"),
        *(ReportColumn(name, label, "number", total=True, sortable=True) for name, label in LABELS.items()),
        ReportColumn("confirmed_at", "Confirmed", "moment"),
        ReportColumn("name", "Confirmed by", "person"),
    ),
    whom=WHOM,
    open_to=_concerns,
    intro="Staff movements, vetting, training and log-ons of the last whole month, as they stand now. "
    "Each ViSOR lead confirms their prison’s return.",
    chart=Chart("Staff who logged on in the month", ("Logged on", "Did not"), _by_prison, "stacked"),
    empty="No prison is in your sight.",
)
def returns(work: Work) -> Select[Any]:
    """One row for each prison in sight."""
    month = month_before(work.today)
    lead = select(Person.id, Person.name).subquery()
    return (
        select(
            Unit.name.label("unit_name"),
            func.concat("/identity/prison-returns/of/", Unit.code).label("unit_url"),
            *columns(work, month),
            PrisonReturn.confirmed_at,
            lead.c.name,
            lead.c.id.label("name_id"),
        )
        .select_from(Unit)
        .join(Person, Person.unit == Unit.code)
        .outerjoin(PrisonReturn, (PrisonReturn.unit == Unit.code) & (PrisonReturn.month == month))
        .outerjoin(lead, lead.c.id == PrisonReturn.confirmed_by)
        .where(Unit.kind == "prison", Unit.code.in_(_reach(work)))
        .group_by(Unit.code, Unit.name, PrisonReturn.confirmed_at, lead.c.name, lead.c.id)
        .order_by(Unit.name)
    )
