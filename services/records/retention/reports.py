"""RPT-14: what is archived or ready to be, and what is to be reviewed, where one is CPC (PF-4.16c, SC-17.12.4)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, case, func, literal, select

from services.records.access.overseeing import WHOM, oversees
from services.records.access.standings import standings
from services.records.archiving.models import Archiving, ReadyToArchive
from services.records.archiving.rules import GROUNDS
from services.records.nominals.models import Name, Nominal
from services.records.retention.models import RetentionReview
from services.records.service import service
from shared.directory.tables import DIRECTORY
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Points
from shared.reports.tallying import tallied
from shared.time.columns import london_day_of
from shared.web.schemas import Input
from shared.work import Work

ARCHIVED, READY, REVIEW = "Archived", "Ready to archive", "Review due"
STATES = (REVIEW, READY, ARCHIVED)
_unit = DIRECTORY.unit.c


class ArchiveFilter(Input):
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "archived", "ready", "review"], ["All", ARCHIVED, READY, REVIEW]),
        metadata={
            "label": "Show",
            "options": [("all", "All"), ("archived", ARCHIVED), ("ready", READY), ("review", REVIEW)],
            "widget": "select",
        },
    )


def _by_unit(work: Work, *, show: str) -> Points:
    rows = archive_report(work, show=show)
    return tallied(work, rows, "unit_name", "state", STATES)


@service.report(
    "RPT-14",
    "Archive and retention",
    "PF-4.16c",
    "PF-7/To do list.3",
    "SC-17.12.4",
    input=ArchiveFilter,
    columns=(
        ReportColumn("visor_number", "ViSOR number", href="url", sortable=True),
        ReportColumn("nominal_name", "Nominal"),
        ReportColumn("unit_name", "Managing unit", sortable=True),
        ReportColumn("state", "State", "tag", colours={ARCHIVED: "grey", READY: "yellow", REVIEW: "red"}),
        ReportColumn("ground", "Why"),
        ReportColumn("since", "Since", "date", sortable=True),
        ReportColumn("archived_on", "Archived on", "date", sortable=True),
        ReportColumn("partnerships_end_on", "Partnerships end", "date", sortable=True),
        ReportColumn("born_on", "Born", "date", sortable=True),
        ReportColumn("review_on", "Retention review", "date", sortable=True),
    ),
    whom=WHOM,
    open_to=oversees,
    intro="The records of your area or force that are archived or ready to be, or whose retention review waits.",
    chart=Chart("Records by managing unit", STATES, _by_unit, kind="stacked"),
    empty="None of your records is archived or ready to be, and no review waits.",
)
def archive_report(work: Work, *, show: str) -> Select[Any]:
    """Reviews first, then those that wait longest to be archived."""
    over = standings(work.principal)
    own = select(over.c.nominal_id).where(
        over.c.nominal_id == Nominal.id, over.c.standing.in_(("cpc", "deputy"))
    )
    archived = Nominal.status == "archived"
    due = RetentionReview.id.is_not(None)
    ground = func.coalesce(ReadyToArchive.ground, Archiving.ground)
    found = (
        select(
            Nominal.id.label("nominal_id"),
            Nominal.visor_number,
            func.concat("/records/nominals/", Nominal.id, "/archive").label("url"),
            func.trim(func.concat(Name.forenames, " ", Name.surname)).label("nominal_name"),
            func.coalesce(_unit.name, Nominal.managing_unit).label("unit_name"),
            case((due, literal(REVIEW)), (archived, literal(ARCHIVED)), else_=literal(READY)).label("state"),
            case(*((ground == code, literal(said)) for code, said in GROUNDS.items())).label("ground"),
            ReadyToArchive.since,
            london_day_of(Archiving.archived_at).label("archived_on"),
            Archiving.partnerships_end_on,
            Nominal.date_of_birth.label("born_on"),
            RetentionReview.review_on,
        )
        .join(Name, (Name.nominal_id == Nominal.id) & (Name.kind == "main"))
        .outerjoin(DIRECTORY.unit, _unit.code == Nominal.managing_unit)
        .outerjoin(ReadyToArchive, ReadyToArchive.nominal_id == Nominal.id)
        .outerjoin(Archiving, (Archiving.nominal_id == Nominal.id) & Archiving.unarchived_at.is_(None))
        .outerjoin(
            RetentionReview, (RetentionReview.nominal_id == Nominal.id) & RetentionReview.outcome.is_(None)
        )
        .where(own.exists(), archived | ReadyToArchive.id.is_not(None) | due)
        .order_by(
            RetentionReview.review_on,
            archived,
            ReadyToArchive.since,
            Archiving.archived_at.desc(),
            Nominal.id,
        )
    )
    wanted = {"archived": archived, "ready": ReadyToArchive.id.is_not(None), "review": due}
    return found.where(wanted[show]) if show in wanted else found
