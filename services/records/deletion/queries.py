"""Requests to delete records, for who decides, and the tombstones of those that were deleted (RPT-15)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate
from sqlalchemy import Select, String, case, cast, func, literal, or_, select, union_all

from services.records.access.authorise import facts
from services.records.access.overseeing import WHOM, oversees
from services.records.access.rules import reach
from services.records.activity_log.models import Entry as LogEntry
from services.records.attachments.models import Entry
from services.records.deletion.commands import PATH, request_of
from services.records.deletion.deciding import may_decide, refuse_other
from services.records.deletion.models import ANSWER, REASON, DeletionRequest, Tombstone
from services.records.deletion.rules import CHECKLIST, GROUNDS, SECOND_ROLES, STATES
from services.records.deletion.schemas import ListAnswer, ListInput, RequestWhole
from services.records.meetings.models import Meeting
from services.records.merging.models import Merge
from services.records.nominals.models import Nominal
from services.records.service import service
from shared.declarations import Page
from shared.directory import read_model
from shared.refusals import Refusal
from shared.reports.columns import ReportColumn
from shared.reports.declared import Chart, Points
from shared.reports.tallying import tallied
from shared.time.columns import london_day_of
from shared.web.display import Person
from shared.web.schemas import Input, Nothing
from shared.work import Work

SHOWN = 200


@service.query(
    "deletion.read",
    path=PATH,
    input=Nothing,
    answer=RequestWhole,
    page=Page("Request to delete a record", "deletion/request.html"),
)
def read(work: Work, *, request_id: UUID) -> dict[str, Any]:
    """What was asked and why, for who decides; of the record itself only its number and how much there is of it."""
    row = request_of(work, request_id)
    refuse_other(work, row.owner_unit)
    record = facts(work, row.nominal_id)
    me = work.principal.person_id
    two = work.policy.flag("deletion.second_approver", work.today)
    open_now = row.state == "requested"
    people = read_model.people(
        work.session, [one for one in (row.requested_by, row.decided_by) if one is not None]
    )

    def who(person_id: UUID | None) -> Person | None:
        if person_id is None:
            return None
        return Person(person_id, people[person_id].name if person_id in people else "a user not known here")

    return {
        **{name: getattr(row, name) for name in _OWN},
        "visor_number": record.visor_number,
        "ground_label": GROUNDS[row.ground],
        "checked": [CHECKLIST[one] for one in CHECKLIST if one in row.checked],
        "reason": work.runtime.readable(row.origin_nominal_id, REASON, row.reason),
        "answer": work.runtime.readable(row.origin_nominal_id, ANSWER, row.answer) if row.answer else None,
        "states": STATES,
        "unit": read_model.unit(work.session, row.owner_unit),
        "requested_who": who(row.requested_by),
        "decided_who": who(row.decided_by),
        "may_decide": open_now and not (two and row.requested_by == me),
        "may_withdraw": open_now and row.owner_unit in _own(work),
        "counts": _counts(work, row.nominal_id),
    }


_OWN = (
    "id",
    "nominal_id",
    "state",
    "ground",
    "owner_unit",
    "requested_by",
    "requested_at",
    "decided_at",
)


def _own(work: Work) -> frozenset[str]:
    units = reach(work.principal)
    return units.cpc | units.deputy


def _counts(work: Work, nominal_id: UUID) -> dict[str, int]:
    tables: dict[str, Any] = {"log": LogEntry, "attachments": Entry, "meetings": Meeting}
    counted = [
        select(func.count())
        .select_from(table)
        .where(table.nominal_id == nominal_id)
        .scalar_subquery()
        .label(name)
        for name, table in tables.items()
    ]
    return dict(work.session.execute(select(*counted)).one()._mapping)  # noqa: SLF001 - its public name


@service.query(
    "deletion.list",
    path="/deletions",
    input=ListInput,
    answer=ListAnswer,
    page=Page("Deletion of records", "deletion/list.html"),
)
def list_requests(work: Work, *, show: str) -> dict[str, Any]:
    """What waits for a second person, what was decided, or what was deleted, of the owners over whom one decides."""
    owners = _owners(work)
    if not owners:
        role = "the CPC, her deputy, the Head of Public Protection or the data protection officer"
        code = "R30" if work.principal.agency_kind == "prison" else "R32"
        raise Refusal(code, role=role)
    requests, tombstones = _requests(work, owners, show), _tombstones(work, owners, show)
    work.concerns(count=len(requests) + len(tombstones))
    return {
        "requests": requests,
        "tombstones": tombstones,
        "grounds": GROUNDS,
        "states": STATES,
        "numbers": _numbers(work, requests),
        "units": read_model.units(
            work.session, [*(one.owner_unit for one in requests), *(one.owner_unit for one in tombstones)]
        ),
        "people": read_model.people(
            work.session, [id for one in tombstones for id in (one.requested_by, one.approved_by) if id]
        ),
    }


def _owners(work: Work) -> set[str]:
    """Owners for whom the principal decides: hers, and those below the units of a role that may."""
    principal = work.principal
    if principal.agency_kind == "prison":
        return set()
    roles = principal.units_with_role(*SECOND_ROLES)
    below = {code for unit in roles for code in read_model.below(work.session, unit)}
    return {one for one in _own(work) | below if may_decide(work, principal, one)}


def _requests(work: Work, owners: set[str], show: str) -> list[DeletionRequest]:
    if show == "deleted":
        return []
    state = DeletionRequest.state == "requested" if show == "open" else DeletionRequest.state != "requested"
    found = select(DeletionRequest).where(DeletionRequest.owner_unit.in_(owners), state)
    return list(work.session.scalars(found.order_by(DeletionRequest.id.desc()).limit(SHOWN)))


def _tombstones(work: Work, owners: set[str], show: str) -> list[Tombstone]:
    if show != "deleted":
        return []
    found = select(Tombstone).where(Tombstone.owner_unit.in_(owners))
    return list(work.session.scalars(found.order_by(Tombstone.id.desc()).limit(SHOWN)))


def _numbers(work: Work, rows: list[DeletionRequest]) -> dict[UUID, str]:
    found = select(Nominal.id, Nominal.visor_number).where(Nominal.id.in_([row.nominal_id for row in rows]))
    return {row.id: row.visor_number for row in work.session.execute(found)}


DELETED, MERGED, UNDONE = WHAT = ("Deleted", "Merged", "Merge undone")


class DeletedFilter(Input):
    show = fields.String(
        load_default="all",
        validate=validate.OneOf(["all", "deleted", "merged"]),
        metadata={
            "label": "Show",
            "options": [("all", "All"), ("deleted", "Deletions"), ("merged", "Merges")],
            "widget": "select",
        },
    )


@service.report(
    "RPT-15",
    "Deletions and merges",
    "PF-4.16i.3",
    "PF-4.16m",
    input=DeletedFilter,
    columns=(
        ReportColumn("what", "What", "tag", colours={DELETED: "red", MERGED: "green", UNDONE: "purple"}),
        ReportColumn("visor_number", "ViSOR number", sortable=True),
        ReportColumn("into_number", "Merged into"),
        ReportColumn("ground", "Ground"),
        ReportColumn("at", "On", "moment", sortable=True),
        ReportColumn("asked_by_name", "Asked or proposed by"),
        ReportColumn("decided_by_name", "Decided by"),
        ReportColumn("rows", "Rows deleted", "number", total=True),
    ),
    whom=WHOM,
    open_to=oversees,
    intro="What was deleted says nothing of the person: only that the record was, why it is not, and who decided.",
    chart=Chart(
        "Deletions and merges by year", WHAT, lambda work, *, show: _by_year(work, show), kind="stacked"
    ),
    empty="No record was deleted or merged.",
)
def deletions_and_merges(work: Work, *, show: str) -> Select[Any]:
    """The latest first, of the areas and forces of which one is CPC."""
    owners = _own(work)
    both = []
    if show in {"all", "deleted"}:
        both.append(_deleted(work, owners))
    if show in {"all", "merged"}:
        both.append(_merged(work, owners))
    rows = union_all(*both).subquery("rows")
    return select(rows).order_by(rows.c.at.desc(), rows.c.visor_number)


def _by_year(work: Work, show: str) -> Points:
    rows = deletions_and_merges(work, show=show).subquery().c
    years = select(func.to_char(london_day_of(rows.at), "YYYY").label("year"), rows.what)
    return sorted(tallied(work, years, "year", "what", WHAT))


def _named(work: Work, column: Any) -> Any:
    person = work.runtime.service.tables.directory.person.c
    return select(person.name).where(person.id == column).scalar_subquery()


def _deleted(work: Work, owners: frozenset[str]) -> Any:
    ground = case(*((Tombstone.ground == code, literal(said)) for code, said in GROUNDS.items()))
    return select(
        literal(DELETED).label("what"),
        Tombstone.visor_number.label("visor_number"),
        cast(literal(None), String).label("into_number"),
        ground.label("ground"),
        Tombstone.deleted_at.label("at"),
        _named(work, Tombstone.requested_by).label("asked_by_name"),
        _named(work, Tombstone.approved_by).label("decided_by_name"),
        Tombstone.rows.label("rows"),
    ).where(Tombstone.owner_unit.in_(owners))


def _merged(work: Work, owners: frozenset[str]) -> Any:
    def number(column: Any) -> Any:
        return select(Nominal.visor_number).where(Nominal.id == column).scalar_subquery()

    return select(
        case((Merge.state == "undone", UNDONE), else_=MERGED).label("what"),
        number(Merge.gone_id).label("visor_number"),
        number(Merge.nominal_id).label("into_number"),
        cast(literal(None), String).label("ground"),
        func.coalesce(Merge.undone_at, Merge.decided_at).label("at"),
        _named(work, Merge.proposed_by).label("asked_by_name"),
        _named(work, func.coalesce(Merge.undone_by, Merge.decided_by)).label("decided_by_name"),
        cast(literal(None), Tombstone.rows.type).label("rows"),
    ).where(
        Merge.state.in_(("merged", "undone")),
        or_(Merge.into_owner.in_(owners), Merge.gone_owner.in_(owners)),
    )
