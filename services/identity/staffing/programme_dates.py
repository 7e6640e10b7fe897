"""A region's own day for an aim of the programme (C-22: dates may flex, the aims may not)."""

from __future__ import annotations

from datetime import date

from services.identity.service import service
from services.identity.staffing.models import ProgrammeDate
from services.identity.staffing.plans import directed_region
from services.identity.staffing.schemas import ProgrammeInput
from shared.declarations import FormPage
from shared.web.schemas import Done
from shared.work import Work


def _may_set(work: Work, *, region: str) -> dict[str, str]:
    """Refuses before anybody types."""
    return {"about": directed_region(work, region).name}


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
        values=_may_set,
    ),
)
def set_programme_date(work: Work, *, region: str, milestone: str, day: date, reason: str) -> None:
    """By the regional probation director, or nationally."""
    directed_region(work, region)
    work.concerns(region=region, milestone=milestone, day=day.isoformat())
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
