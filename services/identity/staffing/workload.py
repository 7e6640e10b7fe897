"""How much work each administrator has, as records counts it each night (PF-0.11.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.people.models import Person, Unit
from services.identity.service import service
from services.identity.staffing.models import Workload
from services.identity.staffing.reach import WHOM, concerns, seen
from services.identity.tokens.holders import ACTIVE, role_in_force
from services.identity.tokens.models import RoleGrant
from shared.events.envelope import Event
from shared.events.records.workload import ADMINISTRATORS, WORKLOAD_COUNTED
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart
from shared.web.schemas import Nothing
from shared.work import Work


@service.on(WORKLOAD_COUNTED)
def take_workload(work: Work, event: Event) -> None:
    """The newest night counts, in whatever order they come; whom this identity does not know is another issuer's."""
    told = WORKLOAD_COUNTED.load(event.data)
    by_id = {one["person_id"]: one | {"counted_on": told["counted_on"]} for one in told["people"]}
    known = work.session.execute(select(Person.id).where(Person.id.in_(by_id))).scalars().all()
    if not known:
        return
    row = insert(Workload).values([by_id[person_id] for person_id in sorted(known)])
    now = {name: row.excluded[name] for name in ("manages", "level_1", "partner_of", "counted_on")}
    newer = Workload.counted_on <= row.excluded.counted_on
    work.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=now, where=newer))


def _by_unit(work: Work) -> Sequence[tuple[Any, ...]]:
    """The most of them: what one administrator of a unit manages at most, and on average."""
    rows = workload(work).subquery()
    most = func.max(rows.c.manages)
    found = (
        select(rows.c.unit_name, most, func.round(func.avg(rows.c.manages)))
        .group_by(rows.c.unit_name)
        .having(most > 0)
        .order_by(most.desc(), rows.c.unit_name)
        .limit(20)
    )
    return [(name, high, int(average)) for name, high, average in work.session.execute(found)]


@service.report(
    "RPT-26-WORKLOAD",
    "Workload of administrators",
    "PF-0.11.3",
    input=Nothing,
    columns=(
        ReportColumn("name", "Administrator", "person", sortable=True),
        ReportColumn("unit_name", "Unit", sortable=True),
        ReportColumn("manages", "Live records managed", "number", total=True, sortable=True),
        ReportColumn("level_1", "Of those, category 2 at level 1", "number", total=True, sortable=True),
        ReportColumn("partner_of", "Partner to live records", "number", total=True, sortable=True),
        ReportColumn("counted_on", "Counted on", "date"),
    ),
    whom=WHOM,
    open_to=concerns,
    intro="Case, MAPPA and prison administrators of your units, and the records that they keep, counted each night."
    " Records of category 2 at level 1 are to fit within the workload that there is.",
    chart=Chart("Records managed by one administrator", ("At most", "On average"), _by_unit),
    empty="No administrator of your units is known.",
)
def workload(work: Work) -> Any:
    """Those who have most first; without a number whoever has not been counted yet."""
    role = select(RoleGrant.id).where(
        RoleGrant.person_id == Person.id, RoleGrant.role.in_(ADMINISTRATORS), role_in_force()
    )
    return (
        select(
            Person.name,
            Person.id.label("name_id"),
            Unit.name.label("unit_name"),
            Workload.manages,
            Workload.level_1,
            Workload.partner_of,
            Workload.counted_on,
        )
        .join(Unit, Unit.code == Person.unit)
        .outerjoin(Workload, Workload.person_id == Person.id)
        .where(ACTIVE, role.exists(), Person.unit.in_(seen(work.principal)))
        .order_by(func.coalesce(Workload.manages, -1).desc(), Person.name, Person.id)
    )
