"""A region's own day for an aim of the programme (C-22: dates may flex, the aims may not)."""

from __future__ import annotations

from datetime import date

from services.identity.people.models import Unit
from services.identity.scope import is_national
from services.identity.service import service
from services.identity.staffing.declarations import DIRECTOR
from services.identity.staffing.models import ProgrammeDate
from services.identity.staffing.schemas import ProgrammeInput
from shared.declarations import FormPage
from shared.refusals import NotFound, Refusal
from shared.web.schemas import Done
from shared.work import Work


@service.command(
    "staffing.set_programme_date",
    path="/staffing/regions/<string:region>/programme",
    input=ProgrammeInput,
    answer=Done,
    form=FormPage(
        path="/staffing/regions/<string:region>/programme/new",
        title="Set the region’s day for an aim of the programme",
        button="Set the day",
        done="The region’s day has been set.",
        next="/reports/rpt-26-programme",
    ),
)
def set_programme_date(work: Work, *, region: str, milestone: str, day: date, reason: str) -> None:
    """By the regional probation director, or nationally."""
    found = work.session.get(Unit, region)
    if found is None or found.kind != "region":
        raise NotFound
    work.concerns(region=region, milestone=milestone, day=day.isoformat())
    if not (is_national(work.principal) or region in work.principal.units_with_role(DIRECTOR)):
        raise Refusal("R32", role="regional probation director")
    work.session.merge(
        ProgrammeDate(
            region=region,
            milestone=milestone,
            day=day,
            reason=reason,
            set_by=work.principal.person_id,
            set_at=work.system_now,
        )
    )
