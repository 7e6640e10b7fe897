"""The records that a person stands to, page by page in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from services.records.access.rules import reach
from services.records.access.standings import standings
from services.records.nominals.models import Name, Nominal
from services.records.nominals.schemas import MineAnswer, MineInput
from services.records.service import service
from shared.access.principal import Principal
from shared.declarations import Page
from shared.work import Work

PAGE = 25
# Central Support gives standing tasks, not a look at every record of the area.
OPENS = ("manager", "supervisor", "partner", "lpc", "cpc", "deputy")


@service.query(
    "nominals.mine",
    path="/nominals",
    input=MineInput,
    answer=MineAnswer,
    page=Page("Nominals", "nominals/mine.html"),
)
def mine(work: Work, *, standing: str | None = None, after: str | None = None) -> dict[str, Any]:
    """The records one is manager, supervisor, partner, LPC or CPC of, by ViSOR number; `after` is the last one seen."""
    statement = _mine(work.principal, (standing,) if standing else OPENS, after)
    rows = work.session.execute(statement.limit(PAGE + 1)).all()
    work.concerns(count=len(rows[:PAGE]), standing=standing)
    found = [
        {
            **row._mapping,  # noqa: SLF001 - the public name of a row as a mapping
            "nominal_id": row.id,
            "name": f"{row.forenames} {row.surname}".strip(),
            "standings": sorted(set(row.standings)),
        }
        for row in rows[:PAGE]
    ]
    return {
        "nominals": found,
        "next_after": found[-1]["visor_number"] if len(rows) > PAGE else None,
        "may_create": work.principal.holds("create") and work.principal.agency_kind != "prison",
        "in_prison": work.principal.agency_kind == "prison",
        "leads_prison": work.principal.agency_kind == "prison"
        and (work.principal.has_role("visor_lead", "governor") or work.principal.holds("cpc")),
        "hands_over": work.principal.holds("manager", "supervisor", "lpc", "cpc")
        or bool(work.principal.deputy_for),
        "manages": work.principal.holds("manager"),
        "supervises": work.principal.holds("supervisor"),
        "oversees": bool(reach(work.principal).cpc | reach(work.principal).deputy),
    }


def _mine(principal: Principal, wanted: tuple[str, ...], after: str | None) -> Select[Any]:
    mine = standings(principal)
    stand = (
        select(mine.c.nominal_id, func.array_agg(mine.c.standing).label("standings"))
        .where(mine.c.standing.in_(wanted))
        .group_by(mine.c.nominal_id)
        .subquery()
    )
    found = (
        select(
            Nominal.id,
            Nominal.visor_number,
            Nominal.date_of_birth,
            Nominal.category,
            Nominal.level,
            Nominal.risk_level,
            Nominal.status,
            Name.forenames,
            Name.surname,
            stand.c.standings,
        )
        .join(stand, stand.c.nominal_id == Nominal.id)
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .order_by(Nominal.visor_number)
    )
    return found.where(Nominal.visor_number > after) if after else found
